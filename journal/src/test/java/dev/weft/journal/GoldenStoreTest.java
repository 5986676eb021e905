// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * T-312, R-226: stores of earlier releases are read as they were written, for ever; what a newer
 * one wrote is refused and left alone.
 *
 * <p>The first release fixes the format; until then one command writes the stores of the current
 * one again:
 *
 * <pre>
 * mvn -pl journal -am test -Dtest=GoldenStoreTest -Dsurefire.failIfNoSpecifiedTests=false -Dweft.golden.write=1.0.0
 * </pre>
 */
class GoldenStoreTest {
  private static final List<String> RELEASES = List.of("1.0.0");

  static Stream<GoldenStore> stores() {
    return RELEASES.stream()
        .flatMap(
            release ->
                Stream.of(new GoldenStore(release, "stopped"), new GoldenStore(release, "killed")));
  }

  @Test
  @EnabledIfSystemProperty(named = "weft.golden.write", matches = ".+")
  void writesTheStoresOfThisRelease() throws IOException {
    GoldenStore.write(Path.of("src/test/resources"), System.getProperty("weft.golden.write"));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void storeIsReadAsItWasWritten(GoldenStore golden) throws IOException {
    try (TestStore store = GoldenStore.reopened(golden.disk())) {
      assertThat(GoldenStore.describe(store)).isEqualTo(golden.expected());
    }
  }

  /** */
  @ParameterizedTest
  @MethodSource("stores")
  void storeIsReadAsItWasWrittenWithoutItsIndexes(GoldenStore golden) throws IOException {
    try (TestStore store = GoldenStore.reopened(golden.disk())) {
      for (String name : List.copyOf(store.disk.list())) {
        if (name.endsWith(".index")) {
          store.disk.delete(name);
        }
      }

      assertThat(GoldenStore.describe(store)).isEqualTo(golden.expected());
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void storeGoesOnAfterIt(GoldenStore golden) throws IOException {
    try (TestStore store = GoldenStore.reopened(golden.disk())) {
      store.store(TestStore.DEAD, "new");
      String described = GoldenStore.describe(store);
      store.kill();

      assertThat(GoldenStore.describe(store)).isEqualTo(described).contains(" new\n");
    }
  }

  /** A golden store that misses a kind of record would prove nothing about it. */
  @ParameterizedTest
  @MethodSource("stores")
  void storeHoldsEveryKindOfRecord(GoldenStore golden) throws IOException {
    StoreReport report = StoreVerifier.verify(golden.disk(), StoreProgress.NONE);

    assertThat(report.isSound()).isTrue();
    assertThat(report.remarks()).isEmpty();
    List<String> kinds =
        Arrays.stream(RecordType.values())
            .filter(type -> type != RecordType.CLOSED || golden.name().equals("stopped"))
            .map(RecordType::name)
            .toList();
    assertThat(report.recordsByType().keySet()).containsAll(kinds);
    assertThat(report.clean()).isEqualTo(golden.name().equals("stopped"));
  }

  private static void assertRefused(FakeDisk disk, String reason) {
    try (TestStore store = GoldenStore.reopened(disk)) {
      Map<String, Integer> before = disk.fingerprint();
      assertThatThrownBy(store::engine)
          .isInstanceOf(StoreException.Unreadable.class)
          .hasMessageContaining(reason);
      assertThatThrownBy(() -> StoreVerifier.verify(disk, StoreProgress.NONE))
          .isInstanceOf(StoreException.Unreadable.class);
      assertThat(disk.fingerprint()).isEqualTo(before);
      assertThat(disk.openFiles()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void segmentThatNeedsANewerReaderIsRefused(GoldenStore golden) throws IOException {
    FakeDisk disk = golden.disk();
    String last = lastSegment(disk);
    byte[] content = disk.content(last);
    ByteBuffer header = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(12, RecordFormat.VERSION + 1);
    disk.put(last, content);

    assertRefused(disk, "needs a reader of format 2");
  }

  @ParameterizedTest
  @MethodSource("stores")
  void recordOfAnUnknownKindThatMayNotBeSkippedIsRefused(GoldenStore golden) throws IOException {
    FakeDisk disk = golden.disk();
    putUnknownRecord(disk);

    assertRefused(disk, "newer release");
  }

  private static String lastSegment(FakeDisk disk) throws IOException {
    Manifest manifest = Objects.requireNonNull(Manifest.read(disk));
    LogScanner.Result log = new LogScanner(disk, manifest, (_, _, _, _) -> {}, false).scan();
    for (Segment segment : log.segments()) {
      segment.file.close();
    }
    return SegmentHeader.fileName(log.segments().getLast().number);
  }

  /** Behind the end of the log. */
  private static void putUnknownRecord(FakeDisk disk) throws IOException {
    Manifest manifest = Objects.requireNonNull(Manifest.read(disk));
    LogScanner.Result log = new LogScanner(disk, manifest, (_, _, _, _) -> {}, false).scan();
    for (Segment open : log.segments()) {
      open.file.close();
    }
    Segment last = log.segments().getLast();
    long sequence = log.provenSequence() + log.unproven().size() + 1;
    ByteBuffer record = RecordFormat.buffer(48);
    RecordFormat format = new RecordFormat(manifest.storeId());
    format.finish(record, 0, 48, RecordType.MESSAGE, manifest.epoch(), sequence, 1, sequence - 1);
    record.put(10, (byte) 99);
    format.restamp(record, manifest.epoch());
    String name = SegmentHeader.fileName(last.number);
    byte[] content = disk.content(name);
    record.get(0, content, last.end, 48);
    disk.put(name, content);
  }
}
