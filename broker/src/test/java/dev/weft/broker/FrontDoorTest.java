// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static dev.weft.broker.MeshUnderTest.callerOf;
import static dev.weft.broker.MeshUnderTest.message;
import static dev.weft.broker.MeshUnderTest.queue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.access.ServiceKey;
import dev.weft.access.TopicPattern;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hops 2 to 4; wire reference 1.4, 4.7, 9.2. */
class FrontDoorTest {
  private static final QueueName ORDERS = queue("acme/shop/one/orders");
  private static final ConsumerSettings SETTINGS =
      new ConsumerSettings("test", ConsumerSettings.NORMAL);

  @TempDir Path directory;
  private MeshUnderTest mesh;
  private ServiceInstance shop;

  @BeforeEach
  void openMesh() {
    mesh = MeshUnderTest.open(directory);
    shop = mesh.instance("shop", "acme/shop/one");
    mesh.administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
  }

  @AfterEach
  void closeMesh() {
    mesh.close();
  }

  /** A reader that writes down what it hears. */
  private static final class Reader implements DeliveryListener {
    final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    final List<Integer> drains = new CopyOnWriteArrayList<>();
    final List<MeshException> closings = new CopyOnWriteArrayList<>();

    @Override
    public void delivered(Delivery delivery) {
      deliveries.add(delivery);
    }

    @Override
    public void drained(int unusedCredit) {
      drains.add(unusedCredit);
    }

    @Override
    public void closed(MeshException reason) {
      closings.add(reason);
    }

    List<String> bodies() {
      return deliveries.stream()
          .map(delivery -> new String(delivery.message().encoded(), UTF_8))
          .toList();
    }

    void awaitBodies(String... bodies) {
      await(() -> assertThat(bodies()).containsExactly(bodies));
    }
  }

  private static void await(org.awaitility.core.ThrowingRunnable assertion) {
    Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(assertion);
  }

  private Consumer consume(ServiceInstance instance, String address, Reader reader) {
    return mesh.frontDoor.consume(callerOf(instance), Address.parse(address), SETTINGS, reader);
  }

  @Test
  void aTopicReachesEveryQueueThatSubscribesOnce() {
    QueueName second = queue("acme/shop/one/second");
    mesh.administration.putQueue(shop, second, QueueAttributes.NONE);
    for (String pattern : List.of("acme/shop/one/a", "acme/shop/one/*")) {
      mesh.administration.putSubscription(shop, ORDERS, new TopicPattern(pattern));
      mesh.administration.putSubscription(shop, second, new TopicPattern(pattern));
    }
    mesh.publish(shop, "topic:acme/shop/one/a", "one").awaitStored();
    assertThat(messages(ORDERS)).isEqualTo(1);
    assertThat(messages(second)).isEqualTo(1);
    assertThat(mesh.frontDoor.unrouted()).isZero();
  }

  private long messages(QueueName queue) {
    return mesh.engine.stats(queue).messages();
  }

  @Test
  void aFullQueueRefusesTheMessageForAll() {
    // R-103, wire 9.1
    QueueName full = queue("acme/shop/one/full");
    mesh.administration.putQueue(
        shop,
        full,
        QueueAttributes.parse(JsonValues.JSON.readTree("{\"maxQueueMessageCount\":1}")));
    for (QueueName queue : List.of(ORDERS, full)) {
      mesh.administration.putSubscription(shop, queue, new TopicPattern("acme/shop/one/a"));
    }
    mesh.publish(shop, "topic:acme/shop/one/a", "one").awaitStored();
    assertThat(mesh.publish(shop, "topic:acme/shop/one/a", "two").awaitRefused())
        .isInstanceOf(MeshException.QueueFull.class);
    assertThat(messages(ORDERS)).isEqualTo(1);
  }

  @Test
  void aTopicWithoutSubscribersTakesTheMessageAndCountsIt() {
    // R-105, wire 9.2
    RecordingAppend answer = mesh.publish(shop, "topic:acme/shop/one/nobody", "lost");
    answer.awaitStored();
    assertThat(answer.answers()).isEqualTo(1);
    assertThat(mesh.frontDoor.unrouted()).isEqualTo(1);
  }

