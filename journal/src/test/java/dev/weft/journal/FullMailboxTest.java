// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.Delivery;
import dev.weft.queue.FakeClock;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a queue loop has for a journal that takes nothing waits in order; nothing is lost. */
class FullMailboxTest {
  /** More hand-outs than the journal's mailbox has room for, which is a power of two. */
  private static final int MANY = 34_000;

  private static final Settlement UNREAD = new Settlement.Released(true);

  private final FakeDisk disk = new FakeDisk();
  private final TurnByTurn threads = new TurnByTurn(new SplittableRandom(1));
  private JournalEngine engine = open(disk);

  private JournalEngine open(FakeDisk on) {
    return JournalEngine.open(
        on,
        threads,
        TestStore.SETTINGS.withSegmentBytes(1024 * 1024),
        new FakeClock(),
        new SplittableRandom(1));
  }

  private void declare(QueueName queue) {
    engine.declare(
        queue,
        QueueSettings.DEFAULT.toBuilder()
            .redelivery(Redelivery.IMMEDIATE)
            .maxUnsettledPerConsumer(MANY)
            .build());
  }

  private void store(QueueName queue, int count) {
    RecordingAppend last = new RecordingAppend();
    for (int i = 0; i < count; i++) {
      last = new RecordingAppend();
      engine.append(List.of(queue), Message.of(new byte[1]), last);
      if (i % 500 == 499) {
        threads.runUntil(last::answered);
      }
    }
    threads.runUntil(last::answered);
  }

  private List<Delivery> takeAll(RecordingConsumer consumer, int count) {
    consumer.grant(count);
    threads.runUntil(() -> consumer.deliveries().size() == count);
    return consumer.deliveries();
  }

  /** Lets the queue loop hand out more than the journal takes while that is held. */
  private RecordingConsumer fillTheJournalsMailbox() {
    declare(BILLS);
    store(BILLS, MANY);
    RecordingConsumer consumer = RecordingConsumer.attach(engine, BILLS);
    List<Delivery> deliveries = takeAll(consumer, MANY);
    threads.hold("journal", 1_000);
    deliveries.forEach(delivery -> consumer.settle(delivery, UNREAD));
    consumer.grant(MANY);
    for (int turn = 0; turn < 500; turn++) {
      threads.step();
    }
    return consumer;
  }

  /** Leaves every second message, so that a purge needs more than one record. */
  private RecordingConsumer storeWithGaps() {
    declare(ORDERS);
    store(ORDERS, 4_000);
    RecordingConsumer consumer = RecordingConsumer.attach(engine, ORDERS);
    List<Delivery> deliveries = takeAll(consumer, 4_000);
    for (int i = 0; i < deliveries.size(); i += 2) {
      consumer.settle(deliveries.get(i), Settlement.ACCEPTED);
    }
    threads.runUntil(() -> engine.stats(ORDERS).messages() == 2_000);
    return consumer;
  }

  // One record of all those returns would not fit a segment.
  @Test
  void returnsThatPileUpAreCutIntoRecordsThatFitAndComeBackAllTheSame() {
    RecordingConsumer consumer = fillTheJournalsMailbox();

    for (int i = 0; i < 100 && consumer.deliveries().size() < 2 * MANY; i++) {
      engine.declare(ORDERS, QueueSettings.DEFAULT);
      engine.wake();
    }
    assertThat(consumer.deliveries()).hasSize(2 * MANY);
    engine.close();
    assertThat(open(disk.copy()).recovery().clean()).isTrue();
  }

  // SPI: durable when it returns.
  @Test
  void purgeIsAnsweredOnlyWhenAllOfItIsDurable() {
    storeWithGaps().close();
    fillTheJournalsMailbox();

    assertThat(engine.purge(ORDERS)).isEqualTo(2_000);

    engine = open(disk.afterKill());
    assertThat(engine.stats(ORDERS).messages()).isZero();
  }

  // what was settled just before the queue went must not hold its segments for ever.
  @Test
  void deletionLosesNoSettlementThatTheJournalHadNoRoomFor() {
    RecordingConsumer consumer = storeWithGaps();
    fillTheJournalsMailbox();
    List<Delivery> left = consumer.deliveries();
    for (int i = 1; i < left.size(); i += 2) {
      consumer.settle(left.get(i), Settlement.ACCEPTED);
    }
    engine.delete(ORDERS);
    engine.delete(BILLS);

    assertThatTheLogShrinksToOneSegment();
  }

  // R-222, and memory: the message enters its queue before the queue goes, in one batch.
  @Test
  void deletionRightBehindAnAppendLeavesNothingBehind() {
    declare(ORDERS);
    RecordingAppend append = new RecordingAppend();
    engine.append(List.of(ORDERS), Message.of(new byte[400_000]), append);
    engine.delete(ORDERS);
    append.awaitStored();

    declare(BILLS);
    for (int i = 0; i < 4; i++) {
      RecordingAppend big = new RecordingAppend();
      engine.append(List.of(BILLS), Message.of(new byte[400_000]), big);
      threads.runUntil(big::answered);
    }
    engine.delete(BILLS);

    assertThatTheLogShrinksToOneSegment();
  }

  private void assertThatTheLogShrinksToOneSegment() {
    for (int i = 0; i < 20; i++) {
      declare(ORDERS); // Segments are given up when a batch was forced.
    }
    assertThat(TestStore.segments(disk)).hasSize(1);
    engine.close();
  }
}
