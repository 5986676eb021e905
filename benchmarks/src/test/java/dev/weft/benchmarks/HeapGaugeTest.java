// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code jcmd GC.heap_info} of JDK 25 prints. */
class HeapGaugeTest {
  @Test
  void theGenerationsOfTheSerialCollectorAreAdded() {
    String info =
        """
        4242:
         DefNew     total 4928K, used 312K [0x00000000e0000000, 0x00000000e0550000, 0x00000000eaaa0000)
          eden space 4416K,   7% used [0x00000000e0000000, 0x00000000e004e2e8, 0x00000000e0450000)
          from space 512K,   0% used [0x00000000e0450000, 0x00000000e0450000, 0x00000000e04d0000)
         Tenured    total 10944K, used 5050K [0x00000000eaaa0000, 0x00000000eb550000, 0x0000000100000000)
          the  space 10944K,  46% used [0x00000000eaaa0000, 0x00000000eaf8e8f8, 0x00000000eb550000)
         Metaspace       used 21042K, committed 21440K, reserved 1114112K
          class space    used 2246K, committed 2432K, reserved 1048576K
        """;

    assertThat(HeapGauge.usedBytes(info)).isEqualTo((312 + 5050) * 1024L);
  }

  @Test
  void theHeapOfG1IsOneLine() {
    String info =
        """
        4242:
         garbage-first heap   total reserved 2097152K, committed 524288K, used 12345K [0x0, 0x1)
          region size 1024K, 3 young (3072K), 1 survivors (1024K)
         Metaspace       used 21042K, committed 21440K, reserved 1114112K
        """;

    assertThat(HeapGauge.usedBytes(info)).isEqualTo(12345 * 1024L);
  }
}
