// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.broker.WebhookAuth;
import dev.weft.broker.WebhookStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens for pushes, wire 7.4. */
class CredentialsTest {
  private final WebhookFixture fixture = new WebhookFixture();
  private final Sink sink = fixture.sink;
  private final AtomicInteger tokens = new AtomicInteger();

  /** Pushes with an older token than this are answered 401. */
  private final AtomicInteger valid = new AtomicInteger(1);

  @AfterEach
  void close() {
    fixture.close();
  }

  private void create(int expiresIn) {
    sink.behave(
        request -> {
          if (request.target().startsWith("/oauth/token")) {
            request.answer(
                200,
                "{\"access_token\":\"t%d\",\"expires_in\":%d}"
                    .formatted(tokens.incrementAndGet(), expiresIn));
          } else {
            String header = Objects.requireNonNull(request.headers().get("Authorization"));
            int token = Integer.parseInt(header.substring("Bearer t".length()));
            request.answer(token >= valid.get() ? 200 : 401);
          }
        });
    fixture.dispatcher.changed(fixture.subscription(1, oauth()));
  }

  private WebhookAuth.OAuth2 oauth() {
    return new WebhookAuth.OAuth2("sb-client!b1|x", "a+b/c%=$", sink.url("/oauth/token?zid=z"));
  }

  private void push() {
    fixture.publish(1);
    fixture.awaitEmptyQueue();
  }

  @Test
  void oneTokenServesManyPushesUntilShortlyBeforeItExpires() {
    create(600);
    fixture.publish(30);
    fixture.awaitEmptyQueue();
    assertThat(tokens.get()).isEqualTo(1);

    fixture.advance(Duration.ofSeconds(539));
    push();
    assertThat(tokens.get()).isEqualTo(1);

    fixture.advance(Duration.ofSeconds(1));
    push();
    assertThat(tokens.get()).isEqualTo(2);
    assertThat(sink.nth("POST", 34).headers().get("Authorization")).isEqualTo("Bearer t2");
  }

  @Test
  void theTokenIsAskedForWithRawBasicCredentialsAndAForm() {
    create(600);
    push();
    Sink.Received asked = sink.received("POST", "/oauth/token?zid=z").getFirst();

    String pair =
        Base64.getEncoder()
            .encodeToString("sb-client!b1|x:a+b/c%=$".getBytes(StandardCharsets.UTF_8));
    assertThat(asked.headers().get("Authorization")).isEqualTo("Basic " + pair);
    assertThat(asked.headers().get("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(asked.text()).isEqualTo("grant_type=client_credentials");
  }

  @Test
  void on401TheTokenIsRenewedOnceAndThePushRepeated() {
    create(43_199);
    push();
    valid.set(2);
    push();

    assertThat(tokens.get()).isEqualTo(2);
    assertThat(fixture.status().consecutiveFailures()).isZero();
  }

  @Test
  void aReceiverThatRefusesTheRenewedTokenTooIsAFailure() {
    create(43_199);
    push();
    valid.set(100);
    fixture.publish(1);
    WebhookStatus status = fixture.awaitStatus(seen -> seen.nextAttempt() != null);

    assertThat(status.lastFailureReason()).isEqualTo("HTTP 401");
    assertThat(tokens.get()).isEqualTo(2);
  }

  @Test
  void aTokenEndpointThatRefusesIsSaid() {
    sink.behave(request -> request.answer(401, "{\"error\":\"unauthorized\"}"));
    fixture.dispatcher.changed(fixture.subscription(1, oauth()));
    fixture.publish(1);
    WebhookStatus status = fixture.awaitStatus(seen -> seen.nextAttempt() != null);

    assertThat(status.lastFailureReason()).isEqualTo("token: HTTP 401");
    assertThat(sink.received("POST", "/push?q=acme/shop/one/orders")).isEmpty();
  }

  @Test
  void anAnswerWithoutTokenIsSaid() {
    sink.behave(request -> request.answer(200, "<html>"));
    fixture.dispatcher.changed(fixture.subscription(1, oauth()));
    fixture.publish(1);

    assertThat(fixture.awaitStatus(seen -> seen.nextAttempt() != null).lastFailureReason())
        .isEqualTo("token: the answer is no JSON");
  }

  @Test
  void basicCredentialsGoWithEveryPush() {
    fixture.dispatcher.changed(fixture.subscription(1, new WebhookAuth.Basic("user", "pass")));
    fixture.publish(1);

    assertThat(sink.nth("POST", 1).headers().get("Authorization")).isEqualTo("Basic dXNlcjpwYXNz");
  }
}
