// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskProbeTest {
  /** The clock goes on by half a millisecond with every look at it. */
  @Test
  void everyWriteIsTimedAndTheFileGoesAway(@TempDir Path directory) {
    long[] now = {0};
    Path file = directory.resolve("probe");

    DiskProbe.Latency latency = new DiskProbe(file, () -> now[0] += 500_000).measure(10);

    assertThat(latency.writes()).isEqualTo(20);
    assertThat(latency.p50Micros()).isBetween(499.0, 501.0);
    assertThat(latency.p99Micros()).isBetween(499.0, 501.0);
    assertThat(file).doesNotExist();
  }
}
