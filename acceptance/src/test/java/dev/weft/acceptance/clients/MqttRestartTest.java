// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions, what they missed, and retained messages outlive the process (MQTT-4.1.0-1, R-101). */
class MqttRestartTest {
  @TempDir Path folder;

  static Stream<Named<Consumer<WeftServer>>> ends() {
    return Stream.of(
        Named.of("SIGTERM", server -> assertThat(server.stop()).isZero()),
        Named.of("SIGKILL", WeftServer::kill));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void aSessionGetsWhatItMissed(Consumer<WeftServer> end) throws Exception {
    String[] options = {"--port", freePort(), "--tls", "off"};
    WeftServer first = WeftServer.start(folder, SharedWeft.LANDSCAPE, options);
    Mesh before = first.mesh("shop", "default");
    PahoTest.Paho client = new PahoTest.Paho(before);
    String topic = before.named("device/state");
    client.leave("device-7", before.named("device/#"));
    for (String body : new String[] {"old", "new"}) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      assertThat(client.publish(topic, 1, true, bytes)).isEqualTo(MqttClient.ACKNOWLEDGED);
    }

    end.accept(first);

    try (WeftServer second = WeftServer.startAgain(folder, options)) {
      PahoTest.Paho after = new PahoTest.Paho(second.mesh("shop", "default"));
      MqttClient.Return returned = after.comeBack("device-7", 2);
      assertThat(returned.sessionPresent()).isTrue();
      assertThat(returned.heard())
          .containsExactly(
              new MqttClient.Heard(topic, "old", 1, false),
              new MqttClient.Heard(topic, "new", 1, false));
      assertThat(after.echo(topic, 1, before.named("other"), "nobody's", 1))
          .containsExactly(new MqttClient.Heard(topic, "new", 1, true));
      assertThat(second.log()).doesNotContain("the catalogue does not know");
    }
  }

  /** Keys name the port, so both starts need the same one. */
  private static String freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }
}
