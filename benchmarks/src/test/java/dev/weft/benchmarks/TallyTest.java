// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally();

  @Test
  void onlyTheOpenWindowCounts() {
    tally.accepted();
    tally.received(5, 10);
    tally.open(1_000_000_000);
    tally.accepted();
    tally.received(1_000_000_000, 1_000_500_000);
    tally.close(3_000_000_000L);
    tally.accepted();
    tally.received(3_000_000_000L, 3_000_000_001L);

    assertThat(tally.acceptedInWindow()).isEqualTo(1);
    assertThat(tally.receivedInWindow()).isEqualTo(1);
    assertThat(tally.receivedEver()).isEqualTo(3);
    assertThat(tally.seconds()).isEqualTo(2);
    assertThat(tally.latencyMicros(50)).isCloseTo(500, within(1.0));
  }

  /** What was due in the window and came after it must not be left out of the latency. */
  @Test
  void aLateDeliveryOfTheWindowKeepsItsLatency() {
    tally.open(0);
    tally.received(0, 1_000);
    tally.close(1_000_000);
    tally.received(999_999, 9_000_999_999L);

    assertThat(tally.receivedInWindow()).isEqualTo(1);
    assertThat(tally.latencyMicros(100)).isCloseTo(9_000_000, within(10_000.0));
  }

  @Test
  void nothingMeasuredIsZero() {
    assertThat(tally.latencyMicros(99)).isZero();
  }
}
