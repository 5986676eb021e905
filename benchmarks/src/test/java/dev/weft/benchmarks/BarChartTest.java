// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class BarChartTest {
  private static final Cell CELL = new StreamCell(1, 1, 1024);

  @ParameterizedTest
  @CsvSource({"0, 1", "5, 1", "5.1, 2", "10, 2", "11, 5", "25, 5", "26, 10", "0.3, 0.1"})
  void gridLinesStandAtRoundFigures(double max, double step) {
    assertThat(BarChart.step(max)).isEqualTo(step);
  }

  @Test
  void theLongestBarIsAsLongAsItsShareOfTheAxis() throws Exception {
    Document svg =
        parsed(chart(new Spread(400_000, 300_000, 500_000), new Spread(100_000, 100_000, 100_000)));

    List<Element> bars = elements(svg, "rect").subList(2, 4); // Two before them are the legend.
    // The axis ends at 500,000 and is 460 long.
    assertThat(bars.get(0).getAttribute("width")).isEqualTo("368");
    assertThat(bars.get(1).getAttribute("width")).isEqualTo("92");
    assertThat(bars.get(0).getAttribute("fill")).isNotEqualTo(bars.get(1).getAttribute("fill"));
  }

  @Test
  void theSpreadIsALineFromTheLowestToTheHighest() throws Exception {
    Document svg = parsed(chart(new Spread(400, 300, 500), new Spread(100, 100, 100)));

    List<Element> spread =
        elements(svg, "line").stream()
            .filter(line -> line.getAttribute("class").equals("spread"))
            .toList();
    assertThat(spread).hasSize(3); // One peer only: the other's rounds were all alike.
    assertThat(spread.getFirst().getAttribute("x1")).isEqualTo("491");
    assertThat(spread.getFirst().getAttribute("x2")).isEqualTo("675");
  }

  @Test
  void titlesAxesAndLegendAreWritten() throws Exception {
    Document svg = parsed(chart(new Spread(1234, 1, 2000), new Spread(5, 5, 5)));

    assertThat(elements(svg, "text"))
        .extracting(Element::getTextContent)
        .contains("a <title>", "weft", "artemis", "msg/s", "1+1 1 KiB", "1 234", "0", "2 000");
  }

  @Test
  void everyTableBecomesAFile(@TempDir Path directory) throws IOException {
    Results results =
        Results.of(
            List.of(
                sample(CELL, Metric.MESSAGES_PER_CPU_SECOND),
                sample(new LatencyCell(1, 1, 0, 24), Metric.LATENCY_P99_MILLIS),
                Sample.failed(new FootprintCell(), "weft", 1, List.of("it is gone"))));

    assertThat(Charts.write(directory.resolve("new"), results))
        .containsExactly(directory.resolve("new/stream.svg"), directory.resolve("new/latency.svg"));
    assertThat(Charts.write(directory.resolve("all.svg"), results))
        .containsExactly(directory.resolve("all-stream.svg"), directory.resolve("all-latency.svg"));
    assertThat(Files.readString(directory.resolve("all-stream.svg")))
        .contains("msg per CPU s, more is better");
  }

  @Test
  void oneTableIsWrittenToTheFileThatWasNamed(@TempDir Path directory) throws IOException {
    Results results = Results.of(List.of(sample(CELL, Metric.MESSAGES_PER_SECOND)));

    assertThat(Charts.write(directory.resolve("one.svg"), results))
        .containsExactly(directory.resolve("one.svg"));
  }

  private static Sample sample(Cell cell, Metric metric) {
    return Sample.of(cell, "weft", 1, Map.of(metric, 3.0));
  }

  private static String chart(Spread weft, Spread artemis) {
    return new BarChart(
            "a <title>",
            List.of("weft", "artemis"),
            List.of(
                new BarChart.Panel(
                    "msg/s",
                    0,
                    List.of(
                        new BarChart.Bar("1+1 1 KiB", "weft", weft),
                        new BarChart.Bar("1+1 1 KiB", "artemis", artemis)))))
        .svg();
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> elements(Document svg, String name) {
    NodeList nodes = svg.getElementsByTagName(name);
    return java.util.stream.IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .toList();
  }
}