  @Test
  void aMessagePastTheLimitIsRefused() {
    // wire 9.1: 1 MB
    assertThat(mesh.frontDoor.messageSizeMax()).isEqualTo(1_000_000);
    mesh.publish(shop, "queue:" + ORDERS, "x".repeat(1_000_000)).awaitStored();
    assertThat(mesh.publish(shop, "queue:" + ORDERS, "x".repeat(1_000_001)).awaitRefused())
        .isInstanceOf(MeshException.MessageTooLarge.class);
    assertThat(mesh.publish(shop, "topic:acme/shop/one/a", "x".repeat(1_000_001)).awaitRefused())
        .isInstanceOf(MeshException.MessageTooLarge.class);
  }

  @Test
  void aMissingQueueIsUnknownToWhoeverMayWriteToIt() {
    assertThat(mesh.publish(shop, "queue:acme/shop/one/missing", "x").awaitRefused())
        .isInstanceOf(MeshException.UnknownQueue.class);
    assertThatThrownBy(() -> consume(shop, "queue:acme/shop/one/missing", new Reader()))
        .isInstanceOf(MeshException.UnknownQueue.class);
    assertThatThrownBy(
            () -> mesh.frontDoor.browse(callerOf(shop), queue("acme/shop/one/missing"), 0, 10))
        .isInstanceOf(MeshException.UnknownQueue.class);
  }

  @Test
  void aTopicToPublishToHasSegmentsAndNoWildcards() {
    // wire 1.4
    ServiceInstance all = mesh.instance("all", "acme/all/one", "\"*\"");
    for (String topic : List.of("a", "a/+", "a/*", "*", "+/b")) {
      assertThat(mesh.publish(all, "topic:" + topic, "x").awaitRefused())
          .as(topic)
          .isInstanceOf(MeshException.MalformedName.class);
    }
    mesh.publish(all, "topic:a/b", "x").awaitStored();
  }

  @Test
  void aTopicGoesAroundAQueueThatIsBeingDeleted() {
    // The publish has the old route when the queue goes.
    QueueName second = queue("acme/shop/one/second");
    var pattern = new TopicPattern("acme/shop/one/a");
    mesh.administration.putQueue(shop, second, QueueAttributes.NONE);
    mesh.administration.putSubscription(shop, ORDERS, pattern);
    mesh.administration.putSubscription(shop, second, pattern);
    mesh.engine.delete(ORDERS);
    var engine = new HeldEngine(mesh.engine);
    var frontDoor = new FrontDoor(engine, mesh.routing, BrokerLimits.DEFAULT);
    var answer = new RecordingAppend();
    frontDoor.publish(
        callerOf(shop), Address.parse("topic:acme/shop/one/a"), message("one"), answer);
    engine.awaitHeld();
    mesh.routing.removeAll(ORDERS, List.of(pattern));
    engine.letGo();
    engine.awaitHeld();
    engine.letGo();
    answer.awaitStored();
    assertThat(messages(second)).isEqualTo(1);
  }

  @Test
  void aRouteThatStaysWrongIsToldInTheEnd() {
    mesh.administration.putSubscription(shop, ORDERS, new TopicPattern("acme/shop/one/a"));
    mesh.engine.delete(ORDERS);
    RecordingAppend answer = mesh.publish(shop, "topic:acme/shop/one/a", "one");
    assertThat(answer.awaitRefused()).isInstanceOf(MeshException.UnknownQueue.class);
    assertThat(answer.answers()).isEqualTo(1);
  }

  @Test
  void aConsumerReceivesAndSettles() {
    var reader = new Reader();
    Consumer consumer = consume(shop, "queue:" + ORDERS, reader);
    assertThat(consumer.queue()).isEqualTo(ORDERS);
    consumer.grant(10);
    mesh.publish(shop, "queue:" + ORDERS, "one").awaitStored();
    reader.awaitBodies("one");
    consumer.settle(reader.deliveries.getFirst(), Settlement.ACCEPTED);
    await(() -> assertThat(messages(ORDERS)).isZero());
    consumer.drain();
    await(() -> assertThat(reader.drains).containsExactly(9));
    consumer.close();
    await(() -> assertThat(mesh.engine.stats(ORDERS).consumers()).isZero());
    assertThat(reader.closings).isEmpty();
  }

