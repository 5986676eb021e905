// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultsTest {
  private static final Cell CELL = new StreamCell(1, 1, 1024);
  private static final Map<String, String> HEADER = Map.of("machine", "two cores");

  private final Results results =
      Results.of(
          List.of(
              sample("weft", 1, 300),
              sample("artemis", 1, 100),
              sample("weft", 2, 400),
              sample("artemis", 2, 200),
              sample("weft", 3, 1000),
              sample("artemis", 3, 250)));

  @Test
  void roundsOfOnePeerBecomeOneRow() {
    assertThat(results.rows()).hasSize(2);
    assertThat(results.rows().getFirst().values())
        .containsEntry(Metric.MESSAGES_PER_CPU_SECOND, new Spread(400, 300, 1000));
  }

  /** A slow round is slow for both, so the ratio is that of the rounds and not of the medians. */
  @Test
  void theRatioIsPairedByRound() {
    assertThat(results.rows().getFirst().ratio()).isEqualTo(new Spread(3, 2, 4));
    assertThat(results.rows().getLast().ratio()).isNull();
  }

  @Test
  void oneFailedRoundFailsTheRow() {
    Results failed =
        Results.of(
            List.of(sample("weft", 1, 1), Sample.failed(CELL, "weft", 2, List.of("3 lost"))));

    assertThat(failed.passed()).isFalse();
    assertThat(Rendering.TABLE.render(HEADER, failed))
        .contains("failed")
        .contains("FAILED 1+1 1 KiB, weft: 3 lost");
  }

  @Test
  void theMarkdownIsATable() {
    assertThat(Rendering.MARKDOWN.render(HEADER, results))
        .isEqualTo(
            """
            * machine: two cores

            | cell | peer | msg per CPU s | msg per CPU s vs artemis |
            |---|---|--:|--:|
            | 1+1 1 KiB | weft | 400 (300–1 000) | 3.00 × (2.00–4.00) |
            | 1+1 1 KiB | artemis | 200 (100–250) |  |
            """);
  }

  @Test
  void theJsonHoldsEveryFigure() {
    JsonNode document =
        JsonMapper.builder().build().readTree(Rendering.JSON.render(HEADER, results));

    assertThat(document.path("passed").booleanValue()).isTrue();
    JsonNode row = document.path("results").path(0);
    assertThat(row.path("values").path("messages_per_cpu_second").path("max").doubleValue())
        .isEqualTo(1000);
    assertThat(row.path("timesArtemis").path("median").doubleValue()).isEqualTo(3);
  }

  private static Sample sample(String peer, int round, double perCpuSecond) {
    return Sample.of(CELL, peer, round, Map.of(Metric.MESSAGES_PER_CPU_SECOND, perCpuSecond));
  }
}
