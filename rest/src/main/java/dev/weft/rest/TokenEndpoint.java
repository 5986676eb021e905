// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.AccessControl;
import dev.weft.access.TokenRequest;
import dev.weft.access.TokenResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /oauth/token} and its keys (wire reference 3). What a request means is access's matter.
 */
final class TokenEndpoint {
  private static final String CHALLENGE = "Basic realm=\"weft\"";

  private final AccessControl access;
  private final BlockingWork blocking;
  private final int bodyBytesMax;

  TokenEndpoint(AccessControl access, BlockingWork blocking, RestSettings settings) {
    this.access = access;
    this.blocking = blocking;
    bodyBytesMax = settings.documentBytesMax();
  }

  /** Call it in the turn in which the request arrived. */
  Future<Answer> token(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.POST)) {
      return Future.failedFuture(Api.wrongMethod("GET, POST"));
    }
    return RequestBody.read(request, bodyBytesMax)
        .compose(body -> blocking.run(() -> answer(access.grant(tokenRequest(request, body)))));
  }

  Future<Answer> keys(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET)) {
      return Future.failedFuture(Api.wrongMethod("GET"));
    }
    return Future.succeededFuture(Answer.json(200, access.tokenKeys()));
  }

  private static TokenRequest tokenRequest(HttpServerRequest request, Buffer body) {
    return new TokenRequest(
        request.getHeader("Authorization"),
        request.query(),
        body.length() == 0 ? null : body.getBytes(),
        request.getHeader("Content-Type"),
        request.getHeader("x-zid"),
        request.remoteAddress().hostAddress());
  }

  private static Answer answer(TokenResult result) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    Answer answer =
        switch (result) {
          case TokenResult.Granted granted -> {
            document
                .put("access_token", granted.accessToken())
                .put("token_type", "bearer")
                .put("expires_in", granted.expiresInSeconds())
                .put("scope", granted.scope())
                .put("jti", granted.jti());
            yield Answer.json(200, document);
          }
          case TokenResult.Refused refused -> {
            document.put("error", refused.error()).put("error_description", refused.description());
            Answer refusal = Answer.json(refused.status(), document);
            if (refused.retryAfterSeconds() > 0) {
              yield refusal.with("Retry-After", Long.toString(refused.retryAfterSeconds()));
            }
            yield refused.status() == 401 ? refusal.with("WWW-Authenticate", CHALLENGE) : refusal;
          }
        };
    return answer.with("Cache-Control", "no-store").with("Pragma", "no-cache");
  }
}
