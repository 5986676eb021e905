// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cells 4x4 | no cell '4x4'",
        "--size 10 | --size takes 24 to 64000",
        "--peers rabbit | no peer 'rabbit'",
        "--seconds 0 | must be positive",
      })
  void aWrongOptionIsNamedAndEndsWithTwo(String options, String message) {
    StringWriter err = new StringWriter();

    int code =
        Main.commandLine()
            .setErr(new PrintWriter(err))
            .execute((options + " --work target/main-test").split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }
}
