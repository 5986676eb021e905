// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.disk.FailingCall;
import dev.weft.acceptance.disk.LoopFileSystem;
import dev.weft.acceptance.disk.LoopFileSystem.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * T-306 with the real server: strace lets a force or a write fail under load. {@value
 * #FAILURES_PER_BUILD} of each in every build, {@code -Dweft.eio.failures=50} that many, {@code
 * -Dweft.eio.seed=…} repeats the clients' part of a run.
 */
class FailedForceTest {
  private static final int FAILURES_PER_BUILD = 1;
  private static final int FAILURES_PER_ROUND = 10;
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
  private static final long DISK_BYTES = 1L << 30;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @BeforeEach
  void needsRealDisksAndStrace() {
    LoopFileSystem.require(Kind.EXT4);
    FailingCall.require();
  }

  //
  @ParameterizedTest
  @ValueSource(strings = {"fdatasync", "pwrite64"})
  void theServerEndsWithoutAnAcceptAndLosesNothingAccepted(String call) {
    new Campaign("eio", "failures")
        .run(
            FAILURES_PER_BUILD,
            FAILURES_PER_ROUND,
            folder,
            (seed, failures) -> round(call, seed, failures));
  }

  private CrashHarness round(String call, long seed, int failures) {
    SplittableRandom random = new SplittableRandom(seed);
    Path own = ownFolder(call + seed);
    try (LoopFileSystem disk = LoopFileSystem.make(own, Kind.EXT4, DISK_BYTES)) {
      FailedForce strike = new FailedForce(disk, own, call, ENDS_WITHIN, random.split());
      CrashHarness harness =
          new CrashHarness(disk.root(), own.resolve("server.log"), strike, random);
      harness.run(failures);
      return harness;
    }
  }

  private Path ownFolder(String name) {
    try {
      return Files.createDirectory(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
