// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Horizontal bars, grouped by cell and coloured by peer, panels below each other; the line on a bar
 * shows lowest and highest round. Plain SVG on a transparent ground, in greys and hues that are
 * readable on white and on black.
 *
 * @param series what the colours stand for, in their order
 */
record BarChart(String title, List<String> series, List<Panel> panels) {
  private static final int WIDTH = 800;
  private static final int LEFT = 215;
  private static final int RIGHT = 125;
  private static final int TITLE = 26;
  private static final int LEGEND = 26;
  private static final int PANEL_HEAD = 26;
  private static final int AXIS = 26;
  private static final int BAR = 16;
  private static final int GAP = 3;
  private static final int GROUP_GAP = 12;
  private static final int MARGIN = 12;
  private static final int LINES_MAX = 5;
  private static final int FOOT = 22;
  private static final String FOOTNOTE =
      "bars: median of the rounds; lines: the lowest and the highest";

  /** Room of a letter of 12 pixels; labels end before it, there is no measuring in plain SVG. */
  private static final double LETTER = 6.5;

  private static final List<String> COLOURS =
      List.of("#2a9d8f", "#e07b39", "#8a6fc0", "#c9a227", "#4a90c2", "#c2577a");

  BarChart {
    series = List.copyOf(series);
    panels = List.copyOf(panels);
  }

  /**
   * One metric.
   *
   * @param title of the axis, with its unit
   * @param decimals of the figures beside the bars
   */
  record Panel(String title, int decimals, List<Bar> bars) {
    Panel {
      bars = List.copyOf(bars);
    }

    double max() {
      return bars.stream().mapToDouble(bar -> bar.spread().max()).max().orElse(0);
    }
  }

  /** One measured thing. */
  record Bar(String group, String series, Spread spread) {}

  /** The whole picture. */
  String svg() {
    List<String> body = new ArrayList<>();
    int y = MARGIN + TITLE;
    body.add(text(MARGIN, y - 8, "start", "title", title));
    legend(body, y);
    y += LEGEND;
    for (Panel panel : panels) {
      y = panel(body, panel, y);
    }
    body.add(text(MARGIN, y + 10, "start", "", FOOTNOTE));
    y += FOOT;
    StringBuilder out = new StringBuilder();
    out.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d"
             role="img" aria-label="%3$s" font-family="system-ui, sans-serif" font-size="12">
          <style>
            text { fill: #7a828a }
            .title { font-size: 15px; font-weight: 600 }
            .head { font-weight: 600 }
            .grid { stroke: #7a828a; stroke-opacity: 0.3 }
            .spread { stroke: #7a828a; stroke-width: 2 }
          </style>
        """
            .formatted(WIDTH, y, escaped(title)));
    body.forEach(line -> out.append("  ").append(line).append('\n'));
    return out.append("</svg>\n").toString();
  }

  private void legend(List<String> out, int y) {
    double x = MARGIN;
    for (int i = 0; i < series.size(); i++) {
      out.add(rect(x, y, 12, 12, colour(i)));
      out.add(text(x + 17, y + 10, "start", "", series.get(i)));
      x += 17 + LETTER * series.get(i).length() + 18;
    }
  }

  private int panel(List<String> out, Panel panel, int top) {
    int y = top + PANEL_HEAD;
    out.add(text(MARGIN, y - 9, "start", "head", panel.title()));
    double step = step(panel.max());
    double end = Math.max(step, Math.ceil(panel.max() / step) * step);
    double scale = (WIDTH - LEFT - RIGHT) / end;
    List<String> bars = new ArrayList<>();
    int bottom = y;
    for (Map.Entry<String, List<Bar>> group : groups(panel).entrySet()) {
      bottom += GROUP_GAP / 2;
      int middle = bottom + group.getValue().size() * (BAR + GAP) / 2;
      bars.add(text(LEFT - 8, middle + 3, "end", "", shortened(group.getKey())));
      for (Bar bar : group.getValue()) {
        bar(bars, bar, panel.decimals(), bottom, scale);
        bottom += BAR + GAP;
      }
      bottom += GROUP_GAP / 2;
    }
    for (int i = 0; i * step <= end * 1.0001; i++) {
      double x = LEFT + i * step * scale;
      out.add(line(x, y, x, bottom, "grid"));
      out.add(text(x, bottom + 14, "middle", "", number(i * step, decimals(step))));
    }
    out.addAll(bars);
    return bottom + AXIS;
  }

  private void bar(List<String> out, Bar bar, int decimals, int y, double scale) {
    Spread spread = bar.spread();
    out.add(rect(LEFT, y, spread.median() * scale, BAR, colour(series.indexOf(bar.series()))));
    if (spread.max() > spread.min()) {
      double from = LEFT + spread.min() * scale;
      double to = LEFT + spread.max() * scale;
      double middle = y + BAR / 2.0;
      out.add(line(from, middle, to, middle, "spread"));
      out.add(line(from, middle - 4, from, middle + 4, "spread"));
      out.add(line(to, middle - 4, to, middle + 4, "spread"));
    }
    double label = LEFT + spread.max() * scale + 6;
    out.add(text(label, y + BAR - 4, "start", "", number(spread.median(), decimals)));
  }

  private static Map<String, List<Bar>> groups(Panel panel) {
    Map<String, List<Bar>> groups = new LinkedHashMap<>();
    for (Bar bar : panel.bars()) {
      groups.computeIfAbsent(bar.group(), group -> new ArrayList<>()).add(bar);
    }
    return groups;
  }

  /** Distance of grid lines: 1, 2 or 5 times a power of ten, so that two to five are enough. */
  static double step(double max) {
    if (max <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(max / LINES_MAX)));
    for (double factor : new double[] {1, 2, 5}) {
      if (max / (factor * power) <= LINES_MAX) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static int decimals(double step) {
    return step >= 1 ? 0 : (int) Math.ceil(-Math.log10(step) - 1e-9);
  }

  private static String colour(int series) {
    return COLOURS.get(series % COLOURS.size());
  }

  /** A figure with its thousands apart. */
  static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value).replace(',', ' ');
  }

  private static String shortened(String label) {
    int letters = (int) ((LEFT - MARGIN) / LETTER);
    return label.length() <= letters ? label : label.substring(0, letters - 1) + "…";
  }

  private static String rect(double x, double y, double width, double height, String fill) {
    return "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>"
        .formatted(at(x), at(y), at(width), at(height), fill);
  }

  private static String line(double x1, double y1, double x2, double y2, String style) {
    return "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>"
        .formatted(at(x1), at(y1), at(x2), at(y2), style);
  }

  private static String text(double x, double y, String anchor, String style, String text) {
    String styled = style.isEmpty() ? "" : " class=\"" + style + "\"";
    return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\"%s>%s</text>"
        .formatted(at(x), at(y), anchor, styled, escaped(text));
  }

  private static String at(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
