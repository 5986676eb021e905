// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.broker.HandshakeState;
import dev.weft.broker.WebhookAuth;
import dev.weft.broker.WebhookStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The handshake of wire 7.2. */
class HandshakeTest {
  private final WebhookFixture fixture = new WebhookFixture();
  private final Sink sink = fixture.sink;

  @AfterEach
  void close() {
    fixture.close();
  }

  private void create() {
    create(WebhookAuth.NONE);
  }

  private void create(WebhookAuth auth) {
    fixture.dispatcher.changed(fixture.subscription(1, auth, false, sink.url("/push")));
  }

  @Test
  void theReceiverIsAskedBeforeTheFirstPush() {
    sink.behave(
        request -> {
          if (request.method().equals("OPTIONS")) {
            request.agree(WebhookFixture.ORIGIN);
          } else {
            request.answer(200);
          }
        });
    create();
    fixture.publish(1);
    fixture.awaitEmptyQueue();

    assertThat(sink.received())
        .extracting(Sink.Received::method)
        .containsExactly("OPTIONS", "POST");
    Sink.Received asked = sink.nth("OPTIONS", 1);
    assertThat(asked.target()).isEqualTo("/push");
    assertThat(asked.headers().get("WebHook-Request-Origin")).isEqualTo(WebhookFixture.ORIGIN);
    assertThat(fixture.status().handshake()).isEqualTo(HandshakeState.COMPLETED);
  }

  @Test
  void theQuestionProvesItselfAsAPushDoes() {
    sink.behave(request -> request.agree("*"));
    create(new WebhookAuth.Basic("user", "p:ß"));

    assertThat(sink.nth("OPTIONS", 1).headers().get("Authorization"))
        .isEqualTo("Basic dXNlcjpwOsOf");
    fixture.awaitStatus(status -> status.handshake() == HandshakeState.COMPLETED);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("HTTP 404", (Consumer<Sink.Received>) request -> request.answer(404)),
        Arguments.of(
            "the answer has no WebHook-Allowed-Origin",
            (Consumer<Sink.Received>) request -> request.answer(200)),
        Arguments.of(
            "WebHook-Allowed-Origin names somebody else",
            (Consumer<Sink.Received>) request -> request.agree("other.example")));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void anythingButAgreementFailsAndNothingIsPushed(
      String reason, Consumer<Sink.Received> behaviour) {
    sink.behave(behaviour);
    create();
    fixture.publish(1);
    WebhookStatus status = fixture.awaitStatus(seen -> seen.handshake() == HandshakeState.FAILED);
    fixture.assertQuiet();

    assertThat(status.lastFailureReason()).isEqualTo("handshake: " + reason);
    assertThat(status.nextAttempt()).isNotNull();
    assertThat(sink.received("POST")).isEmpty();
  }

  @Test
  void aRefusalIsAskedAgainForSomeMinutesAndThenNoMore() {
    sink.behave(request -> request.answer(503));
    create();
    Duration asked = Duration.ZERO;
    for (int attempt = 1; attempt < 9; attempt++) {
      int seen = attempt;
      WebhookStatus status =
          fixture.awaitStatus(
              now -> now.consecutiveFailures() == seen && now.nextAttempt() != null);
      Duration pause =
          Duration.between(fixture.clock.instant(), Objects.requireNonNull(status.nextAttempt()));
      asked = asked.plus(pause);
      fixture.advance(pause);
    }
    WebhookStatus last = fixture.awaitStatus(status -> status.consecutiveFailures() == 9);

    assertThat(last.handshake()).isEqualTo(HandshakeState.FAILED);
    assertThat(last.nextAttempt()).isNull();
    assertThat(asked).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(6));
    assertThat(sink.received("OPTIONS")).hasSize(9);
  }

  @Test
  void aTriggerAsksAgainAndAgreementPushesAtOnce() {
    sink.behave(request -> request.answer(404));
    create();
    fixture.publish(1);
    fixture.awaitStatus(status -> status.handshake() == HandshakeState.FAILED);
    sink.behave(request -> request.agree("*"));
    fixture.dispatcher.handshake("instance-1", WebhookFixture.NAME);

    fixture.awaitEmptyQueue();
    assertThat(fixture.status().handshake()).isEqualTo(HandshakeState.COMPLETED);
    assertThat(fixture.status().nextAttempt()).isNull();
  }

  @Test
  void aReceiverThatAgreedBeforeTheRestartIsNotAskedAgain() {
    List<Boolean> answers = new CopyOnWriteArrayList<>();
    fixture.dispatcher.remember((instanceId, name, agreed) -> answers.add(agreed));
    fixture.dispatcher.known(
        fixture.subscription(1, WebhookAuth.NONE, false, sink.url("/push")), true);
    fixture.publish(1);
    fixture.awaitEmptyQueue();

    assertThat(sink.received()).extracting(Sink.Received::method).containsExactly("POST");
    assertThat(fixture.status().handshake()).isEqualTo(HandshakeState.COMPLETED);
    assertThat(answers).containsOnly(true);
  }

  @Test
  void whatTheReceiverAnswersIsRemembered() {
    List<Boolean> answers = new CopyOnWriteArrayList<>();
    fixture.dispatcher.remember((instanceId, name, agreed) -> answers.add(agreed));
    sink.behave(request -> request.agree(WebhookFixture.ORIGIN));
    create();
    fixture.awaitStatus(status -> status.handshake() == HandshakeState.COMPLETED);
    sink.behave(request -> request.answer(403));
    fixture.dispatcher.handshake("instance-1", WebhookFixture.NAME);
    fixture.awaitStatus(status -> status.handshake() == HandshakeState.FAILED);

    assertThat(answers).containsExactly(true, false);
  }

  @Test
  void whileTheReceiverIsAskedNothingIsPushed() {
    sink.behave(request -> {});
    create();
    fixture.publish(1);
    sink.nth("OPTIONS", 1);
    fixture.assertQuiet();

    assertThat(fixture.status().handshake()).isEqualTo(HandshakeState.REQUESTED);
    assertThat(sink.received("POST")).isEmpty();
  }

  @Test
  void anAddressThatIsNoneIsSaid() {
    fixture.dispatcher.changed(fixture.subscription(1, WebhookAuth.NONE, false, "ftp://host/"));

    assertThat(fixture.awaitStatus(status -> status.lastFailure() != null).lastFailureReason())
        .startsWith("endpoint: ");
    assertThat(fixture.status().handshake()).isEqualTo(HandshakeState.NOT_INITIATED);
  }
}
