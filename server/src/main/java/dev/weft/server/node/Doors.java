// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.amqp.AmqpDoor;
import dev.weft.mqtt.MqttDoor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Sends each request of the one port to the door that it rings at, by the raw path: an encoded
 * slash is data (wire reference, rule 6). Runs on event loops.
 *
 * @param rest messaging, management and token paths
 * @param caFile null without TLS
 */
record Doors(
    WebSocketGateway amqp,
    WebSocketGateway mqtt,
    OperatorApi operator,
    Router rest,
    @Nullable Path caFile) {
  void handle(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    if (path.equals(AmqpDoor.PATH)) {
      amqp.handle(request);
    } else if (path.equals(MqttDoor.PATH)) {
      mqtt.handle(request);
    } else if (path.startsWith(OperatorApi.PATH)) {
      operator.handle(request);
    } else if (path.startsWith("/health/")) {
      health(request, path.substring("/health/".length()));
    } else if (path.equals("/ca.pem") && caFile != null) {
      request.response().putHeader("Content-Type", "application/x-pem-file");
      var _ = request.response().sendFile(caFile.toString());
    } else {
      rest.handle(request);
    }
  }

  private static void health(HttpServerRequest request, String kind) {
    switch (kind) {
      case "live", "ready", "started" ->
          Answers.text(request.response(), 200, "text/plain", kind + "\n");
      default -> Answers.nothingHere(request.response());
    }
  }
}
