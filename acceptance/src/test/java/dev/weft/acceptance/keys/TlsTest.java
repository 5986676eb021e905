// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.keys;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.ConnectionOptions;
import org.apache.qpid.protonj2.client.Delivery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS as it is without any option: an authority of the server's own (D10). */
class TlsTest {
  private static final long TIMEOUT_SECONDS = 30;

  @Test
  void everyDoorSpeaksTlsUnderTheServersOwnAuthority(@TempDir Path folder) throws Exception {
    try (WeftServer server = WeftServer.start(folder, SharedWeft.LANDSCAPE, "--port", "0")) {
      assertThat(server.url().getScheme()).isEqualTo("https");
      Mesh mesh = server.mesh("shop", "default");
      assertThat(mesh.key().amqp().getScheme()).isEqualTo("wss");
      String topic = mesh.named("orders/created");
      String queue = mesh.declare(mesh.named("orders"), "{}", topic);

      assertThat(mesh.publishToTopic(topic, "over TLS").statusCode()).isEqualTo(204);

      assertThat(receive(mesh, queue)).isEqualTo("over TLS");
      assertThatThrownBy(() -> strangerAsks(server.url()))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  private static String receive(Mesh mesh, String queue) throws Exception {
    URI gateway = mesh.key().amqp();
    var options = new ConnectionOptions().sslEnabled(true);
    options
        .transportOptions()
        .useWebSockets(true)
        .webSocketPath(gateway.getPath())
        .addWebSocketHeader("Authorization", "Bearer " + mesh.token())
        .allowNativeIO(false);
    options.sslOptions().allowNativeSSL(false).sslContextOverride(requireNonNull(mesh.trust()));
    try (Client client = Client.create();
        Connection connection = client.connect(gateway.getHost(), gateway.getPort(), options)) {
      Delivery delivery =
          requireNonNull(
              connection.openReceiver("queue:" + queue).receive(TIMEOUT_SECONDS, TimeUnit.SECONDS),
              "no delivery");
      return new String(
          (byte[]) delivery.message().body(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /** A client that trusts the world's authorities only. */
  private static int strangerAsks(URI url) throws Exception {
    try (HttpClient stranger = HttpClient.newHttpClient()) {
      return stranger
          .send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }
}
