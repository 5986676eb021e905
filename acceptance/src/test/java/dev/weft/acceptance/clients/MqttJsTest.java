// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import dev.weft.acceptance.wire.Mesh;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import tools.jackson.databind.JsonNode;

/** MQTT.js, the MQTT client of the Node.js world, over WebSocket. */
class MqttJsTest extends MqttClientContract {
  @BeforeAll
  static void install() throws IOException {
    NodeFolder.install();
  }

  @Override
  MqttClient client(Mesh mesh) {
    return new MqttJs(
        new ForeignScript(
            NodeFolder.command("mqtt-client.js"),
            Map.of("WEFT_URI", mesh.key().mqtt().toString(), "WEFT_TOKEN", mesh.token())));
  }

  private record MqttJs(ForeignScript script) implements MqttClient {
    /** A command line has no room for a megabyte: longer bodies are made by the script. */
    private static String body(byte[] bytes) {
      return bytes.length > 1_000
          ? "zeros:" + bytes.length
          : "base64:" + Base64.getEncoder().encodeToString(bytes);
    }

    private static List<Heard> heard(JsonNode answer) {
      List<Heard> heard = new ArrayList<>();
      for (JsonNode each : answer.path("heard")) {
        heard.add(
            new Heard(
                each.path("topic").asString(),
                each.path("body").asString(),
                each.path("qos").asInt(),
                each.path("retained").asBoolean()));
      }
      return heard;
    }

    @Override
    public String publish(String topic, int qos, boolean retain, byte[] body) throws IOException {
      return script
          .ask("publish", topic, "" + qos, "" + retain, body(body))
          .path("outcome")
          .asString();
    }

    @Override
    public int subscribe(String filter, int qos) throws IOException {
      return script.ask("subscribe", filter, "" + qos).path("granted").asInt();
    }

    @Override
    public List<Heard> echo(String filter, int qos, String topic, String body, int messages)
        throws IOException {
      String given = body.length() > 1_000 ? "letters:" + body.length() : "text:" + body;
      return heard(script.ask("echo", filter, "" + qos, topic, given, "" + messages));
    }

    @Override
    public void leave(String clientId, String filter) throws IOException {
      script.ask("leave", clientId, filter);
    }

    @Override
    public Return comeBack(String clientId, int messages) throws IOException {
      JsonNode answer = script.ask("return", clientId, "" + messages);
      return new Return(answer.path("sessionPresent").asBoolean(), heard(answer));
    }
  }
}
