// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.restart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queues, subscriptions, keys, tokens and messages outlive the process (R-101, wire 9.2). */
class RestartTest {
  @TempDir Path folder;

  static Stream<Named<Consumer<WeftServer>>> ends() {
    return Stream.of(
        Named.of("SIGTERM", server -> assertThat(server.stop()).isZero()),
        Named.of("SIGKILL", WeftServer::kill));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void everythingIsStillThere(Consumer<WeftServer> end) throws Exception {
    String port = Integer.toString(freePort());
    String[] options = {"--port", port, "--tls", "off"};
    WeftServer first = WeftServer.start(folder, SharedWeft.LANDSCAPE, options);
    Mesh before = first.mesh("shop", "default");
    String topic = before.named("orders/created");
    String queue = before.declare(before.named("orders"), "{\"maxRedeliveryCount\":7}", topic);
    assertThat(before.publishToTopic(topic, "one").statusCode()).isEqualTo(204);
    assertThat(before.publishToTopic(topic, "two").statusCode()).isEqualTo(204);

    end.accept(first);

    try (WeftServer second = WeftServer.startAgain(folder, options)) {
      Mesh after = second.mesh("shop", "default");
      assertThat(after.key()).isEqualTo(before.key());
      assertThat(before.queue(queue).statusCode()).as("a token of before").isEqualTo(200);
      assertThat(Mesh.json(after.queue(queue)).path("maxRedeliveryCount").asInt()).isEqualTo(7);
      assertThat(after.subscriptions(queue)).containsExactly(topic);
      assertThat(after.messageCount(queue)).isEqualTo(2);
      assertThat(after.consume(queue, 0).body()).isEqualTo("one");
      assertThat(after.consume(queue, 0).body()).isEqualTo("two");
      assertThat(after.consume(queue, 0).statusCode()).isEqualTo(204);
    }
  }

  /** Keys name the port, so both starts need the same one. */
  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
