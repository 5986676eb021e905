// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessGaugeTest {
  private static final String REST =
      " S 1 4242 4242 0 -1 4194560 103 0 0 0 1234 766 3 4 20 0 31 0 99 5000 6000 18446744073709551615";

  @Test
  void userAndSystemTimeAreAdded() {
    assertThat(ProcessGauge.cpuTicks("4242 (java)" + REST)).isEqualTo(2000);
  }

  @Test
  void aNameWithSpacesAndBracketsMovesNoField() {
    assertThat(ProcessGauge.cpuTicks("4242 (a) S 1 (b 7)" + REST)).isEqualTo(2000);
  }

  @Test
  void residentMemoryIsFoundAmongTheOthers() {
    String status = "Name:\tjava\nVmHWM:\t  999 kB\nVmRSS:\t  131072 kB\nThreads:\t31\n";

    assertThat(ProcessGauge.residentKibibytes(status)).isEqualTo(131_072);
    assertThat(ProcessGauge.residentKibibytes("Name:\tjava\n")).isZero();
  }

  @Test
  void thisProcessHasMemoryAndTime() {
    ProcessGauge self = ProcessGauge.of(ProcessHandle.current().pid());

    assertThat(self.residentBytes()).isGreaterThan(1 << 20);
    assertThat(self.cpuMillis()).isPositive();
  }

  @Test
  void aProcessThatIsGoneCannotBeRead(@TempDir Path empty) {
    assertThatThrownBy(() -> new ProcessGauge(empty).cpuMillis())
        .isInstanceOf(UncheckedIOException.class);
  }
}
