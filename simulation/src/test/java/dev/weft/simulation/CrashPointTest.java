// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * T-301: the process dies after every single operation of its disk; the store is opened, perhaps
 * broken off and opened again, and audited.
 *
 * <p>System properties: {@code weft.crash.workloads} (how many), {@code weft.crash.seed} (the
 * first).
 */
class CrashPointTest {
  private static final int OPERATIONS = 30;

  /** T-301. */
  @Test
  @Timeout(36_000)
  void nothingPromisedIsLostWhicheverOperationIsTheLast() {
    int workloads = Integer.getInteger("weft.crash.workloads", 200);
    Campaign campaign = new Campaign(OPERATIONS, _ -> new Probe.Ending(1, 0));
    long first = Long.getLong("weft.crash.seed", 1);
    for (long seed = first; seed < first + workloads; seed++) {
      campaign.requireKept("weft.crash.seed", seed);
    }
    assertThat(campaign.points()).isGreaterThan(20L * workloads);
  }
}
