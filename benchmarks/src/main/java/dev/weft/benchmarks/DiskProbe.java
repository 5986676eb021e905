// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * Measures the disk that the servers write to: blocks of 4 KiB one after another into a zero-filled
 * file, each with fdatasync. That is the least a durable message costs on it.
 *
 * @param file written and deleted again
 */
record DiskProbe(Path file, LongSupplier nanoTime) {
  private static final int BLOCK = 4096;
  private static final int FILE = 16 << 20;
  private static final long LATENCY_MAX = 60_000_000_000L;

  /** Percentiles of one write with its fdatasync. */
  record Latency(double p50Micros, double p99Micros, long writes) {}

  /**
   * Writes for a time.
   *
   * @throws BenchFailure if the file cannot be written
   */
  Latency measure(int millis) {
    Histogram latency = new Histogram(LATENCY_MAX, 3);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocateDirect(FILE), 0);
      channel.force(true);
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
      long start = nanoTime.getAsLong();
      long at = 0;
      for (long now = start; now - start < millis * 1_000_000L; ) {
        channel.write(block.clear(), at);
        channel.force(false);
        long after = nanoTime.getAsLong();
        latency.recordValue(Math.clamp(after - now, 0, LATENCY_MAX));
        now = after;
        at = (at + BLOCK) % FILE;
      }
      Files.delete(file);
    } catch (IOException e) {
      throw new BenchFailure("the disk cannot be probed with " + file, e);
    }
    return new Latency(
        latency.getValueAtPercentile(50) / 1e3,
        latency.getValueAtPercentile(99) / 1e3,
        latency.getTotalCount());
  }
}
