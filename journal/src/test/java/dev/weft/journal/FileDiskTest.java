// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.FakeClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real directory: who may have it, and when it is given back. */
class FileDiskTest {
  @TempDir Path directory;

  private JournalEngine open(Path where) {
    return JournalEngine.open(where, TestStore.SETTINGS, new FakeClock(), new SplittableRandom(1));
  }

  @Test
  void secondEngineOfTheSameProcessIsRefusedByAnyPath() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("store"));
    try (JournalEngine _ = open(directory.resolve("store"))) {
      assertThatThrownBy(() -> open(directory.resolve("store")))
          .isInstanceOf(StoreException.InUse.class);
      assertThatThrownBy(() -> open(link)).isInstanceOf(StoreException.InUse.class);
    }
  }

  // The operating system drops the process's lock when any channel on the file is closed.
  @Test
  void refusedSecondEngineDoesNotTakeTheFirstOnesLockAway() throws Exception {
    try (JournalEngine _ = open(directory)) {
      assertThatThrownBy(() -> open(directory)).isInstanceOf(StoreException.InUse.class);

      assertThat(answerOfAnotherProcess()).isEqualTo("InUse");
    }
    assertThat(answerOfAnotherProcess()).isEqualTo("free");
  }

  private String answerOfAnotherProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    process.waitFor();
    return said;
  }

  /** Tries to lock a directory. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] arguments) throws IOException {
      try (Disk _ = FileDisk.lock(Path.of(arguments[0]))) {
        System.out.print("free"); // tidy: its answer to the test
      } catch (StoreException.InUse _) {
        System.out.print("InUse"); // tidy: its answer to the test
      }
    }
  }

  @Test
  void closedDirectoryCanBeOpenedAgain() {
    open(directory).close();

    open(directory).close();
  }

  //
  @Test
  void directoryOfAnEngineThatFailedIsFreeOnceItIsClosed() {
    JournalEngine engine = open(directory);
    engine.fail(new IOException("Input/output error"));
    engine.close();

    open(directory).close();
  }

  @Test
  void directoryThatCouldNotBeOpenedIsFreeAgain() throws IOException {
    open(directory).close();
    for (String manifest : new String[] {"manifest-a", "manifest-b"}) {
      Files.deleteIfExists(directory.resolve(manifest));
    }
    assertThatThrownBy(() -> open(directory)).isInstanceOf(StoreException.Corrupt.class);

    FileDisk.lock(directory).close();
  }

  @Test
  void closingTheDiskClosesEveryFileThatIsStillOpen() throws IOException {
    FileDisk disk = FileDisk.lock(directory);
    Disk.File file = disk.open("file");
    Disk.File reading = disk.openForReading("file");

    disk.close();

    assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 0))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(reading::size).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void filesAreTheOwnersOnly() throws IOException {
    Path store = directory.resolve("store");
    open(store).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store)))
        .isEqualTo("rwx------");
    try (var files = Files.list(store)) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }
}
