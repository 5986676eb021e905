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
 * T-309: {@value #KILLS_PER_BUILD} kills in every build, {@code -Dweft.crash.kills=1000} kills that
 * often, {@code -Dweft.crash.seed=…} repeats the clients' part of a run.
 */
class CrashTest {
  private static final int KILLS_PER_BUILD = 5;
  private static final int KILLS_PER_ROUND = 50;

  /** Kept for a look when the test fails. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  //
  @Test
  void nothingAcceptedIsLostAndNothingInventedWhenTheServerIsKilledUnderLoad() {
    new Campaign("crash", "kills")
        .run(
            KILLS_PER_BUILD,
            KILLS_PER_ROUND,
            folder,
            (seed, kills) -> {
              Path store = ownFolder(seed);
              SplittableRandom random = new SplittableRandom(seed);
              CrashHarness harness =
                  new CrashHarness(store, store.resolve("server.log"), new Kill(), random);
              harness.run(kills);
              return harness;
            });
  }

  private Path ownFolder(long seed) {
    try {
      return Files.createDirectory(folder.resolve("round" + seed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
