// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import dev.weft.broker.WebhookAuth;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code Authorization} header of one subscription's requests. A token of the client
 * credentials grant is fetched once for all that wait, and kept until shortly before it expires
 * (wire reference 7.4). Belongs to the subscription's event loop.
 */
final class Credentials {
  /** What UAA clients assume when {@code expires_in} is missing. */
  private static final long DEFAULT_LIFETIME_SECONDS = 3600;

  /** A token is renewed this long before its end, or at nine tenths of a shorter life. */
  private static final long MARGIN_SECONDS = 60;

  private static final JsonMapper JSON = new JsonMapper();

  private final WebhookAuth auth;
  private final Sender sender;
  private final InstantSource clock;
  private @Nullable Token token;
  private @Nullable Future<Authorization> fetching;

  /** A header, or why there is none. */
  sealed interface Authorization {
    /**
     * @param header null when the receiver wants none
     */
    record Ready(@Nullable String header) implements Authorization {
      /** Never the header. */
      @Override
      public String toString() {
        return "Ready";
      }
    }

    record Unavailable(String reason) implements Authorization {}
  }

  private record Token(String header, Instant renewAt) {
    @Override
    public String toString() {
      return "Token[until " + renewAt + "]";
    }
  }

  Credentials(WebhookAuth auth, Sender sender, InstantSource clock) {
    this.auth = auth;
    this.sender = sender;
    this.clock = clock;
  }

  /** The header for the next request. */
  Future<Authorization> authorization() {
    return switch (auth) {
      case WebhookAuth.None none -> ready(null);
      case WebhookAuth.Basic basic -> ready(basic(basic.user(), basic.password()));
      case WebhookAuth.OAuth2 oauth -> token(oauth);
    };
  }

  /**
   * The receiver answered 401.
   *
   * @return whether asking again for a header may help
   */
  boolean refused(@Nullable String header) {
    if (!(auth instanceof WebhookAuth.OAuth2)) {
      return false;
    }
    if (token != null && token.header().equals(header)) {
      token = null;
    }
    return true;
  }

  private Future<Authorization> token(WebhookAuth.OAuth2 oauth) {
    if (token != null && clock.instant().isBefore(token.renewAt())) {
      return ready(token.header());
    }
    if (fetching == null) {
      Future<Authorization> fetch = fetch(oauth);
      fetching = fetch;
      fetch.onComplete(done -> fetching = null);
      return fetch;
    }
    return fetching;
  }

  private Future<Authorization> fetch(WebhookAuth.OAuth2 oauth) {
    Endpoint endpoint;
    try {
      endpoint = Endpoint.parse(oauth.tokenUrl());
    } catch (IllegalArgumentException malformed) {
      return unavailable("tokenUrl: " + malformed.getMessage());
    }
    MultiMap headers =
        HttpHeaders.headers()
            .add(HttpHeaders.AUTHORIZATION, basic(oauth.clientId(), oauth.clientSecret()))
            .add(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
            .add(HttpHeaders.ACCEPT, "application/json");
    return sender
        .send(HttpMethod.POST, endpoint, headers, Buffer.buffer("grant_type=client_credentials"))
        .map(this::read);
  }

  private Authorization read(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Unanswered unanswered ->
          new Authorization.Unavailable("token: " + unanswered.reason());
      case Outcome.Answered answered when !answered.success() ->
          new Authorization.Unavailable("token: HTTP " + answered.status());
      case Outcome.Answered answered -> read(answered.body());
    };
  }

  private Authorization read(Buffer body) {
    try {
      JsonNode document = JSON.readTree(body.getBytes());
      String accessToken = document.path("access_token").asString("");
      if (accessToken.isEmpty() || !accessToken.matches("[!-~]+")) {
        return new Authorization.Unavailable("token: the answer holds no access_token");
      }
      long lifetime = document.path("expires_in").asLong(DEFAULT_LIFETIME_SECONDS);
      long margin = Math.min(MARGIN_SECONDS, lifetime / 10);
      Token fetched =
          new Token(
              "Bearer " + accessToken,
              clock.instant().plus(Duration.ofSeconds(Math.max(0, lifetime - margin))));
      token = fetched;
      return new Authorization.Ready(fetched.header());
    } catch (JacksonException unreadable) {
      return new Authorization.Unavailable("token: the answer is no JSON");
    }
  }

  /** Raw, as XSUAA wants them: user and password are not form-encoded (wire reference 3.2). */
  private static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static Future<Authorization> ready(@Nullable String header) {
    return Future.succeededFuture(new Authorization.Ready(header));
  }

  private static Future<Authorization> unavailable(String reason) {
    return Future.succeededFuture(new Authorization.Unavailable(reason));
  }
}
