// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.Delivery;
import dev.weft.queue.FakeClock;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Settlement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** a copy of a store that goes on is the store as it was when the copy was asked for. */
class StoreBackupTest {
  @TempDir Path folder;

  private final TestStore store = new TestStore();

  @AfterEach
  void close() {
    store.close();
  }

  private static void append(JournalEngine engine, QueueName queue, byte[] body) {
    RecordingAppend listener = new RecordingAppend();
    engine.append(List.of(queue), Message.of(body), listener);
    listener.awaitStored();
  }

  /** Writes that many segments full of messages of another queue, and consumes them. */
  private static void passThrough(JournalEngine engine, int segments) {
    RecordingConsumer consumer = RecordingConsumer.attach(engine, BILLS).grant(10_000);
    for (int i = 0; i < 10 * segments; i++) {
      append(engine, BILLS, filled("passing", 6_000));
      consumer.settle(consumer.next(), Settlement.ACCEPTED);
    }
    consumer.close();
  }

  private void fill() {
    store.declare(ORDERS);
    store.declare(BILLS);
    IntStream.range(0, 34)
        .forEach(i -> store.append(ORDERS, filled("message" + i, 6_000)).awaitStored());
  }

  /** Opens the store on a disk and gives what waits. */
  private List<String> texts(FakeDisk disk) {
    store.disk = disk;
    return store.texts(ORDERS);
  }

  @Test
  void copyHoldsWhatWasAcceptedBeforeAndNothingOfWhatCameAfter() throws IOException {
    fill();
    FakeDisk copy = new FakeDisk();

    StoreBackup.Result result = store.engine().backup(copy);
    store.store(ORDERS, "after");
    store.stop();

    assertThat(result.segments()).isEqualTo(4);
    assertThat(result.linked()).isZero();
    StoreReport report = StoreVerifier.verify(copy, StoreProgress.NONE);
    assertThat(report.isSound()).isTrue();
    assertThat(report.remarks()).isEmpty();
    assertThat(texts(copy)).hasSize(34).startsWith("message0").endsWith("message33");
  }

  @Test
  void segmentsStayUntilTheyAreCopied() throws IOException {
    fill();
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(34);
    List<Delivery> all = consumer.next(34);
    FakeDisk copy = new FakeDisk();
    copy.fault(
        (operation, name, number) -> {
          if (number == 0) {
            // The first change of the copy: the store goes on and needs none of its segments.
            all.forEach(delivery -> consumer.settle(delivery, Settlement.ACCEPTED));
            passThrough(store.engine(), 8);
            assertThat(store.segments()).contains(SegmentHeader.fileName(1));
          }
          return true;
        });

    store.engine().backup(copy);
    copy.fault(null);

    passThrough(store.engine(), 1);
    assertThat(store.segments()).doesNotContain(SegmentHeader.fileName(1));
    store.stop();
    assertThat(texts(copy)).hasSize(34);
  }

  /** hand-outs that came later must not count for messages that come later still. */
  @Test
  void marksOfTheCopySayNoMoreThanItsRecords() throws IOException {
    store.declare(ORDERS);
    store.store(ORDERS, "first", "second");
    RecordingConsumer.attach(store.engine(), ORDERS).grant(10).next(2);
    FakeDisk copy = new FakeDisk();
    copy.fault(
        (operation, name, number) -> {
          if (number == 0) {
            store.store(ORDERS, "third", "fourth");
          }
          return true;
        });
    store.engine().backup(copy);
    copy.fault(null);
    store.stop();

    store.disk = copy;
    store.store(ORDERS, "another");
    List<Delivery> all = RecordingConsumer.attach(store.engine(), ORDERS).grant(3).next(3);
    assertThat(all.stream().map(Delivery::acquiredCount)).containsExactly(1, 1, 0);
  }

  @Test
  void copyOfAStoppedStoreIsTheSame() throws IOException {
    fill();
    store.stop();
    FakeDisk copy = new FakeDisk();

    StoreBackup.copyStopped(store.disk, copy);

    StoreReport report = StoreVerifier.verify(copy, StoreProgress.NONE);
    assertThat(report.clean()).isTrue();
    assertThat(report.remarks()).isEmpty();
    assertThat(texts(copy)).hasSize(34);
  }

  @Test
  void damagedStoreIsNotCopied() {
    fill();
    store.stop();
    String first = store.segments().getFirst();
    byte[] content = store.disk.content(first);
    content[20_000] ^= 1;
    store.disk.put(first, content);
    FakeDisk copy = new FakeDisk();

    assertThatThrownBy(() -> StoreBackup.copyStopped(store.disk, copy))
        .isInstanceOf(StoreException.Corrupt.class);
    assertThat(copy.list()).isEmpty();
  }

  @Test
  void directoryThatHoldsSomethingIsRefused() {
    store.declare(ORDERS);
    FakeDisk copy = new FakeDisk();
    copy.put("something", new byte[1]);

    assertThatThrownBy(() -> store.engine().backup(copy))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not empty");
    store.store(ORDERS, "goes on");
  }

  /** A file that the copy shares is never written over, however long the store goes on. */
  @Test
  void linkedSegmentsKeepTheirBytesWhileTheStoreGoesOn() throws IOException {
    Path source = folder.resolve("source");
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (JournalEngine engine =
        JournalEngine.open(
            source, TestStore.SETTINGS, new FakeClock(), RandomGenerator.getDefault())) {
      engine.declare(ORDERS, QueueSettings.DEFAULT);
      engine.declare(BILLS, QueueSettings.DEFAULT);
      IntStream.range(0, 34).forEach(i -> append(engine, ORDERS, filled("message" + i, 6_000)));

      StoreBackup.Result result = engine.backup(copy);
      assertThat(result.linked()).isEqualTo(result.segments() - 1);
      Map<String, String> before = modesAndSums(copy);
      engine.purge(ORDERS);
      passThrough(engine, 12);
      assertThat(source.resolve(SegmentHeader.fileName(1))).doesNotExist();

      assertThat(modesAndSums(copy)).isEqualTo(before);
    }
    assertThat(StoreVerifier.verify(copy, StoreProgress.NONE).isSound()).isTrue();
    try (JournalEngine engine =
        JournalEngine.open(
            copy, TestStore.SETTINGS, new FakeClock(), RandomGenerator.getDefault())) {
      assertThat(engine.browse(ORDERS, 0, 100)).hasSize(34);
    }
  }

  private static Map<String, String> modesAndSums(Path directory) throws IOException {
    Map<String, String> found = new java.util.TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(Files.readAllBytes(file));
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        assertThat(mode).isEqualTo("rw-------");
        found.put(file.getFileName().toString(), mode + " " + crc.getValue());
      }
    }
    return found;
  }
}
