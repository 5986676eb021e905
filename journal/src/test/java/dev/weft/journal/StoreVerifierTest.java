// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.DEAD;
import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings.OnReject;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Settlement;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** what a reading of the whole store tells, and that it changes nothing. */
class StoreVerifierTest {
  private final TestStore store = new TestStore();

  @AfterEach
  void close() {
    store.close();
  }

  private StoreReport verify() throws IOException {
    Map<String, Integer> before = store.disk.fingerprint();
    StoreReport report = StoreVerifier.verify(store.disk, StoreProgress.NONE);
    assertThat(store.disk.fingerprint()).isEqualTo(before);
    assertThat(store.disk.openFiles()).isZero();
    return report;
  }

  /** Ten records per segment. */
  private void storeOrders(int count) {
    IntStream.range(0, count)
        .forEach(i -> store.append(ORDERS, filled("message" + i, 6_000)).awaitStored());
  }

  private void damage(String name, int at) {
    byte[] content = store.disk.content(name);
    content[at] ^= 1;
    store.disk.put(name, content);
  }

  @Test
  void soundStoreTellsItsQueuesAsAStartFindsThem() throws IOException {
    store.declare(DEAD);
    store.declare(ORDERS, settings -> settings.onReject(OnReject.DEAD).deadMessageQueue(DEAD));
    store.declare(BILLS);
    RecordingAppend both = new RecordingAppend();
    store.engine().append(List.of(ORDERS, BILLS), Message.of(new byte[] {1, 2, 3}), both);
    both.awaitStored();
    store.store(ORDERS, "rejected", "settled", "kept");
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(3);
    consumer.settle(consumer.next(), Settlement.ACCEPTED);
    consumer.settle(consumer.next(), new Settlement.Rejected(null));
    consumer.settle(consumer.next(), Settlement.ACCEPTED);
    store.stop();

    StoreReport report = verify();

    assertThat(report.isSound()).isTrue();
    assertThat(report.clean()).isTrue();
    assertThat(report.remarks()).isEmpty();
    assertThat(report.recordsByType())
        .containsEntry("DECLARED", 3L)
        .containsEntry("MESSAGE", 4L)
        .containsEntry("MOVED", 1L)
        .containsEntry("CLOSED", 1L);
    for (StoreReport.QueueContent queue : report.queues()) {
      var stats = store.engine().stats(new QueueName(queue.name()));
      assertThat(queue.messages()).as(queue.name()).isEqualTo(stats.messages());
      assertThat(queue.bytes()).as(queue.name()).isEqualTo(stats.bytes());
    }
    assertThat(report.queues())
        .extracting(StoreReport.QueueContent::messages)
        .containsExactly(1L, 1L, 1L);
  }

  @Test
  void damageInASealedSegmentNamesItsPlaceAndEveryQueueInIt() throws IOException {
    store.declare(ORDERS);
    storeOrders(24);
    store.stop();
    String first = store.segments().getFirst();
    // The declaration, then messages of 6,064 or so bytes each: the second one.
    damage(first, SegmentHeader.BYTES + 8_000);

    StoreReport report = verify();

    assertThat(report.isSound()).isFalse();
    assertThat(report.damages()).hasSize(1);
    StoreReport.Damage damage = report.damages().getFirst();
    assertThat(damage.file()).isEqualTo(first);
    assertThat(damage.firstSequence()).isEqualTo(3);
    assertThat(damage.lastSequence()).isEqualTo(3);
    assertThat(damage.fromOffset()).isLessThanOrEqualTo(SegmentHeader.BYTES + 8_000);
    assertThat(damage.toOffset()).isGreaterThan(SegmentHeader.BYTES + 8_000);
    assertThat(damage.queues()).containsExactly(ORDERS.value());
    assertThat(damage.allQueuesKnown()).isTrue();
    assertThat(report.queues())
        .containsExactly(new StoreReport.QueueContent(ORDERS.value(), 23, 23 * 6_000));
  }

