// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.HandshakeState;
import dev.weft.broker.WebhookAuth;
import dev.weft.broker.WebhookStatus;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.QueueSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pushes, retries and pauses of wire 7.3 and 7.4. */
class PushTest {
  private final WebhookFixture fixture = new WebhookFixture();
  private final Sink sink = fixture.sink;

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aPushCarriesExactlyTheHeadersOfTheVendor() {
    // Wire 7.3, rule 21.
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(1);
    Sink.Received push = sink.nth("POST", 1);

    assertThat(push.target()).isEqualTo("/push?q=acme/shop/one/orders");
    assertThat(push.text()).isEqualTo("{\"n\":0}");
    assertThat(names(push))
        .containsExactly(
            "content-length",
            "content-type",
            "host",
            "x-address",
            "x-message-id",
            "x-qos",
            "x-queue");
    assertThat(push.headers().get("Content-Type")).isEqualTo("application/json");
    assertThat(push.headers().get("x-address")).isEqualTo("topic:acme/shop/one/ce/Order/Changed");
    assertThat(push.headers().get("x-queue")).isEqualTo("acme/shop/one/orders");
    assertThat(push.headers().get("x-message-id")).isEqualTo("m0");
    assertThat(push.headers().get("x-qos")).isEqualTo("1");
    fixture.awaitEmptyQueue();
    assertThat(fixture.status().lastSuccess()).isEqualTo(fixture.clock.instant());
  }

  private static Set<String> names(Sink.Received push) {
    Set<String> names = new TreeSet<>();
    push.headers().names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }

  @Test
  void aMessageOfAQueueHasNoTopicAndTheSubscriptionsContentTypeWhenItHasNone() {
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish("id", new Address.OfQueue(WebhookFixture.QUEUE), null, "text");
    Sink.Received push = sink.nth("POST", 1);

    assertThat(push.headers().contains("x-address")).isFalse();
    assertThat(push.headers().get("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void aSubscriptionOfEventsGetsThemInTheModeItAskedFor() {
    // wire 6.4, 7.3
    String event =
        """
        {"specversion":"1.0","id":"A-1","source":"/acme/shop/one","type":"order.created.v1",
         "note":"caf\u00e9 \\"x\\"","datacontenttype":"application/json","data":{"n":1}}""";
    WebhookSubscription plain = fixture.subscription();
    fixture.dispatcher.changed(
        new WebhookSubscription(
            plain.instanceId(),
            plain.name(),
            plain.queue(),
            plain.qos(),
            plain.endpoint(),
            true,
            plain.defaultContentType(),
            plain.auth(),
            false,
            "{\"contentMode\":\"BINARY\"}"));
    fixture.publish(
        "m",
        new Address.OfTopic(new TopicPattern("acme/shop/one/ce/order/created/v1")),
        "application/cloudevents+json; charset=utf-8",
        event);
    Sink.Received push = sink.nth("POST", 1);
    assertThat(push.text()).isEqualTo("{\"n\":1}");
    assertThat(push.headers().get("Content-Type")).isEqualTo("application/json");
    assertThat(push.headers().get("ce-id")).isEqualTo("A-1");
    assertThat(push.headers().get("ce-type")).isEqualTo("order.created.v1");
    assertThat(push.headers().get("ce-note")).isEqualTo("caf%C3%A9%20%22x%22");

    fixture.publish(
        "n",
        new Address.OfTopic(new TopicPattern("acme/shop/one/ce/order/created/v1")),
        "application/json",
        "{\"no\":\"event\"}");
    assertThat(sink.nth("POST", 2).text()).isEqualTo("{\"no\":\"event\"}");
  }

  @Test
  void aPublishersLineEndsBecomeNoHeaders() {
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(
        "a\r\nx-evil: 1", new Address.OfQueue(WebhookFixture.QUEUE), "text/plain", "text");
    Sink.Received push = sink.nth("POST", 1);

    assertThat(push.headers().contains("x-evil")).isFalse();
    assertThat(push.headers().get("x-message-id")).isEqualTo("a%0D%0Ax-evil: 1");
  }

  @Test
  void eighteenMessagesAreInFlightAndNoMore() {
    // R-420, wire 7.4.
    var held = new CopyOnWriteArrayList<Sink.Received>();
    sink.behave(held::add);
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(30);
    fixture.awaitStatus(status -> status.inFlight() == 18);
    sink.nth("POST", 18);
    fixture.assertQuiet();

    assertThat(sink.received("POST")).hasSize(18);
    assertThat(fixture.engine.stats(WebhookFixture.QUEUE).unsettledMessages()).isEqualTo(18);
    sink.behave(request -> request.answer(202));
    held.forEach(request -> request.answer(200));
    fixture.awaitEmptyQueue();
    assertThat(sink.received("POST")).hasSize(30);
    fixture.awaitStatus(status -> status.inFlight() == 0);
  }

  @Test
  void aFailureIsVisibleAndTheNextAttemptGrows() {
    sink.behave(request -> request.answer(503));
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(1);
    WebhookStatus first = fixture.awaitStatus(status -> status.nextAttempt() != null);

    assertThat(first.lastFailureReason()).isEqualTo("HTTP 503");
    assertThat(first.consecutiveFailures()).isEqualTo(1);
    assertThat(first.lastFailure()).isEqualTo(fixture.clock.instant());
    assertThat(waitOf(first)).isBetween(Duration.ofMillis(800), Duration.ofMillis(1200));
    fixture.assertQuiet();
    assertThat(sink.received("POST")).hasSize(1);

    fixture.advance(waitOf(first));
    WebhookStatus second = fixture.awaitStatus(status -> status.consecutiveFailures() == 2);
    assertThat(waitOf(second)).isBetween(Duration.ofMillis(1600), Duration.ofMillis(2400));

    sink.behave(request -> request.answer(200));
    fixture.advance(waitOf(second));
    fixture.awaitEmptyQueue();
    WebhookStatus healed = fixture.awaitStatus(status -> status.consecutiveFailures() == 0);
    assertThat(healed.nextAttempt()).isNull();
    assertThat(healed.lastFailureReason()).isEqualTo("HTTP 503");
  }

  private Duration waitOf(WebhookStatus status) {
    return Duration.between(
        fixture.clock.instant(), Objects.requireNonNull(status.nextAttempt(), "no wait"));
  }

  @Test
  void aSickReceiverGetsOneProbeAtATime() {
    sink.behave(request -> request.answer(500));
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(18);
    fixture.awaitStatus(status -> status.inFlight() == 0 && status.nextAttempt() != null);
    int before = sink.received("POST").size();
    fixture.advance(waitOf(fixture.status()));
    fixture.awaitStatus(status -> status.consecutiveFailures() == before + 1);
    fixture.assertQuiet();

    assertThat(sink.received("POST")).hasSize(before + 1);
    sink.behave(request -> request.answer(200));
    fixture.advance(Duration.ofMinutes(6));
    fixture.awaitEmptyQueue();
  }

  @Test
  void theWaitNeverExceedsItsMaximum() {
    sink.behave(request -> request.answer(500));
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(1);
    for (int failures = 1; failures < 14; failures++) {
      int seen = failures;
      fixture.awaitStatus(
          status -> status.consecutiveFailures() == seen && status.nextAttempt() != null);
      fixture.advance(waitOf(fixture.status()));
    }
    fixture.awaitStatus(
        status -> status.consecutiveFailures() == 14 && status.nextAttempt() != null);
    assertThat(waitOf(fixture.status())).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6));
  }

