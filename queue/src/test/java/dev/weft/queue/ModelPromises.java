// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * T-320: random sequences of operations against a model that judges every delivery, count, state
 * and refusal. A failure names its seed and the shortest sequence found that still fails.
 *
 * <p>System properties: {@code weft.model.runs}, {@code weft.model.seed} (the first seed; the
 * others follow it).
 */
interface ModelPromises extends EngineKit {
  int OPERATIONS = 200;

  /** Attempts to make a failing sequence shorter. */
  int SHRINKS_MAX = 400;

  @Test
  @Timeout(3600)
  default void randomOperationsKeepEveryPromise() {
    int runs = Integer.getInteger("weft.model.runs", 50);
    long firstSeed = Long.getLong("weft.model.seed", 2026);
    for (int run = 0; run < runs; run++) {
      long seed = firstSeed + run;
      RandomGenerator random = new SplittableRandom(seed);
      List<ModelOperation> operations = ModelOperation.draw(random, OPERATIONS);
      String fault = ModelRun.firstFault(this, operations);
      if (fault != null) {
        throw new AssertionError(
            "weft.model.seed=" + seed + " weft.model.runs=1: " + shrunk(operations, fault));
      }
    }
  }

  /** Leaves out ever smaller pieces as long as the rest still fails. */
  private String shrunk(List<ModelOperation> failing, String firstFault) {
    List<ModelOperation> shortest = failing;
    String fault = firstFault;
    int attempts = 0;
    for (int piece = failing.size() / 2; piece > 0; piece /= 2) {
      int from = 0;
      while (from < shortest.size() && attempts < SHRINKS_MAX) {
        attempts++;
        List<ModelOperation> shorter = new ArrayList<>(shortest.subList(0, from));
        shorter.addAll(shortest.subList(Math.min(shortest.size(), from + piece), shortest.size()));
        String still = ModelRun.firstFault(this, shorter);
        if (still == null) {
          from += piece;
        } else {
          shortest = shorter;
          fault = still;
        }
      }
    }
    return fault + "\n  shrunk to " + shortest.size() + " operations: " + shortest;
  }
}
