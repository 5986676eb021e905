// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.refusals;

import dev.weft.acceptance.wire.Mesh;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The WebSocket upgrade alone, without AMQP behind it. */
final class Upgrade {
  private static final int SWITCHING_PROTOCOLS = 101;

  private Upgrade() {}

  /**
   * The status of the answer to an upgrade.
   *
   * @param token sent as a bearer token; null sends none
   */
  static int status(Mesh mesh, @Nullable String token) {
    return status(mesh.key().amqp(), "amqp", token);
  }

  /** The same for any path; a subprotocol that is not answered counts as 0. */
  static int status(URI address, String subprotocol, @Nullable String token) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      WebSocket.Builder builder = http.newWebSocketBuilder().subprotocols(subprotocol);
      if (token != null) {
        builder.header("Authorization", "Bearer " + token);
      }
      WebSocket socket = builder.buildAsync(address, new WebSocket.Listener() {}).join();
      socket.abort();
      return socket.getSubprotocol().equals(subprotocol) ? SWITCHING_PROTOCOLS : 0;
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }
}