  @Test
  void browsingTakesNothing() {
    mesh.publish(shop, "queue:" + ORDERS, "one").awaitStored();
    assertThat(mesh.frontDoor.browse(callerOf(shop), ORDERS, 0, 10)).hasSize(1);
    assertThat(messages(ORDERS)).isEqualTo(1);
    for (int limit : new int[] {0, -1, 10_001}) {
      assertThatThrownBy(() -> mesh.frontDoor.browse(callerOf(shop), ORDERS, 0, limit))
          .isInstanceOf(MeshException.InvalidValue.class);
    }
    assertThatThrownBy(() -> mesh.frontDoor.browse(callerOf(shop), ORDERS, -1, 10))
        .isInstanceOf(MeshException.InvalidValue.class);
  }

  @Test
  void aDirectSubscriptionHearsWhatIsPublishedWhileItListens() {
    mesh.publish(shop, "topic:acme/shop/one/a", "before").awaitStored();
    var reader = new Reader();
    Consumer consumer = consume(shop, "topic:acme/shop/one/+", reader);
    consumer.grant(2);
    for (String body : List.of("one", "two", "three")) {
      mesh.publish(shop, "topic:acme/shop/one/a", body).awaitStored();
    }
    // The third found no credit: it is gone, and never comes.
    consumer.grant(5);
    mesh.publish(shop, "topic:acme/shop/one/a", "four").awaitStored();
    reader.awaitBodies("one", "two", "four");
    assertThat(reader.deliveries).extracting(Delivery::sequence).containsExactly(1L, 2L, 3L);
    assertThat(mesh.frontDoor.dropped()).isEqualTo(1);
    assertThat(mesh.frontDoor.unrouted()).isEqualTo(1);

    consumer.settle(reader.deliveries.getFirst(), Settlement.RELEASED);
    consumer.drain();
    assertThat(reader.drains).containsExactly(4);
    consumer.grant(1);
    consumer.revokeCredit();
    mesh.publish(shop, "topic:acme/shop/one/a", "five").awaitStored();
    consumer.close();
    mesh.publish(shop, "topic:acme/shop/one/a", "six").awaitStored();
    assertThat(reader.deliveries).hasSize(3);
  }

  @Test
  void aDirectSubscriptionHearsNothingThatWasRefused() {
    // delivered after the force, so never what a full queue refused.
    mesh.administration.putQueue(
        shop,
        ORDERS,
        QueueAttributes.parse(JsonValues.JSON.readTree("{\"maxQueueMessageCount\":1}")));
    mesh.administration.putSubscription(shop, ORDERS, new TopicPattern("acme/shop/one/a"));
    var reader = new Reader();
    consume(shop, "topic:acme/shop/one/a", reader).grant(10);
    mesh.publish(shop, "topic:acme/shop/one/a", "stored").awaitStored();
    assertThat(mesh.publish(shop, "topic:acme/shop/one/a", "refused").awaitRefused())
        .isInstanceOf(MeshException.QueueFull.class);
    reader.awaitBodies("stored");
  }

  @Test
  void aDirectSubscriptionHearsNothingBeforeItIsDurable() {
    // the engine holds its answer back, as a slow disk does.
    mesh.administration.putSubscription(shop, ORDERS, new TopicPattern("acme/shop/one/a"));
    var engine = new HeldEngine(mesh.engine);
    var frontDoor = new FrontDoor(engine, mesh.routing, BrokerLimits.DEFAULT);
    var reader = new Reader();
    Address topic = Address.parse("topic:acme/shop/one/a");
    frontDoor.consume(callerOf(shop), topic, SETTINGS, reader).grant(10);
    var answer = new RecordingAppend();
    frontDoor.publish(callerOf(shop), topic, message("one"), answer);

    engine.awaitHeld();
    assertThat(reader.deliveries).isEmpty();
    assertThat(answer.answered()).isFalse();
    engine.letGo();
    answer.awaitStored();
    assertThat(reader.bodies()).containsExactly("one");
  }

  @Test
  void directSubscriptionsOfAnInstanceAreLimited() {
    mesh.close();
    mesh =
        MeshUnderTest.open(
            directory.resolve("small"), new BrokerLimits(1_000_000, 50, 10, 10, 10, 2));
    shop = mesh.instance("shop", "acme/shop/one");
    Consumer first = consume(shop, "topic:acme/shop/one/a", new Reader());
    consume(shop, "topic:acme/shop/one/b", new Reader());
    assertThatThrownBy(() -> consume(shop, "topic:acme/shop/one/c", new Reader()))
        .isInstanceOf(MeshException.LimitReached.class);
    first.close();
    consume(shop, "topic:acme/shop/one/c", new Reader()).close();
  }

