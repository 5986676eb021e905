// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "key",
    description = "Prints a service key as JSON. It holds a secret.",
    mixinStandardHelpOptions = true)
final class KeyCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private OperatorClient operator;

  @Parameters(index = "0", paramLabel = "INSTANCE")
  private String instance = "";

  @Parameters(index = "1", paramLabel = "KEY")
  private String key = "";

  @Override
  public void run() {
    var document =
        operator.get(
            "instances/"
                + OperatorClient.encoded(instance)
                + "/keys/"
                + OperatorClient.encoded(key));
    var out = spec.commandLine().getOut();
    out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document));
    out.flush();
  }
}
