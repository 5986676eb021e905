// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * Many strikes in rounds: each round begins with an empty store, strikes some times, drains and
 * verifies. Round {@code i} has the seed of the campaign plus {@code i}, so that one round can be
 * repeated alone.
 *
 * @param name prefix of its two properties, {@code weft.<name>.<strikes>} and {@code
 *     weft.<name>.seed}
 * @param strikes how a strike is called
 */
record Campaign(String name, String strikes) {
  /** One round. */
  @FunctionalInterface
  interface Round {
    /** The harness after it ran. */
    CrashHarness run(long seed, int strikes);
  }

  /**
   * Runs all rounds; the first one with a fault fails the test.
   *
   * @param perBuild strikes when the property says nothing
   * @param perRound strikes of one round at the most
   * @param folder where what a failed round left lies
   */
  void run(int perBuild, int perRound, Path folder, Round round) {
    int wanted = Integer.getInteger("weft." + name + "." + strikes, perBuild);
    long seed = Long.getLong("weft." + name + ".seed", RandomGenerator.getDefault().nextLong());
    int done = 0;
    for (int i = 0; done < wanted; i++) {
      int count = Math.min(perRound, wanted - done);
      String replay =
          "-Dweft."
              + name
              + ".seed="
              + (seed + i)
              + " -Dweft."
              + name
              + "."
              + strikes
              + "="
              + count;
      System.out.println(name + ": round " + replay);
      CrashHarness harness = round.run(seed + i, count);
      done += count;
      System.out.println(
          name + ": " + done + " of " + wanted + " " + strikes + ", " + harness.summary());
      assertThat(harness.faults())
          .as("%s; %s; troubles %s; see %s", replay, harness.summary(), harness.troubles(), folder)
          .isEmpty();
      assertThat(harness.troubles())
          .as("%s; %s; see %s", replay, harness.summary(), folder)
          .isEmpty();
    }
  }
}
