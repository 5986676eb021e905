// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * T-321: the whole engine under random clients, settings, clocks, stops, losses of power and
 * failures of the disk, turn by turn in an order that a seed decides.
 *
 * <p>System properties: {@code weft.simulation.seeds} (how many), {@code weft.simulation.seed} (the
 * first; the others follow it).
 */
class SimulationTest {
  private static final int OPERATIONS = 150;

  @Test
  @Timeout(36_000)
  void everyPromiseIsKeptWhateverHappens() {
    int seeds = Integer.getInteger("weft.simulation.seeds", 1_000);
    long first = Long.getLong("weft.simulation.seed", 1);
    Campaign campaign = new Campaign(OPERATIONS, Probe.NONE);
    for (long seed = first; seed < first + seeds; seed++) {
      campaign.requireKept("weft.simulation.seed", seed);
    }
    assertThat(campaign.stops()).isGreaterThanOrEqualTo(seeds);
  }

  @Test
  void aSeedReplaysBitByBit() {
    Campaign campaign = new Campaign(OPERATIONS, Probe.NONE);
    for (long seed = 1; seed <= 20; seed++) {
      Campaign.Outcome once = campaign.run(seed, campaign.operations(seed));
      Campaign.Outcome again = campaign.run(seed, campaign.operations(seed));

      assertThat(again).isEqualTo(once);
      assertThat(campaign.run(seed, campaign.operations(seed + 1)).trace())
          .isNotEqualTo(once.trace());
    }
  }
}