  @Test
  void rulesThatAreWithdrawnEndPublishersAndConsumers() {
    // on connections that are open.
    var reader = new Reader();
    var listener = new Reader();
    consume(shop, "queue:" + ORDERS, reader).grant(10);
    consume(shop, "topic:acme/shop/one/a", listener).grant(10);
    mesh.publish(shop, "topic:acme/shop/one/a", "one").awaitStored();
    mesh.access.putInstance("shop", MeshUnderTest.descriptor("shop", "acme/shop/one", ""));

    // The caller still has the rules it came with.
    assertThat(mesh.publish(shop, "topic:acme/shop/one/a", "two").awaitRefused())
        .isInstanceOf(MeshException.NotAllowed.class);
    assertThat(mesh.publish(shop, "queue:" + ORDERS, "two").awaitRefused())
        .isInstanceOf(MeshException.NotAllowed.class);
    for (Reader ended : List.of(reader, listener)) {
      assertThat(ended.closings).singleElement().isInstanceOf(MeshException.NotAllowed.class);
    }
    await(() -> assertThat(mesh.engine.stats(ORDERS).consumers()).isZero());

    shop = mesh.instance("shop", "acme/shop/one");
    mesh.publish(shop, "queue:" + ORDERS, "three").awaitStored();
    assertThat(reader.deliveries).isEmpty();
  }

  @Test
  void rulesThatStayLeaveConsumersAlone() {
    var reader = new Reader();
    consume(shop, "queue:" + ORDERS, reader).grant(10);
    mesh.instance("shop", "acme/shop/one", "\"${namespace}/orders\"");
    mesh.publish(shop, "queue:" + ORDERS, "one").awaitStored();
    reader.awaitBodies("one");
    assertThat(reader.closings).isEmpty();
  }

  @Test
  void theEndOfAKeyEndsItsConsumersAndNoOthers() {
    //
    ServiceKey first = mesh.access.createKey("shop", "first", null);
    ServiceKey second = mesh.access.createKey("shop", "second", null);
    var ended = new Reader();
    var kept = new Reader();
    open(first, ended);
    open(second, kept);
    mesh.access.deleteKey("shop", "first");
    assertThat(ended.closings).singleElement().isInstanceOf(MeshException.NotAllowed.class);
    assertThat(kept.closings).isEmpty();

    mesh.administration.deleteEverything(shop);
    mesh.access.deleteInstance("shop");
    await(() -> assertThat(kept.closings).hasSize(1));
    assertThat(mesh.publish(shop, "topic:acme/shop/one/a", "x").awaitRefused())
        .isInstanceOf(MeshException.NotAllowed.class);
    assertThatThrownBy(() -> consume(shop, "topic:acme/shop/one/a", new Reader()))
        .isInstanceOf(MeshException.NotAllowed.class);
  }

  private void open(ServiceKey key, Reader reader) {
    mesh.frontDoor.consume(
        new Caller(shop, key.clientId(), Instant.MAX),
        Address.parse("queue:" + ORDERS),
        SETTINGS,
        reader);
  }

  @Test
  void theEndOfAQueueEndsItsConsumersOnce() {
    var reader = new Reader();
    Consumer consumer = consume(shop, "queue:" + ORDERS, reader);
    mesh.administration.deleteQueue(shop, ORDERS);
    await(
        () ->
            assertThat(reader.closings)
                .singleElement()
                .isInstanceOf(MeshException.QueueDeleted.class));
    consumer.close();
    assertThat(reader.closings).hasSize(1);
  }

  @Test
  void aPlainFrontDoorTakesTheRulesTheCallerCameWith() {
    var plain = new FrontDoor(mesh.engine, mesh.routing, BrokerLimits.DEFAULT);
    ServiceInstance unknown =
        ServiceInstance.parse(
            "x", "x", MeshUnderTest.descriptor("x", "a/b/c", "\"${namespace}/*\""));
    mesh.engine.declare(queue("a/b/c/q"), QueueSettings.DEFAULT);
    var answer = new RecordingAppend();
    plain.publish(
        callerOf(unknown), Address.parse("queue:a/b/c/q"), Message.of(new byte[3]), answer);
    answer.awaitStored();
  }
}
