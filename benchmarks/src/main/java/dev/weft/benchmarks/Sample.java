// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One measurement of one peer in one round.
 *
 * @param values empty when it failed
 * @param failures why it counts for nothing; empty when it counts
 */
record Sample(
    Cell cell, String peer, int round, Map<Metric, Double> values, List<String> failures) {
  Sample {
    values = Map.copyOf(values);
    failures = List.copyOf(failures);
  }

  /** The value of what its table compares; null without one. */
  @Nullable Double compared() {
    Metric metric = cell.table().compared();
    return metric == null ? null : values.get(metric);
  }

  static Sample of(Cell cell, String peer, int round, Map<Metric, Double> values) {
    return new Sample(cell, peer, round, values, List.of());
  }

  static Sample failed(Cell cell, String peer, int round, List<String> failures) {
    return new Sample(cell, peer, round, Map.of(), failures);
  }
}
