// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatencyCellTest {
  private static final StreamCell CLOSED = new StreamCell(1, 1, 1024);

  @Test
  void halfIsThatOfTheMedianOfTheYardstick() {
    List<Sample> known =
        List.of(
            sample(CLOSED, "artemis", 30_000),
            sample(CLOSED, "artemis", 10_001),
            sample(CLOSED, "artemis", 90_000),
            sample(CLOSED, "weft", 500_000),
            sample(new StreamCell(4, 4, 1024), "artemis", 70_000),
            Sample.failed(CLOSED, "artemis", 4, List.of("lost")));

    assertThat(LatencyCell.half(known, CLOSED)).hasValue(15_000);
  }

  @Test
  void withoutTheYardstickThereIsNoHalf() {
    assertThat(LatencyCell.half(List.of(sample(CLOSED, "weft", 1)), CLOSED)).isEmpty();
  }

  private static Sample sample(Cell cell, String peer, double perSecond) {
    return Sample.of(cell, peer, 1, Map.of(Metric.MESSAGES_PER_SECOND, perSecond));
  }
}