  @Test
  void qualityOfServiceZeroIsOneAttemptWhateverTheAnswer() {
    // Wire 7.4.
    sink.behave(request -> request.answer(500));
    fixture.dispatcher.changed(fixture.subscription(0, WebhookAuth.NONE));
    fixture.publish(3);
    fixture.awaitEmptyQueue();

    assertThat(sink.received("POST")).hasSize(3);
    assertThat(sink.nth("POST", 1).headers().get("x-qos")).isEqualTo("0");
    fixture.awaitStatus(status -> status.inFlight() == 0);
    assertThat(fixture.status().nextAttempt()).isNull();
    assertThat(fixture.status().lastFailureReason()).isEqualTo("HTTP 500");
  }

  @Test
  void aRedirectIsAFailureAndIsNotFollowed() {
    // T-371.
    sink.behave(
        request ->
            request
                .response()
                .setStatusCode(307)
                .putHeader("Location", sink.url("/elsewhere"))
                .end());
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(1);
    fixture.awaitStatus(status -> "HTTP 307".equals(status.lastFailureReason()));

    assertThat(sink.received("POST", "/elsewhere")).isEmpty();
  }

  @Test
  void nobodyListeningIsToldWithoutAddresses() throws IOException {
    //
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    fixture.dispatcher.changed(
        fixture.subscription(1, WebhookAuth.NONE, true, "http://127.0.0.1:" + port + "/push"));
    fixture.publish(1);
    WebhookStatus status = fixture.awaitStatus(seen -> seen.nextAttempt() != null);

    assertThat(status.lastFailureReason()).isEqualTo("connect refused");
  }

