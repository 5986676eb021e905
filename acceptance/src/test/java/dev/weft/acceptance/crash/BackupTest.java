// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * T-317: a backup under load, restored and started: everything that was accepted before it began is
 * there or was settled, nothing is invented, order holds. {@value #CYCLES_PER_BUILD} in every
 * build, {@code -Dweft.backup.cycles=10} makes that many, {@code -Dweft.backup.seed=…} repeats the
 * clients' part of one.
 */
class BackupTest {
  private static final int CYCLES_PER_BUILD = 1;

  /** Kept for a look when the test fails. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  //
  @Test
  void restoredBackupHoldsEverythingThatWasAcceptedBeforeItBegan() {
    new Campaign("backup", "cycles").run(CYCLES_PER_BUILD, 1, folder, (seed, cycles) -> run(seed));
  }

  private CrashHarness run(long seed) {
    try {
      Path source = Files.createDirectory(folder.resolve("source" + seed));
      Path target = Files.createDirectory(folder.resolve("target" + seed));
      CrashHarness harness =
          new CrashHarness(
              source, source.resolve("server.log"), new Kill(), new SplittableRandom(seed));
      harness.backUpAndRestore(target);
      return harness;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
