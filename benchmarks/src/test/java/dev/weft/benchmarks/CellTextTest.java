// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellTextTest {
  private final CellText text = new CellText(1024, 1_000, "256m");

  @ParameterizedTest
  @MethodSource("cells")
  void everyCellIsRead(String written, Cell cell, String name) {
    assertThat(text.parse(written)).isEqualTo(cell);
    assertThat(cell.name()).isEqualTo(name);
  }

  static Stream<Arguments> cells() {
    return Stream.of(
        Arguments.of("4+16", new StreamCell(4, 16, 1024), "4+16 1 KiB"),
        Arguments.of("1+1@5000", new LatencyCell(1, 1, 5000, 1024), "1+1@5000 1 KiB"),
        Arguments.of("1+1@half", new LatencyCell(1, 1, 0, 1024), "1+1@half 1 KiB"),
        Arguments.of("backlog", new BacklogCell(1_000, 1024, "256m"), "backlog 1000 × 1 KiB"),
        Arguments.of(
            "backlog:10M:512m", new BacklogCell(10_000_000, 1024, "512m"), "backlog 10 M × 1 KiB"),
        Arguments.of("idle", new IdleCell(10_000, 1024), "10000 idle connections"),
        Arguments.of("idle:1k", new IdleCell(1_000, 1024), "1000 idle connections"),
        Arguments.of("fanout:7", new FanOutCell(7, 1024), "one topic to 7 queues, 1 KiB"),
        Arguments.of("routing", new RoutingCell(100_000), "routing, 100000 subscriptions"),
        Arguments.of("redelivery", new RedeliveryCell(1024), "redelivery at once, 1 KiB"),
        Arguments.of("footprint", new FootprintCell(), "footprint"));
  }

  @Test
  void sizesThatAreNoKibibytesAreNamedInBytes() {
    assertThat(new CellText(100, 1, "1g").parse("1+1").name()).isEqualTo("1+1 100 B");
  }

  /** What a message takes beside its body counts against a queue's limit. */
  @Test
  void aBacklogNeedsMoreThanItsBodies() {
    assertThat(text.parse("backlog:1M").waitingBytes()).isEqualTo(1_536_000_000);
    assertThat(text.parse("1+1").waitingBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4",
        "0+1",
        "4+4@",
        "4+4@0",
        "1000+1",
        "1+1@quarter",
        "foot",
        "backlog:",
        "backlog:0",
        "backlog:1M:512",
        "idle:x",
        "routing:1G"
      })
  void anythingElseIsRefused(String written) {
    assertThatThrownBy(() -> text.parse(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("footprint");
  }
}
