// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.producer.ChannelFailure;
import dev.weft.producer.GatewayConnection;
import dev.weft.producer.ServiceKeyDocument;
import dev.weft.producer.Trust;
import dev.weft.server.node.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/**
 * Whose credentials a message goes with: a service key from a file, or one of the running server.
 */
final class KeyChoice {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Service key to use; then no server on this machine is needed")
  private @Nullable Path file;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM file of the CA to trust, with --key. Default: those of the Java runtime")
  private @Nullable Path ca;

  @Option(
      names = "--instance",
      paramLabel = "NAME[/KEY]",
      description =
          "Instance and key of the running server. Default: the only instance, its first key")
  private @Nullable String instance;

  /** Whether the command line names one. */
  boolean isGiven() {
    return file != null || instance != null;
  }

  GatewayConnection connect(OperatorClient operator) {
    try {
      return GatewayConnection.open(document(operator), trust(operator));
    } catch (ChannelFailure e) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  ServiceKeyDocument document(OperatorClient operator) {
    try {
      return file != null
          ? ServiceKeyDocument.read(file)
          : ServiceKeyDocument.parse(key(operator).toString());
    } catch (ChannelFailure e) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  @Nullable SSLContext trust(OperatorClient operator) throws ChannelFailure {
    if (ca != null) {
      return Trust.of(ca);
    }
    return file != null ? null : operator.trust();
  }

  private JsonNode key(OperatorClient operator) {
    JsonNode instances = operator.get("instances");
    String[] wanted = instance == null ? new String[0] : instance.split("/", 2);
    List<String> names = new ArrayList<>();
    for (JsonNode each : instances) {
      String name = each.path("name").asString();
      names.add(name);
      boolean meant = wanted.length == 0 ? instances.size() == 1 : wanted[0].equals(name);
      if (meant) {
        String key = wanted.length == 2 ? wanted[1] : each.path("keys").path(0).asString("");
        if (key.isEmpty()) {
          throw new CommandFailure(ExitCode.USAGE, "The instance '" + name + "' has no key.");
        }
        return operator.get(
            "instances/" + OperatorClient.encoded(name) + "/keys/" + OperatorClient.encoded(key));
      }
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "Choose one of the instances with --instance: " + String.join(", ", names) + ".");
  }
}
