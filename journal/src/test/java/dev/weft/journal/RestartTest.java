// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.DEAD;
import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.queue.Delivery;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a restart finds again. */
class RestartTest {
  private final TestStore store = new TestStore();

  @AfterEach
  void close() {
    store.close();
  }

  /** the definition of a queue moves to the end of the log, behind messages of the queue. */
  @Test
  void queueKeepsItsMessagesWhenItsDefinitionIsWrittenAgain() {
    QueueName first = ORDERS;
    store.declare(first);
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), first).grant(8);
    IntStream.range(0, 8).forEach(i -> store.append(first, filled("gone" + i, 10_000)));
    List<Delivery> gone = consumer.next(8);
    IntStream.range(0, 8)
        .forEach(i -> store.append(first, filled("kept" + i, 10_000)).awaitStored());
    gone.forEach(delivery -> consumer.settle(delivery, Settlement.ACCEPTED));
    consumer.close();
    await().until(() -> !store.segments().contains(SegmentHeader.fileName(1)));

    store.stop();

    assertThat(store.texts(first))
        .containsExactly("kept0", "kept1", "kept2", "kept3", "kept4", "kept5", "kept6", "kept7");
  }

  /** the journal hears of each hand-out, in the order things happened. */
  @Test
  void eachKillCountsTheAttemptThatItEnded() {
    store.declare(ORDERS);
    store.store(ORDERS, "poison");
    for (int life = 0; life < 5; life++) {
      Delivery delivery = RecordingConsumer.attach(store.engine(), ORDERS).grant(10).next();
      assertThat(delivery.failedCount()).isEqualTo(life);
      assertThat(delivery.acquiredCount()).isEqualTo(life);
      store.kill();
    }
  }

  /** a message that came back at once and was handed out in the same turn. */
  @Test
  void killCountsAHandOutThatFollowedItsReturnAtOnce() {
    store.declare(ORDERS, settings -> settings.redelivery(Redelivery.IMMEDIATE));
    store.store(ORDERS, "again");
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(10);
    consumer.settle(consumer.next(), Settlement.RELEASED);
    Delivery second = consumer.next();
    assertThat(second.acquiredCount()).isEqualTo(1);
    store.kill();

    Delivery third = RecordingConsumer.attach(store.engine(), ORDERS).grant(10).next();
    assertThat(third.acquiredCount()).isEqualTo(2);
    assertThat(third.failedCount()).isEqualTo(2);
  }

  /** a message that ends its reader each time is dead at some time. */
  @Test
  void messageDiesWhenTheEngineEndedDuringItsLastAttempt() {
    store.declare(DEAD);
    store.declare(ORDERS, settings -> settings.maxRedeliveries(1).deadMessageQueue(DEAD));
    store.store(ORDERS, "poison");
    for (int life = 0; life < 2; life++) {
      RecordingConsumer.attach(store.engine(), ORDERS).grant(10).next();
      store.kill();
    }
    store.engine();

    await().untilAsserted(() -> assertThat(store.texts(DEAD)).containsExactly("poison"));
    assertThat(store.texts(ORDERS)).isEmpty();
  }

  /** a lower maximum takes effect with the next failed attempt, not with a restart. */
  @Test
  void messageThatWaitsOutlivesARestartUnderALowerMaximum() {
    store.declare(ORDERS, settings -> settings.redelivery(Redelivery.IMMEDIATE));
    store.store(ORDERS, "tried");
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(10);
    consumer.settle(consumer.next(), Settlement.RELEASED);
    consumer.settle(consumer.next(), Settlement.RELEASED);
    consumer.settle(consumer.next(), new Settlement.Released(true));
    consumer.close();
    store.declare(ORDERS, settings -> settings.maxRedeliveries(1));
    store.stop();

    assertThat(store.texts(ORDERS)).containsExactly("tried");
  }

  @Test
  void timeToLiveThatWasSwitchedOnLaterHoldsAfterARestart() {
    store.declare(ORDERS);
    store.store(ORDERS, "old");
    store.declare(ORDERS, settings -> settings.respectTtl(true).maxTtl(Duration.ofMinutes(1)));
    store.stop();
    store.engine();
    store.clock.advance(Duration.ofMinutes(1));
    store.engine().wake();
    store.clock.advance(Duration.ofMinutes(1)); // In steps: a leap would be held.
    store.engine().wake();

    await().untilAsserted(() -> assertThat(store.texts(ORDERS)).isEmpty());
  }

  /** an opening that was killed, another one, and then the power goes. */
  @Test
  void openingMayEndAnywhereAndBeFollowedByALossOfPower() {
    store.declare(ORDERS);
    IntStream.range(0, 14)
        .forEach(i -> store.append(ORDERS, filled("message" + i, 6_000)).awaitStored());
    store.kill();
    FakeDisk killed = store.disk;
    for (int operations = 0; operations < 60; operations++) {
      for (long seed = 0; seed < 3; seed++) {
        FakeDisk first = killed.copy();
        first.failAfter(operations);
        try {
          JournalEngine.open(first, store.settings, store.clock, new SplittableRandom(1)).close();
        } catch (StoreException e) {
          assertThat(e).isInstanceOf(StoreException.Unreadable.class);
        }
        store.disk = first.afterKill();
        store.engine();
        store.losePower(new SplittableRandom(seed));
        assertThat(store.texts(ORDERS)).as("%s, seed %s", operations, seed).hasSize(14);
        store.stop();
      }
    }
  }

  /** what waited for its time in a queue that is gone does not come back. */
  @Test
  void deletedQueueLeavesNothingToTheDeadMessageQueueAfterARestart() {
    store.declare(DEAD);
    store.declare(ORDERS, settings -> settings.respectTtl(true).deadMessageQueue(DEAD));
    RecordingAppend mortal = new RecordingAppend();
    store.engine().append(List.of(ORDERS), new Message(true, 4, 1_000, new byte[] {1}), mortal);
    mortal.awaitStored();
    store.engine().delete(ORDERS);
    store.kill();
    store.engine();
    store.clock.advance(Duration.ofMinutes(1));

    store.engine().wake();
    store.declare(BILLS); // Behind what the journal was told in that turn.

    assertThat(store.engine().stats(DEAD).messages()).isZero();
  }
}
