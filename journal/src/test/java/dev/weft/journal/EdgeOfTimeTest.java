// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.DEAD;
import static dev.weft.journal.TestStore.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.queue.Delivery;
import dev.weft.queue.Message;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times that no clock reaches, and timers that set timers. */
class EdgeOfTimeTest {
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

  /** The longest that counts in milliseconds. */
  private static final Duration AGES = Duration.ofMillis(Long.MAX_VALUE);

  private final TestStore store = new TestStore();

  @AfterEach
  void close() {
    store.close();
  }

  private void append(long ttlMillis) {
    RecordingAppend stored = new RecordingAppend();
    store
        .engine()
        .append(
            List.of(ORDERS),
            new Message(true, Message.DEFAULT_PRIORITY, ttlMillis, new byte[1]),
            stored);
    stored.awaitStored();
  }

  @Test
  void timeToLiveWithoutEndIsStoredAndNeverOver() {
    store.declare(ORDERS, settings -> settings.respectTtl(true).maxTtl(FOR_EVER));
    append(Long.MAX_VALUE);
    append(Message.NO_TTL);
    store.stop();

    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(2);

    assertThat(consumer.next(2).getFirst().remainingTtlMillis()).isGreaterThan(1L << 60);
  }

  @Test
  void pauseWithoutEndHoldsAMessageBackAndHarmsNothing() {
    store.declare(
        ORDERS,
        settings ->
            settings.redelivery(
                new Redelivery.Paced(AGES, 100, FOR_EVER, Redelivery.Order.PARALLEL)));
    append(Message.NO_TTL);
    append(Message.NO_TTL);
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(3);
    Delivery first = consumer.next();
    consumer.next();
    consumer.settle(first, Settlement.RELEASED);
    await().until(() -> store.engine().stats(ORDERS).delayedMessages() == 1);
    store.stop();

    assertThat(store.engine().stats(ORDERS).delayedMessages()).isEqualTo(1);
  }

  // what expires while the dead message queue is missing moves as soon as there is one.
  @Test
  void expiredMessageIsMovedLaterWhenItsDeadMessageQueueIsMissing() {
    store.declare(ORDERS, settings -> settings.respectTtl(true).deadMessageQueue(DEAD));
    store.declare(BILLS);
    append(1_000);
    store.clock.advance(Duration.ofSeconds(2));
    store.engine().wake();
    await()
        .untilAsserted(
            () -> assertThat(store.engine().stats(ORDERS).deadPendingMessages()).isEqualTo(1));
    store.declare(DEAD);

    store.clock.advance(Duration.ofSeconds(6));
    store.engine().wake();

    await().untilAsserted(() -> assertThat(store.engine().stats(DEAD).messages()).isEqualTo(1));
  }
}
