// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.access.AccessControl;
import dev.weft.access.Caller;
import dev.weft.access.InvalidToken;
import dev.weft.broker.ConnectionQuota;
import dev.weft.queue.MeshException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upgrade to a messaging protocol over WebSocket (wire reference 4.1, 5): the token is checked
 * before the upgrade, so that a refusal is plain HTTP that every client can show. Runs on the
 * connection's event loop.
 */
final class WebSocketGateway {
  /** The door behind: takes over the socket in the turn of its upgrade. */
  interface Entrance {
    void accept(ServerWebSocket socket, Caller caller, ConnectionQuota.Lease lease);
  }

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketGateway.class);
  private static final String BEARER = "Bearer ";

  /** The text of the original; clients print it. */
  private static final String TOO_MANY = "connection rejected (too much connections)";

  private final AccessControl access;
  private final ConnectionQuota quota;
  private final String protocol;
  private final Entrance entrance;

  /**
   * @param protocol its name, for answers
   */
  WebSocketGateway(
      AccessControl access, ConnectionQuota quota, String protocol, Entrance entrance) {
    this.access = access;
    this.quota = quota;
    this.protocol = protocol;
    this.entrance = entrance;
  }

  void handle(HttpServerRequest request) {
    Caller caller = caller(request);
    if (caller == null) {
      return;
    }
    if (!caller.instance().messaging()) {
      Answers.error(
          request.response(), 403, "FORBIDDEN", "The service instance has no option 'messaging'");
      return;
    }
    if (!isUpgrade(request)) {
      request.response().putHeader("Upgrade", "websocket");
      Answers.error(
          request.response(),
          426,
          "UPGRADE_REQUIRED",
          "This path speaks " + protocol + " over WebSocket");
      return;
    }
    ConnectionQuota.Lease lease;
    try {
      lease = quota.acquire(caller.instance());
    } catch (MeshException.LimitReached e) {
      LOG.atWarn()
          .addKeyValue("instance", caller.instance().name())
          .addKeyValue("max", quota.max())
          .log("Connection refused, the instance has as many as it may");
      Answers.text(request.response(), 503, "text/plain", TOO_MANY);
      return;
    }
    request
        .toWebSocket()
        .onFailure(failure -> lease.release())
        .onSuccess(socket -> entrance.accept(socket, caller, lease));
  }

  private @Nullable Caller caller(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, 7)) {
      Answers.unauthorized(request.response(), "A bearer token is needed");
      return null;
    }
    try {
      return access.verify(authorization.substring(BEARER.length()).strip());
    } catch (InvalidToken e) {
      LOG.atDebug().addKeyValue("reason", e.reason()).log("Upgrade refused");
      Answers.unauthorized(request.response(), "The token is not valid: " + e.reason().words());
      return null;
    }
  }

  private static boolean isUpgrade(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET)
        && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
  }
}
