// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.DEAD;
import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.filled;
import static dev.weft.journal.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.queue.Delivery;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** old messages do not pin the disk, and nothing of them changes when they are copied. */
class CopyForwardTest {
  private final TestStore store = new TestStore();

  @AfterEach
  void close() {
    store.close();
  }

  /** Writes so many segments full of messages of another queue, and consumes them. */
  private void passThrough(int segments) {
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), BILLS).grant(10_000);
    for (int i = 0; i < 10 * segments; i++) {
      store.append(BILLS, filled("passing", 6_000)).awaitStored();
      consumer.settle(consumer.next(), Settlement.ACCEPTED);
    }
    consumer.close();
  }

  private void awaitCopied() {
    await().untilAsserted(() -> assertThat(store.segments()).hasSizeLessThan(6));
  }

  @Test
  void oneOldMessageKeepsFewSegments() {
    store.declare(ORDERS);
    store.declare(BILLS);
    store.store(ORDERS, "old");

    passThrough(20);

    awaitCopied();
    assertThat(store.texts(ORDERS)).containsExactly("old");
    store.kill();
    assertThat(store.texts(ORDERS)).containsExactly("old");
  }

  @Test
  void copiesKeepTheirPlaceInTheQueueOverRestarts() {
    store.declare(ORDERS);
    store.declare(BILLS);
    IntStream.range(0, 5).forEach(i -> store.store(ORDERS, "old" + i));
    passThrough(2);
    store.store(ORDERS, "middle");
    passThrough(8);
    store.store(ORDERS, "young");
    passThrough(8);
    awaitCopied();

    for (int life = 0; life < 3; life++) {
      assertThat(store.texts(ORDERS))
          .containsExactly("old0", "old1", "old2", "old3", "old4", "middle", "young");
      store.losePower(RandomGenerator.of("L64X128MixRandom"));
    }
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(10);
    assertThat(consumer.next(7).stream().map(delivery -> text(delivery.message())))
        .containsExactly("old0", "old1", "old2", "old3", "old4", "middle", "young");
  }

  /** counters of what came back, is out, or is dead. */
  @Test
  void copiesKeepTheirCounters() {
    store.declare(ORDERS, settings -> settings.redelivery(Redelivery.IMMEDIATE));
    store.declare(BILLS);
    store.store(ORDERS, "returned", "out", "fresh");
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(2);
    Delivery returned = consumer.next();
    Delivery out = consumer.next();
    consumer.settle(out, Settlement.RELEASED);
    consumer.grant(1);
    assertThat(consumer.next().acquiredCount()).isEqualTo(1);
    store.declare(
        ORDERS, settings -> settings.redelivery(Redelivery.IMMEDIATE).egressDisabled(true));
    consumer.settle(returned, Settlement.RELEASED);
    passThrough(20);
    awaitCopied();
    store.kill();

    store.declare(ORDERS, settings -> settings.redelivery(Redelivery.IMMEDIATE));
    List<Delivery> again = RecordingConsumer.attach(store.engine(), ORDERS).grant(3).next(3);
    assertThat(again.stream().map(delivery -> text(delivery.message())))
        .containsExactly("returned", "out", "fresh");
    assertThat(again.stream().map(Delivery::acquiredCount)).containsExactly(1, 2, 0);
    assertThat(again.stream().map(Delivery::failedCount)).containsExactly(1, 2, 0);
  }

  /** a dead message lives on in its queue, whose time to live does not count for it. */
  @Test
  void deadMessageIsCopiedWithoutItsTimeToLive() {
    store.declare(DEAD);
    store.declare(ORDERS, settings -> settings.maxRedeliveries(1).deadMessageQueue(DEAD));
    store.declare(BILLS);
    store.store(ORDERS, "poison");
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(1);
    consumer.settle(consumer.next(), new Settlement.Modified(true, true));
    await().until(() -> store.engine().stats(DEAD).messages() == 1);
    passThrough(20);
    awaitCopied();
    store.kill();

    assertThat(store.texts(DEAD)).containsExactly("poison");
    assertThat(store.texts(ORDERS)).isEmpty();
  }

  @Test
  void whatIsSettledWhileItIsCopiedStaysSettled() {
    QueueName queue = ORDERS;
    store.declare(queue);
    store.declare(BILLS);
    IntStream.range(0, 200).forEach(i -> store.append(queue, filled("m" + i, 100)).awaitStored());
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), queue).grant(200);
    List<Delivery> deliveries = consumer.next(200);
    Thread settling =
        Thread.ofPlatform()
            .start(
                () ->
                    deliveries.stream()
                        .filter(delivery -> delivery.sequence() % 2 == 0)
                        .forEach(delivery -> consumer.settle(delivery, Settlement.ACCEPTED)));
    passThrough(12);
    awaitCopied();
    await().until(() -> !settling.isAlive());
    List<String> left =
        deliveries.stream()
            .filter(delivery -> delivery.sequence() % 2 != 0)
            .map(delivery -> text(delivery.message()))
            .toList();
    await().untilAsserted(() -> assertThat(store.texts(queue)).isEqualTo(left));
    store.stop();

    assertThat(store.texts(queue)).isEqualTo(left);
  }

  /** What recovery splits off must not leave its time to live to what comes in its place. */
  @Test
  void copyBetweenMortalMessagesDoesNotInheritTheirTimeToLive() {
    EntryIndex index = new EntryIndex();
    for (long sequence = 10; sequence <= 30; sequence += 10) {
      index.add(sequence, 0, 1, 0, 5_000, Message.of(new byte[1]), 5_000);
    }

    index.add(15, 0, 1, 0, Message.NO_TTL, null, Long.MAX_VALUE);

    EntryIndex.Entry between = Objects.requireNonNull(index.find(15));
    assertThat(between.chunk().ttlMillis(between.slot())).isEqualTo(Message.NO_TTL);
    assertThat(between.chunk().message(between.slot())).isNull();
    assertThat(index.range(0, 100))
        .extracting(EntryIndex.Entry::sequence)
        .containsExactly(10L, 15L, 20L, 30L);
  }

  /** DESIGN section 4: retention keeps settled messages, by time and by size. */
  @Test
  void retentionKeepsSegmentsUntilTheirTimeOrRoomIsOver() {
    store.settings =
        TestStore.SETTINGS.withRetention(
            new Retention(Duration.ofHours(1), 12L * TestStore.SEGMENT_BYTES));
    store.declare(BILLS);
    passThrough(8);
    assertThat(store.segments().getFirst()).isEqualTo(SegmentHeader.fileName(1));

    passThrough(8);
    await().untilAsserted(() -> assertThat(store.segments()).hasSize(12));

    store.clock.advance(Duration.ofHours(2));
    store.engine().wake();
    store.engine().confirmClock();
    passThrough(1);
    await().untilAsserted(() -> assertThat(store.segments()).hasSizeLessThan(3));
  }
}
