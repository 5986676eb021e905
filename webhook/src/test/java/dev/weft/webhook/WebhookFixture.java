// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.awaitility.Awaitility.await;

import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.MessageContent;
import dev.weft.broker.WebhookAuth;
import dev.weft.broker.WebhookStatus;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.FakeClock;
import dev.weft.queue.InMemoryQueueEngine;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.Redelivery;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A dispatcher on the reference engine with a sink to push to; time moves by hand. */
final class WebhookFixture implements AutoCloseable {
  static final String ORIGIN = "mesh.example";
  static final QueueName QUEUE = new QueueName("acme/shop/one/orders");
  static final String NAME = "acme/shop/one/CAP/0000";
  private static final TopicPattern TOPIC = new TopicPattern("acme/shop/one/ce/Order/Changed");

  final Vertx vertx = Vertx.vertx();
  final FakeClock clock = new FakeClock();
  final FakeTimers timers = new FakeTimers(clock);
  final InMemoryQueueEngine engine = new InMemoryQueueEngine(clock);
  final Sink sink = new Sink(vertx);
  final WebhookDispatcher dispatcher;

  WebhookFixture() {
    this(WebhookSettings.of(ORIGIN));
  }

  WebhookFixture(WebhookSettings settings) {
    dispatcher =
        new WebhookDispatcher(
            vertx,
            (subscription, consumer, listener) ->
                engine.consume(subscription.queue(), consumer, listener),
            settings,
            clock,
            timers,
            new SplittableRandom(7));
    // Pauses of the queue are another room's subject.
    engine.declare(
        QUEUE, QueueSettings.DEFAULT.toBuilder().redelivery(Redelivery.IMMEDIATE).build());
  }

  WebhookSubscription subscription() {
    return subscription(1, WebhookAuth.NONE);
  }

  /** Exempt from the handshake, as CAP Java makes it. */
  WebhookSubscription subscription(int qos, WebhookAuth auth) {
    return subscription(qos, auth, true, sink.url("/push?q=acme/shop/one/orders"));
  }

  WebhookSubscription subscription(int qos, WebhookAuth auth, boolean exempt, String endpoint) {
    return new WebhookSubscription(
        "instance-1", NAME, QUEUE, qos, endpoint, exempt, "application/json", auth, false, "{}");
  }

  void publish(int count) {
    for (int i = 0; i < count; i++) {
      publish("m" + i, new Address.OfTopic(TOPIC), "application/json", "{\"n\":" + i + "}");
    }
  }

  void publish(@Nullable String id, Address address, @Nullable String contentType, String body) {
    MessageContent content =
        new MessageContent(
            id, "", "", contentType, null, 0, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    RecordingAppend append = new RecordingAppend();
    engine.append(List.of(QUEUE), content.toMessage(address, true, Message.NO_TTL), append);
    append.awaitStored();
  }

  WebhookStatus status() {
    return dispatcher.status("instance-1", NAME);
  }

  WebhookStatus awaitStatus(Predicate<WebhookStatus> wanted) {
    await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(10))
        .until(() -> wanted.test(status()));
    return status();
  }

  void awaitEmptyQueue() {
    await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(10))
        .until(() -> engine.stats(QUEUE).messages() == 0);
  }

  /** Nothing reaches the sink for a while. */
  void assertQuiet() {
    int before = sink.received().size();
    await()
        .pollInterval(Duration.ofMillis(5))
        .during(Duration.ofMillis(60))
        .atMost(Duration.ofSeconds(10))
        .until(() -> sink.received().size() == before);
  }

  void advance(Duration by) {
    timers.advance(by);
    engine.poke();
  }

  @Override
  public void close() {
    dispatcher.close();
    engine.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