  @Test
  void damageWithoutAnIndexNamesTheQueuesThatLaterRecordsName() throws IOException {
    store.declare(ORDERS);
    store.store(ORDERS, "first", "second");
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(1);
    consumer.settle(consumer.next(), Settlement.ACCEPTED);
    store.stop();
    String only = store.segments().getFirst();
    LogScanner.Result log =
        new LogScanner(
                store.disk,
                java.util.Objects.requireNonNull(Manifest.read(store.disk)),
                (type, buffer, start, location) -> {
                  if (RecordFormat.sequence(buffer, start) == 2) {
                    damage(only, Location.offset(location) + 20);
                  }
                },
                false)
            .scan();
    for (Segment segment : log.segments()) {
      segment.file.close();
    }

    StoreReport.Damage damage = verify().damages().getFirst();

    assertThat(damage.firstSequence()).isEqualTo(2);
    assertThat(damage.lastSequence()).isEqualTo(2);
    assertThat(damage.queues()).containsExactly(ORDERS.value());
    assertThat(damage.allQueuesKnown()).isFalse();
  }

  @Test
  void missingSegmentIsDamageWithItsSequences() throws IOException {
    store.declare(ORDERS);
    storeOrders(34);
    store.stop();
    List<String> segments = store.segments();
    store.disk.delete(segments.get(1));

    StoreReport.Damage damage = verify().damages().getFirst();

    assertThat(damage.file()).isEqualTo(segments.get(1));
    assertThat(damage.reason()).contains("missing");
    assertThat(damage.lastSequence()).isGreaterThan(damage.firstSequence());
  }

  @Test
  void bothManifestsDamagedLeaveTheCountsOfTheSegments() throws IOException {
    store.declare(ORDERS);
    store.store(ORDERS, "one");
    store.stop();
    damage("manifest-a", 20);
    damage("manifest-b", 20);

    StoreReport report = verify();

    assertThat(report.damages().getFirst().file()).isEqualTo("manifest");
    assertThat(report.queues()).extracting(StoreReport.QueueContent::messages).containsExactly(1L);
  }

  @Test
  void recordsBehindTheLastProvenOneAreNoDamage() throws IOException {
    store.declare(ORDERS);
    store.store(ORDERS, "one", "two");
    store.kill();

    StoreReport report = verify();

    assertThat(report.isSound()).isTrue();
    assertThat(report.clean()).isFalse();
    assertThat(report.unproven()).isPositive();
    assertThat(report.queues().getFirst().messages()).isEqualTo(2);
  }

  /** */
  @Test
  void missingDamagedAndStrayIndexesAreRemarks() throws IOException {
    store.declare(ORDERS);
    storeOrders(34);
    store.stop();
    store.disk.delete(SegmentIndex.fileName(1));
    damage(SegmentIndex.fileName(2), 100);
    store.disk.put(SegmentIndex.fileName(77), new byte[10]);

    StoreReport report = verify();

    assertThat(report.isSound()).isTrue();
    assertThat(report.remarks()).hasSize(3);
    assertThat(String.join("\n", report.remarks()))
        .contains("1.index is missing", "2.index is damaged or stale", "77.index belongs to no");
  }

  @Test
  void directoryWithoutAStoreIsUnreadable() {
    assertThatThrownBy(() -> StoreVerifier.verify(new FakeDisk(), StoreProgress.NONE))
        .isInstanceOf(StoreException.Unreadable.class)
        .hasMessageContaining("no store");
  }

  @Test
  void progressReachesTheBytesOfTheSegments() throws IOException {
    store.declare(ORDERS);
    storeOrders(24);
    store.stop();
    long[] last = new long[2];

    StoreVerifier.verify(
        store.disk,
        (bytes, total) -> {
          assertThat(bytes).isBetween(last[0], total);
          last[0] = bytes;
          last[1] = total;
        });

    assertThat(last[0]).isEqualTo(last[1]);
    assertThat(last[1]).isGreaterThanOrEqualTo(3L * TestStore.SEGMENT_BYTES);
  }
}
