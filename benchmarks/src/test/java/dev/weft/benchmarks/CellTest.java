// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellTest {
  @Test
  void clientsAndRateAreRead() {
    assertThat(Cell.parse("4+16", 1024, 10)).isEqualTo(new Cell.Stream(4, 16, 0, 1024));
    assertThat(Cell.parse("1+1@5000", 100, 10)).isEqualTo(new Cell.Stream(1, 1, 5000, 100));
    assertThat(Cell.parse("1+1@5000", 100, 10).name()).isEqualTo("1+1@5000 100 B");
  }

  @Test
  void theOtherCellsHaveNames() {
    assertThat(Cell.parse("backlog", 1024, 10)).isEqualTo(new Cell.Backlog(10, 1024));
    assertThat(Cell.parse("footprint", 1024, 10).rounds()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4", "0+1", "4+4@", "4+4@0", "1000+1", "foot"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Cell.parse(text, 1024, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("footprint");
  }
}
