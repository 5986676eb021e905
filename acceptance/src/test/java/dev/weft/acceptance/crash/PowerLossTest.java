// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.disk.LoopFileSystem;
import dev.weft.acceptance.disk.LoopFileSystem.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * T-310: {@value #CYCLES_PER_BUILD} power losses in every build, half of them on ext4 and half on
 * XFS; {@code -Dweft.power.cycles=500} that many, {@code -Dweft.power.seed=…} repeats the clients'
 * part of a run. Even seeds run on ext4, odd ones on XFS.
 */
class PowerLossTest {
  private static final int CYCLES_PER_BUILD = 4;
  private static final int CYCLES_PER_ROUND = 25;
  private static final long DISK_BYTES = 2L << 30;

  /** Kept for a look when the test fails: the images can be mounted again. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @BeforeEach
  void needsRealDisks() {
    for (Kind kind : Kind.values()) {
      LoopFileSystem.require(kind);
    }
  }

  //
  @Test
  void nothingAcceptedIsLostAndNothingInventedWhenThePowerIsLostUnderLoad() {
    int cycles = Integer.getInteger("weft.power.cycles", CYCLES_PER_BUILD);
    int perRound = Math.min(CYCLES_PER_ROUND, Math.max(1, (cycles + 1) / 2));
    new Campaign("power", "cycles").run(CYCLES_PER_BUILD, perRound, folder, this::round);
  }

  private CrashHarness round(long seed, int cycles) {
    Kind kind = Math.floorMod(seed, 2) == 0 ? Kind.EXT4 : Kind.XFS;
    Path own = ownFolder(seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (LoopFileSystem disk = LoopFileSystem.make(own, kind, DISK_BYTES)) {
      PowerLoss strike = new PowerLoss(disk, random.split());
      CrashHarness harness =
          new CrashHarness(disk.root(), own.resolve("server.log"), strike, random);
      harness.run(cycles);
      return harness;
    }
  }

  private Path ownFolder(long seed) {
    try {
      return Files.createDirectory(folder.resolve("round" + seed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
