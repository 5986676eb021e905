// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import org.HdrHistogram.Histogram;

/**
 * What is counted while the measured window is open, and the latency of the messages sent within it
 * (delivered later ones included: leaving those out would flatter a slow server). Owned by the
 * generator's thread.
 */
final class Tally {
  /** Longest latency told apart: ten minutes. */
  private static final long LATENCY_MAX = 600_000_000_000L;

  private final Histogram latency = new Histogram(LATENCY_MAX, 3);
  private long windowStart = Long.MAX_VALUE;
  private long windowEnd = Long.MAX_VALUE;
  private boolean open;
  private long accepted;
  private long received;
  private long receivedEver;

  void open(long now) {
    windowStart = now;
    open = true;
  }

  void close(long now) {
    windowEnd = now;
    open = false;
  }

  void accepted() {
    if (open) {
      accepted++;
    }
  }

  /** One delivery: sent at {@code sentNanos}, in a publisher's open loop when it was due. */
  void received(long sentNanos, long now) {
    receivedEver++;
    if (open) {
      received++;
    }
    if (sentNanos >= windowStart && sentNanos < windowEnd) {
      latency.recordValue(Math.clamp(now - sentNanos, 0, LATENCY_MAX));
    }
  }

  /** A message that was due at {@code dueNanos} and is not sent yet. */
  void overdue(long dueNanos, long now) {
    if (dueNanos >= windowStart && dueNanos < windowEnd) {
      latency.recordValue(Math.clamp(now - dueNanos, 0, LATENCY_MAX));
    }
  }

  boolean isOpen() {
    return open;
  }

  boolean isClosed() {
    return windowEnd != Long.MAX_VALUE;
  }

  long acceptedInWindow() {
    return accepted;
  }

  long receivedInWindow() {
    return received;
  }

  long receivedEver() {
    return receivedEver;
  }

  double seconds() {
    return (windowEnd - windowStart) / 1e9;
  }

  /** A percentile of the latency in microseconds; 0 when nothing was recorded. */
  double latencyMicros(double percentile) {
    return latency.getTotalCount() == 0 ? 0 : latency.getValueAtPercentile(percentile) / 1e3;
  }
}
