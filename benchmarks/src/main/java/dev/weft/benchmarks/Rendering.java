// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Turns results into what the command prints. */
enum Rendering {
  TABLE,
  MARKDOWN,
  JSON;

  /**
   * @param header facts about machine and servers, name to value
   */
  String render(Map<String, String> header, Results results) {
    return switch (this) {
      case TABLE -> text(header, results);
      case MARKDOWN -> markdown(header, results);
      case JSON -> json(header, results);
    };
  }

  private static String text(Map<String, String> header, Results results) {
    StringBuilder out = new StringBuilder();
    header.forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    for (List<List<String>> table : tables(results)) {
      out.append('\n');
      int[] widths = new int[table.getFirst().size()];
      for (List<String> line : table) {
        for (int i = 0; i < line.size(); i++) {
          widths[i] = Math.max(widths[i], line.get(i).length());
        }
      }
      for (List<String> line : table) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < line.size(); i++) {
          String pad = " ".repeat(widths[i] - line.get(i).length());
          row.append(i < 2 ? line.get(i) + pad : pad + line.get(i)).append("  ");
        }
        out.append(row.toString().stripTrailing()).append('\n');
      }
    }
    return out.append(failures(results)).toString();
  }

  private static String markdown(Map<String, String> header, Results results) {
    StringBuilder out = new StringBuilder();
    header.forEach(
        (name, value) -> out.append("* ").append(name).append(": ").append(value).append('\n'));
    for (List<List<String>> table : tables(results)) {
      out.append('\n');
      for (int i = 0; i < table.size(); i++) {
        out.append("| ").append(String.join(" | ", table.get(i))).append(" |\n");
        if (i == 0) {
          out.append("|---|---|").append("--:|".repeat(table.getFirst().size() - 2)).append('\n');
        }
      }
    }
    return out.append(failures(results)).toString();
  }

  private static String failures(Results results) {
    StringBuilder out = new StringBuilder();
    for (Results.Row row : results.rows()) {
      for (String failure : row.failures()) {
        out.append("\nFAILED ").append(row.cell().name()).append(", ").append(row.peer());
        out.append(": ").append(failure);
      }
    }
    return out.isEmpty() ? "" : out.append('\n').toString();
  }

  /** One table for every kind of cell; its first line is the head. */
  private static List<List<List<String>>> tables(Results results) {
    return results.tables().entrySet().stream()
        .map(entry -> table(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static List<List<String>> table(Table kind, List<Results.Row> rows) {
    Set<Metric> metrics = EnumSet.noneOf(Metric.class);
    rows.forEach(row -> metrics.addAll(row.values().keySet()));
    Metric compared = rows.stream().anyMatch(row -> row.ratio() != null) ? kind.compared() : null;
    List<List<String>> table = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("cell", "peer"));
    metrics.forEach(metric -> head.add(metric.title()));
    if (compared != null) {
      head.add(compared.title() + " vs " + Results.YARDSTICK);
    }
    table.add(head);
    for (Results.Row row : rows) {
      List<String> line = new ArrayList<>(List.of(row.cell().name(), row.peer()));
      boolean failed = !row.failures().isEmpty();
      for (Metric metric : metrics) {
        line.add(failed ? "failed" : spread(row.values().get(metric), metric.decimals(), ""));
      }
      if (compared != null) {
        line.add(failed ? "" : spread(row.ratio(), 2, " ×"));
      }
      table.add(line);
    }
    return table;
  }

  private static String spread(@Nullable Spread spread, int decimals, String unit) {
    if (spread == null) {
      return "";
    }
    String median = number(spread.median(), decimals) + unit;
    if (spread.min() == spread.max()) {
      return median;
    }
    return median
        + " ("
        + number(spread.min(), decimals)
        + "–"
        + number(spread.max(), decimals)
        + ")";
  }

  private static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value).replace(',', ' ');
  }

  private static String json(Map<String, String> header, Results results) {
    List<Object> rows = new ArrayList<>();
    for (Results.Row row : results.rows()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("table", row.cell().table().id());
      fields.put("cell", row.cell().name());
      fields.put("peer", row.peer());
      Map<String, Spread> values = new LinkedHashMap<>();
      row.values()
          .forEach((metric, spread) -> values.put(metric.name().toLowerCase(Locale.ROOT), spread));
      fields.put("values", values);
      if (row.ratio() != null) {
        fields.put("timesArtemis", row.ratio());
      }
      fields.put("failures", row.failures());
      rows.add(fields);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("about", header);
    document.put("passed", results.passed());
    document.put("results", rows);
    return JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(document)
        + "\n";
  }
}
