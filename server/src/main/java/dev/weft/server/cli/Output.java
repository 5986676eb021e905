// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The {@code -o} option and the three forms it chooses from. */
final class Output {
  enum Form {
    table,
    json,
    yaml
  }

  /** Wide enough for names, narrow enough for bodies not to flood a terminal. */
  private static final int CELL_MAX = 90;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "${COMPLETION-CANDIDATES}. Default: table")
  private Form form = Form.table;

  boolean isTable() {
    return form == Form.table;
  }

  boolean isJson() {
    return form == Form.json;
  }

  /** A document as JSON or YAML; JSON when the form is a table. */
  void document(PrintWriter out, JsonNode document) {
    if (form == Form.yaml) {
      out.print(new YAMLMapper().writeValueAsString(document));
    } else {
      out.println(
          JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document));
    }
    out.flush();
  }

  /**
   * @param columns names of fields, which are also the headings
   */
  void rows(PrintWriter out, JsonNode rows, String... columns) {
    if (form != Form.table) {
      document(out, rows);
      return;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of(columns));
    for (JsonNode row : rows) {
      List<String> line = new ArrayList<>();
      for (String column : columns) {
        line.add(cell(row.path(column)));
      }
      cells.add(line);
    }
    int[] widths = new int[columns.length];
    for (List<String> line : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : cells) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(line.get(i)).repeat(' ', widths[i] - line.get(i).length() + 2);
      }
      out.println(text.toString().stripTrailing());
    }
    out.flush();
  }

  private static String cell(JsonNode value) {
    String text = value.isMissingNode() || value.isNull() ? "" : value.asString("");
    if (text.isEmpty() && value.isContainer()) {
      text = value.toString();
    }
    // Foreign text must not move the cursor.
    String clean = text.replaceAll("\\p{Cntrl}", " ");
    return clean.length() <= CELL_MAX ? clean : clean.substring(0, CELL_MAX - 1) + "…";
  }
}
