// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Draws results: one SVG file for every table. */
final class Charts {
  private static final String ENDING = ".svg";

  private Charts() {}

  /**
   * Writes the chart of every table that has something to show.
   *
   * @param place a file whose name ends in {@code .svg}, or a directory, which is made when missing
   * @return the files written
   * @throws IOException if one cannot be written
   */
  static List<Path> write(Path place, Results results) throws IOException {
    Map<Table, List<Results.Row>> tables = results.tables();
    List<Path> files = new ArrayList<>();
    for (Map.Entry<Table, List<Results.Row>> table : tables.entrySet()) {
      BarChart chart = chart(table.getKey(), table.getValue());
      if (!chart.panels().isEmpty()) {
        Path file = file(place, table.getKey(), tables.size() > 1).toAbsolutePath();
        Path parent = file.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        files.add(Files.writeString(file, chart.svg()));
      }
    }
    return files;
  }

  private static Path file(Path place, Table table, boolean several) {
    String name = place.toString();
    if (!name.endsWith(ENDING)) {
      return place.resolve(table.id() + ENDING);
    }
    String stem = name.substring(0, name.length() - ENDING.length());
    return several ? Path.of(stem + "-" + table.id() + ENDING) : place;
  }

  /** One panel for every charted metric that any row has; failed rows have no bar. */
  static BarChart chart(Table table, List<Results.Row> rows) {
    Set<String> peers = new LinkedHashSet<>();
    rows.forEach(row -> peers.add(row.peer()));
    List<BarChart.Panel> panels = new ArrayList<>();
    for (Metric metric : table.charted()) {
      List<BarChart.Bar> bars = new ArrayList<>();
      for (Results.Row row : rows) {
        Spread spread = row.values().get(metric);
        if (spread != null && row.failures().isEmpty()) {
          bars.add(new BarChart.Bar(row.cell().name(), row.peer(), spread));
        }
      }
      if (!bars.isEmpty()) {
        String better = metric.moreIsBetter() ? ", more is better" : ", less is better";
        panels.add(new BarChart.Panel(metric.title() + better, metric.decimals(), bars));
      }
    }
    return new BarChart(table.title(), List.copyOf(peers), panels);
  }
}