  @Test
  void anAnswerThatNeverComesFailsAfterThirtySeconds() {
    // T-370, R-420.
    sink.behave(request -> {});
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(1);
    sink.nth("POST", 1);
    fixture.advance(Duration.ofSeconds(29));
    assertThat(fixture.status().inFlight()).isEqualTo(1);
    fixture.advance(Duration.ofSeconds(1));
    WebhookStatus status = fixture.awaitStatus(seen -> seen.nextAttempt() != null);

    assertThat(status.lastFailureReason()).isEqualTo("no answer within 30 s");
    assertThat(status.inFlight()).isZero();
  }

  @Test
  void anEndlessAnswerIsCutAndItsStatusCounts() {
    // T-373: 64 KiB are read, then the connection is dropped.
    sink.behave(
        request -> {
          request.response().setChunked(true).write("x".repeat(200_000));
        });
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(1);
    fixture.awaitEmptyQueue();

    assertThat(fixture.awaitStatus(status -> status.inFlight() == 0).lastSuccess()).isNotNull();
  }

  @Test
  void pausingStopsPushesAndResumingRetriesAtOnce() {
    // Wire 7.4.
    sink.behave(request -> request.answer(500));
    WebhookSubscription subscription = fixture.subscription();
    fixture.dispatcher.changed(subscription);
    fixture.publish(1);
    fixture.awaitStatus(status -> status.nextAttempt() != null);
    fixture.dispatcher.changed(subscription.withPaused(true));
    fixture.awaitStatus(status -> status.nextAttempt() == null);
    sink.behave(request -> request.answer(200));
    fixture.advance(Duration.ofHours(1));
    fixture.assertQuiet();

    assertThat(sink.received("POST")).hasSize(1);
    assertThat(fixture.engine.stats(WebhookFixture.QUEUE).consumers()).isZero();
    assertThat(fixture.engine.stats(WebhookFixture.QUEUE).messages()).isEqualTo(1);
    fixture.dispatcher.changed(subscription.withPaused(false));
    fixture.awaitEmptyQueue();
    assertThat(fixture.status().handshake()).isEqualTo(HandshakeState.EXEMPTED);
  }

  @Test
  void aPushOnItsWayIsFinishedAfterThePause() {
    var held = new CopyOnWriteArrayList<Sink.Received>();
    sink.behave(held::add);
    WebhookSubscription subscription = fixture.subscription();
    fixture.dispatcher.changed(subscription);
    fixture.publish(1);
    sink.nth("POST", 1);
    fixture.dispatcher.changed(subscription.withPaused(true));
    held.forEach(request -> request.answer(200));
    fixture.awaitEmptyQueue();

    fixture.awaitStatus(status -> status.inFlight() == 0);
    assertThat(sink.received("POST")).hasSize(1);
  }

  @Test
  void aRemovedSubscriptionPushesNoMoreAndIsUnknown() {
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(1);
    fixture.awaitEmptyQueue();
    fixture.dispatcher.removed("instance-1", WebhookFixture.NAME);
    await().until(() -> fixture.engine.stats(WebhookFixture.QUEUE).consumers() == 0);
    fixture.publish(1);
    fixture.assertQuiet();

    assertThat(sink.received("POST")).hasSize(1);
    assertThat(fixture.status()).isEqualTo(WebhookStatus.UNKNOWN);
  }

  @Test
  void aQueueThatIsMissingIsTriedAgain() {
    fixture.engine.delete(WebhookFixture.QUEUE);
    fixture.dispatcher.changed(fixture.subscription());
    WebhookStatus missing = fixture.awaitStatus(status -> status.nextAttempt() != null);
    assertThat(missing.lastFailureReason()).contains("Queue does not exist");
    fixture.engine.declare(WebhookFixture.QUEUE, QueueSettings.DEFAULT);
    fixture.publish(1);
    fixture.advance(Duration.ofSeconds(2));

    fixture.awaitEmptyQueue();
  }

  @Test
  void aDeletedQueueEndsThePushes() {
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(1);
    fixture.awaitEmptyQueue();
    fixture.engine.delete(WebhookFixture.QUEUE);
    fixture.engine.declare(WebhookFixture.QUEUE, QueueSettings.DEFAULT);
    fixture.publish(1);
    fixture.assertQuiet();

    assertThat(sink.received("POST")).hasSize(1);
  }

  @Test
  void closingGivesMessagesBack() {
    sink.behave(request -> {});
    fixture.dispatcher.changed(fixture.subscription());
    fixture.publish(2);
    fixture.awaitStatus(status -> status.inFlight() == 2);
    fixture.dispatcher.close();
    fixture.engine.poke();

    assertThat(fixture.engine.stats(WebhookFixture.QUEUE).consumers()).isZero();
    assertThat(fixture.engine.stats(WebhookFixture.QUEUE).unsettledMessages()).isZero();
    assertThat(fixture.engine.stats(WebhookFixture.QUEUE).messages()).isEqualTo(2);
  }
}
