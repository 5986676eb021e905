// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Samples put together: one row for every cell and peer, in the order they were measured.
 *
 * @param rows cells in turn, peers in turn within a cell
 */
record Results(List<Row> rows) {
  /** The peer that others are compared with. */
  static final String YARDSTICK = "artemis";

  Results {
    rows = List.copyOf(rows);
  }

  /**
   * One cell of one peer.
   *
   * @param values by metric, in the order of the metrics; empty when no round succeeded
   * @param ratio how many times the yardstick's value of what the table compares, paired round by
   *     round; null without a pair
   * @param failures of all rounds; a row with any does not count
   */
  record Row(
      Cell cell,
      String peer,
      Map<Metric, Spread> values,
      @Nullable Spread ratio,
      List<String> failures) {
    Row {
      values = new LinkedHashMap<>(values);
      failures = List.copyOf(failures);
    }
  }

  static Results of(List<Sample> samples) {
    Map<Cell, Map<String, List<Sample>>> grouped = new LinkedHashMap<>();
    for (Sample sample : samples) {
      grouped
          .computeIfAbsent(sample.cell(), cell -> new LinkedHashMap<>())
          .computeIfAbsent(sample.peer(), peer -> new ArrayList<>())
          .add(sample);
    }
    List<Row> rows = new ArrayList<>();
    grouped.forEach(
        (cell, byPeer) ->
            byPeer.forEach(
                (peer, own) ->
                    rows.add(row(cell, peer, own, byPeer.getOrDefault(YARDSTICK, List.of())))));
    return new Results(rows);
  }

  private static Row row(Cell cell, String peer, List<Sample> own, List<Sample> yardstick) {
    Map<Metric, Spread> values = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      double[] measured =
          own.stream()
              .filter(sample -> sample.values().containsKey(metric))
              .mapToDouble(sample -> sample.values().getOrDefault(metric, 0.0))
              .toArray();
      if (measured.length > 0) {
        values.put(metric, Spread.of(measured));
      }
    }
    double[] ratios = peer.equals(YARDSTICK) ? new double[0] : ratios(own, yardstick);
    List<String> failures = own.stream().flatMap(sample -> sample.failures().stream()).toList();
    return new Row(cell, peer, values, ratios.length == 0 ? null : Spread.of(ratios), failures);
  }

  private static double[] ratios(List<Sample> own, List<Sample> yardstick) {
    List<Double> ratios = new ArrayList<>();
    for (Sample sample : own) {
      Double value = sample.compared();
      for (Sample other : yardstick) {
        Double standard = other.compared();
        if (other.round() == sample.round() && value != null && standard != null) {
          ratios.add(value / standard);
        }
      }
    }
    return ratios.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The rows of every table. */
  Map<Table, List<Row>> tables() {
    Map<Table, List<Row>> tables = new EnumMap<>(Table.class);
    for (Row row : rows) {
      tables.computeIfAbsent(row.cell().table(), table -> new ArrayList<>()).add(row);
    }
    return tables;
  }

  /** Whether every message of every row was accounted for. */
  boolean passed() {
    return rows.stream().allMatch(row -> row.failures().isEmpty());
  }
}
