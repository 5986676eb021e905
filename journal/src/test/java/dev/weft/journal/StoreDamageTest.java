// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** what recovery takes for the torn end of the log, and what for damage. */
class StoreDamageTest {
  private final TestStore store = new TestStore();

  @AfterEach
  void close() {
    store.close();
  }

  private void storeThreeSegments() {
    store.declare(ORDERS);
    IntStream.range(0, 24)
        .forEach(i -> store.append(ORDERS, filled("message" + i, 6_000)).awaitStored());
  }

  private void assertRefused(String reason) {
    Map<String, Integer> before = store.disk.fingerprint();
    assertThatThrownBy(store::engine)
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining(reason);
    assertThat(store.disk.fingerprint()).isEqualTo(before);
    assertThat(store.disk.openFiles()).isZero();
  }

  @Test
  void storeWithoutAnyOfItsSegmentsIsDamaged() throws IOException {
    storeThreeSegments();
    store.kill();
    for (String name : List.copyOf(store.disk.list())) {
      if (SegmentHeader.numberOf(name) != null) {
        store.disk.delete(name);
      }
    }

    assertRefused("is missing");
  }

  @Test
  void segmentThatWasCutIsDamaged() {
    storeThreeSegments();
    store.kill();
    String last = store.segments().getLast();
    store.disk.truncate(last, TestStore.SEGMENT_BYTES - 8);

    assertRefused("were written");
  }

  @Test
  void segmentThatWasCutToNothingIsDamaged() {
    storeThreeSegments();
    store.kill();
    store.disk.truncate(store.segments().getLast(), 0);

    assertRefused("was cut");
  }

  @Test
  void promisedRecordsBehindALostHeaderAreDamage() {
    storeThreeSegments();
    store.kill();
    byte[] last = store.disk.content(store.segments().getLast());
    Arrays.fill(last, 0, SegmentHeader.BYTES, (byte) 0);
    store.disk.put(store.segments().getLast(), last);

    assertRefused("header");
  }

  /** what recovery wrote again was forced before the segment's header says so. */
  @Test
  void recordsThatRecoveryWroteAgainArePromised() {
    store.declare(ORDERS);
    store.store(ORDERS, "first", "second");
    store.kill();
    assertThat(store.engine().recovery().rewritten()).isPositive();
    store.kill();
    String last = store.segments().getLast();
    byte[] damaged = store.disk.content(last);
    damaged[SegmentHeader.BYTES + 20] ^= 1;
    store.disk.put(last, damaged);

    assertRefused("promised");
  }

  @Test
  void largeRecordsStayReadableWithSmallerSegments() {
    store.settings = TestStore.SETTINGS.withSegmentBytes(2 * TestStore.SEGMENT_BYTES);
    store.declare(ORDERS, settings -> settings.maxMessageBytes(100_000));
    store.append(ORDERS, filled("large", 100_000)).awaitStored();
    store.stop();
    store.settings = TestStore.SETTINGS;

    assertThat(store.texts(ORDERS)).containsExactly("large");
  }

  /** nothing was promised yet when the very first start ended in its first write. */
  @Test
  void firstStartMayEndInItsFirstWrite() {
    store.disk.put("manifest-b", new byte[20]);

    store.declare(ORDERS);
    store.store(ORDERS, "message");
    store.kill();
    assertThat(store.texts(ORDERS)).containsExactly("message");
    store.kill();
    store.disk.put("manifest-a", new byte[20]);
    store.disk.put("manifest-b", new byte[20]);
    assertRefused("manifest");
  }

  /** an older reader passes over it, and hands it on when it writes the log's end again. */
  @Test
  void recordThatMayBeSkippedOutlivesRecovery() throws IOException {
    store.declare(ORDERS);
    store.store(ORDERS, "before");
    store.kill();
    long sequence = StoreVerifier.verify(store.disk, StoreProgress.NONE).records() + 1;
    appendSkippable(sequence);

    assertThat(store.texts(ORDERS)).containsExactly("before");
    store.store(ORDERS, "after");
    store.kill();
    assertThat(store.texts(ORDERS)).containsExactly("before", "after");
  }

  /** Puts a record of a type that this release does not know behind the end of the log. */
  private void appendSkippable(long sequence) throws IOException {
    Manifest manifest = Objects.requireNonNull(Manifest.read(store.disk));
    LogScanner.Result log = new LogScanner(store.disk, manifest, (_, _, _, _) -> {}, false).scan();
    Segment last = log.segments().getLast();
    ByteBuffer record = RecordFormat.buffer(48);
    RecordFormat format = new RecordFormat(manifest.storeId());
    format.finish(record, 0, 48, RecordType.MESSAGE, manifest.epoch(), sequence, 1, sequence - 1);
    record.put(10, (byte) 99).put(11, (byte) RecordFormat.FLAG_SKIPPABLE);
    format.restamp(record, manifest.epoch());
    String name = SegmentHeader.fileName(last.number);
    byte[] content = store.disk.content(name);
    record.get(0, content, last.end, 48);
    store.disk.put(name, content);
  }
}
