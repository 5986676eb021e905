// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.SEGMENT_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.FakeClock;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** T-314 in small: a full disk stops publishers and nobody else. */
class FullDiskTest {
  private static final int DISK_SEGMENTS = 40;
  private static final int BODY_BYTES = 5_000;

  private final FakeDisk disk = new FakeDisk();
  private final TurnByTurn threads = new TurnByTurn(new SplittableRandom(1));
  private final List<StoreException> failures = new ArrayList<>();
  private JournalEngine engine;

  @BeforeEach
  void open() {
    disk.room((long) DISK_SEGMENTS * SEGMENT_BYTES);
    engine =
        JournalEngine.open(
            disk, threads, TestStore.SETTINGS, new FakeClock(), new SplittableRandom(1));
    engine.onFailure(failures::add);
    engine.declare(
        ORDERS, QueueSettings.DEFAULT.toBuilder().redelivery(Redelivery.IMMEDIATE).build());
  }

  private RecordingAppend append() {
    RecordingAppend append = new RecordingAppend();
    engine.append(List.of(ORDERS), Message.of(new byte[BODY_BYTES]), append);
    threads.runUntil(append::answered);
    return append;
  }

  /** Publishes until it is refused; how many were stored. */
  private int fill() {
    for (int stored = 0; stored < DISK_SEGMENTS * SEGMENT_BYTES / BODY_BYTES; stored++) {
      if (!append().awaitAnswer()) {
        return stored;
      }
    }
    throw new AssertionError("the disk is never full");
  }

  private void pass(int turns) {
    for (int i = 0; i < turns; i++) {
      threads.step();
    }
  }

  @Test
  void publishersAreRefusedBeforeTheLastRoomIsGone() {
    int stored = fill();

    assertThat(append().awaitRefused()).isInstanceOf(MeshException.StorageFull.class);
    assertThat(stored).isGreaterThan(DISK_SEGMENTS / 2 * SEGMENT_BYTES / BODY_BYTES);
    assertThat(engine.storageState()).isEqualTo(StorageState.FULL);
    assertThat(disk.space().freeBytes()).isGreaterThanOrEqualTo(SEGMENT_BYTES);
    assertThat(failures).isEmpty();
    engine.close();
  }

  // No message slips in while a pool of segments comes and goes.
  @Test
  void refusalsGoOnUntilThereIsRoomToSpare() {
    fill();
    for (int i = 0; i < 100; i++) {
      pass(10);
      assertThat(append().awaitRefused()).isInstanceOf(MeshException.StorageFull.class);
    }
    engine.close();
  }

  @Test
  void administrationAndConsumersGoOnAndPublishersFollowWithoutARestart() {
    int stored = fill();
    engine.declare(BILLS, QueueSettings.DEFAULT);
    RecordingConsumer consumer = RecordingConsumer.attach(engine, ORDERS).grant(stored);
    threads.runUntil(() -> consumer.deliveries().size() == stored);

    consumer.deliveries().forEach(delivery -> consumer.settle(delivery, Settlement.ACCEPTED));
    threads.runUntil(() -> engine.storageState() != StorageState.FULL);

    append().awaitStored();
    assertThat(engine.stats(ORDERS).messages()).isEqualTo(1);
    engine.close();
    assertThat(failures).isEmpty();
    JournalEngine again =
        JournalEngine.open(
            disk, threads, TestStore.SETTINGS, new FakeClock(), new SplittableRandom(1));
    assertThat(again.recovery().clean()).isTrue();
    again.close();
  }

  // One message that nobody settles holds the whole log, until outcomes have filled the reserve.
  @Test
  void outcomesWaitWhenEvenTheReserveIsUsedUpAndGoOnWithTheRoom() {
    RecordingConsumer consumer = outcomesFillTheReserve();
    int total = consumer.deliveries().size();
    pass(1_000);
    assertThat(consumer.deliveries()).as("hand-outs wait for the journal").hasSize(total);
    assertThat(append().awaitRefused()).isInstanceOf(MeshException.StorageFull.class);
    assertThat(failures).isEmpty();

    disk.room(Long.MAX_VALUE);

    threads.runUntil(() -> consumer.deliveries().size() > total);
    threads.runUntil(() -> engine.storageState() == StorageState.AMPLE);
    append().awaitStored();
    engine.close();
    assertThat(failures).isEmpty();
  }

  @Test
  void stopOnADiskWithoutAnyRoomComesToAnEnd() {
    outcomesFillTheReserve();

    engine.close();

    assertThat(threads.running()).isZero();
    assertThat(failures).isEmpty();
  }

  private RecordingConsumer outcomesFillTheReserve() {
    int stored = fill();
    disk.room(disk.bytes());
    RecordingConsumer consumer = RecordingConsumer.attach(engine, ORDERS).grant(stored);
    threads.runUntil(() -> consumer.deliveries().size() == stored);
    for (int round = 0; round < 40; round++) {
      consumer.deliveries().stream()
          .skip(1)
          .forEach(delivery -> consumer.settle(delivery, Settlement.RELEASED));
      consumer.grant(stored);
      pass(200);
    }
    return consumer;
  }

  // R-109 and the like need a place for hand-outs; a queue that would have none is refused.
  @Test
  void queueThatFindsNoPlaceForItsHandOutsIsRefused() {
    disk.fault(
        (operation, name, _) -> {
          if (operation == FakeDisk.Operation.WRITE && name.equals(HandOutMarks.FILE)) {
            throw new IOException("No space left on device");
          }
          return true;
        });
    QueueName next = new QueueName("acme/shop/one/next");

    assertThatThrownBy(() -> engine.declare(next, QueueSettings.DEFAULT))
        .isInstanceOf(MeshException.StorageFull.class);
    assertThat(engine.queues()).doesNotContainKey(next);

    disk.fault(null);
    engine.declare(next, QueueSettings.DEFAULT);
    engine.close();
    assertThat(failures).isEmpty();
  }

  // The recycled file is enough to go on with.
  @Test
  void segmentThatIsGivenUpIsReadyForUseAgainOnAFullDisk() {
    int stored = fill();
    disk.room(disk.bytes());
    RecordingConsumer consumer = RecordingConsumer.attach(engine, ORDERS).grant(stored);
    threads.runUntil(() -> consumer.deliveries().size() == stored);

    consumer.deliveries().forEach(delivery -> consumer.settle(delivery, Settlement.ACCEPTED));
    threads.runUntil(() -> engine.storageState() != StorageState.FULL);

    append().awaitStored();
    engine.close();
  }
}
