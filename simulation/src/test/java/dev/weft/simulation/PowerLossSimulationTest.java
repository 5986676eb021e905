// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * T-302: before operations of its disk the power goes; what is left of the store is opened, perhaps
 * broken off and opened again, audited, and loses its power once more.
 *
 * <p>System properties: {@code weft.powerloss.points} (how many losses), {@code
 * weft.powerloss.seed} (the first).
 */
class PowerLossSimulationTest {
  private static final int OPERATIONS = 60;

  /** T-302, R-101 to: of what was not forced, anything may be left. */
  @Test
  @Timeout(36_000)
  void nothingPromisedIsLostWhenThePowerGoes() {
    long points = Long.getLong("weft.powerloss.points", 50_000);
    long seed = Long.getLong("weft.powerloss.seed", 1);
    // Five losses each, at one of five operations: the same moment can end in many ways.
    Campaign campaign =
        new Campaign(
            OPERATIONS,
            random -> random.nextInt(5) == 0 ? new Probe.Ending(0, 5) : Probe.Ending.NONE);
    while (campaign.points() < points) {
      campaign.requireKept("weft.powerloss.seed", seed++);
    }
    assertThat(campaign.stops()).isPositive();
  }
}
