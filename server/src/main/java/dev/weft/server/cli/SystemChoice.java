// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.access.TopicPattern;
import dev.weft.producer.CatalogueEvent;
import dev.weft.producer.ChannelFailure;
import dev.weft.producer.ServiceKeyDocument;
import dev.weft.server.landscape.NearestWord;
import dev.weft.server.node.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Which system of the landscape raises an event, and by which of its channels it leaves. */
final class SystemChoice {
  @Option(
      names = "--system",
      paramLabel = "NAME",
      description =
          "System of the landscape that raises --event; it leaves by each channel with a binding"
              + " for it")
  private @Nullable String system;

  @Option(names = "--channel", paramLabel = "NAME", description = "Only this channel of the system")
  private @Nullable String channel;

  /** A way out of the system. */
  record Exit(String channel, ServiceKeyDocument key) {
    String words() {
      return channel.isEmpty() ? "" : " by channel " + channel;
    }
  }

  @Nullable String system() {
    return system;
  }

  /**
   * The channels whose bindings cover the event.
   *
   * @throws CommandFailure if there is none
   */
  List<Exit> exits(OperatorClient operator, CatalogueEvent event) {
    String name = String.valueOf(system);
    JsonNode found = named(operator.get("systems"), name, "There is no system '" + name + "'");
    JsonNode channels = found.path("channels");
    List<JsonNode> candidates = new ArrayList<>();
    if (channel == null) {
      channels.forEach(candidates::add);
    } else {
      candidates.add(
          named(channels, channel, "System " + name + " has no channel '" + channel + "'"));
    }
    List<Exit> exits = new ArrayList<>();
    List<String> bindings = new ArrayList<>();
    for (JsonNode each : candidates) {
      if (covers(each.path("bindings"), event)) {
        exits.add(new Exit(each.path("name").asString(), key(operator, each.path("serviceKey"))));
      }
      each.path("bindings").forEach(binding -> bindings.add(binding.asString()));
    }
    if (exits.isEmpty()) {
      throw new CommandFailure(
          ExitCode.FAILED,
          (channel == null ? "No channel of system " + name : "Channel " + channel)
              + " has a binding for "
              + filtered(event)
              + (bindings.isEmpty() ? "" : ", only for " + String.join(", ", bindings)));
    }
    return exits;
  }

  private static JsonNode named(JsonNode list, String name, String problem) {
    List<String> names = new ArrayList<>();
    for (JsonNode each : list) {
      if (each.path("name").asString().equals(name)) {
        return each;
      }
      names.add(each.path("name").asString());
    }
    throw new CommandFailure(ExitCode.USAGE, problem + NearestWord.hint(names, name));
  }

  /** What bindings filter on: the topic behind the topic space and its {@code ce}. */
  private static String filtered(CatalogueEvent event) {
    return event.topicSuffix().substring("ce/".length());
  }

  private static boolean covers(JsonNode bindings, CatalogueEvent event) {
    for (JsonNode binding : bindings) {
      if (new TopicPattern(binding.asString()).matches(filtered(event))) {
        return true;
      }
    }
    return false;
  }

  private static ServiceKeyDocument key(OperatorClient operator, JsonNode serviceKey) {
    String instance = OperatorClient.encoded(serviceKey.path("instance").asString());
    String key = OperatorClient.encoded(serviceKey.path("key").asString());
    try {
      return ServiceKeyDocument.parse(
          operator.get("instances/" + instance + "/keys/" + key).toString());
    } catch (ChannelFailure e) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
