// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * T-309: {@value #KILLS_PER_BUILD} kills in every build, {@code -Dweft.crash.kills=200} kills that
 * often, {@code -Dweft.crash.seed=…} repeats the clients' part of a run.
 */
class CrashTest {
  private static final int KILLS_PER_BUILD = 5;

  /** Kept for a look when the test fails. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  //
  @Test
  void nothingAcceptedIsLostAndNothingInventedWhenTheServerIsKilledUnderLoad() {
    int kills = Integer.getInteger("weft.crash.kills", KILLS_PER_BUILD);
    long seed = Long.getLong("weft.crash.seed", RandomGenerator.getDefault().nextLong());
    CrashHarness harness = new CrashHarness(folder, seed);
    System.out.println("crash: weft.crash.seed=" + seed + " weft.crash.kills=" + kills);

    harness.run(kills);

    System.out.println("crash: " + harness.summary());
    harness.troubles().forEach(trouble -> System.out.println("crash: trouble: " + trouble));
    assertThat(harness.faults())
        .as("%s; troubles %s; see %s", harness.summary(), harness.troubles(), folder)
        .isEmpty();
    assertThat(harness.troubles()).as("%s; see %s", harness.summary(), folder).isEmpty();
  }
}
