// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeaderTextTest {
  @Test
  void printableTextStaysAsItIs() {
    assertThat(HeaderText.of("application/json; charset=utf-8"))
        .isEqualTo("application/json; charset=utf-8");
  }

  @Test
  void lineEndsAndLettersBeyondAsciiAreEscaped() {
    assertThat(HeaderText.of("a\r\nx-evil: ü")).isEqualTo("a%0D%0Ax-evil: %C3%BC");
  }
}
