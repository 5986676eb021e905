// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes a selector every 50 microseconds. An open loop needs it: a selector's own timeout has steps
 * of a millisecond, three times the latency to be measured. Its thread ends with {@link #close}.
 */
final class Pacer implements AutoCloseable {
  private static final long STEP_NANOS = 50_000;

  private final @Nullable Thread thread;
  private volatile boolean stopped;

  private Pacer(@Nullable Selector selector) {
    thread =
        selector == null
            ? null
            : Thread.ofPlatform().daemon().name("pacer").unstarted(() -> run(selector));
  }

  static Pacer waking(Selector selector) {
    return new Pacer(selector);
  }

  /** One that does nothing. */
  static Pacer none() {
    return new Pacer(null);
  }

  void start() {
    if (thread != null) {
      thread.start();
    }
  }

  private void run(Selector selector) {
    while (!stopped) {
      LockSupport.parkNanos(STEP_NANOS);
      selector.wakeup();
    }
  }

  @Override
  public void close() {
    stopped = true;
  }
}
