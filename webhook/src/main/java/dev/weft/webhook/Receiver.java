// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;

/**
 * The other side of one subscription: an endpoint and how we prove ourselves to it. On 401 a token
 * is fetched anew and the request repeated once. Belongs to the subscription's event loop.
 */
final class Receiver {
  private final Endpoint endpoint;
  private final Credentials credentials;
  private final Sender sender;

  Receiver(Endpoint endpoint, Credentials credentials, Sender sender) {
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.sender = sender;
  }

  /**
   * @param headers without {@code Authorization}
   */
  Future<Outcome> send(HttpMethod method, MultiMap headers, Buffer body) {
    return send(method, headers, body, true);
  }

  private Future<Outcome> send(HttpMethod method, MultiMap headers, Buffer body, boolean again) {
    return credentials
        .authorization()
        .compose(
            authorization ->
                switch (authorization) {
                  case Credentials.Authorization.Unavailable unavailable ->
                      Future.succeededFuture(new Outcome.Unanswered(unavailable.reason()));
                  case Credentials.Authorization.Ready ready ->
                      send(method, headers, body, again, ready);
                });
  }

  private Future<Outcome> send(
      HttpMethod method,
      MultiMap headers,
      Buffer body,
      boolean again,
      Credentials.Authorization.Ready ready) {
    MultiMap all = HttpHeaders.headers();
    if (ready.header() != null) {
      all.add(HttpHeaders.AUTHORIZATION, ready.header());
    }
    all.addAll(headers);
    return sender
        .send(method, endpoint, all, body)
        .compose(
            outcome ->
                again && unauthorized(outcome) && credentials.refused(ready.header())
                    ? send(method, headers, body, false)
                    : Future.succeededFuture(outcome));
  }

  private static boolean unauthorized(Outcome outcome) {
    return outcome instanceof Outcome.Answered answered && answered.status() == 401;
  }
}
