// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time by which messages expire and come back: the wall clock as long as it agrees with
 * the monotonic one. It never goes back. When the wall clock leaps ahead, expiry must not sweep the
 * queues: this time goes on at its own pace until ten minutes have passed, the clock comes back, or
 * an operator says that the clock is right. When the wall clock falls back, it goes on as well, so
 * that pauses end when they should.
 *
 * <p>Safe for any thread; every loop looks once per turn.
 */
final class BrokerTime {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerTime.class);
  private static final long LEAP_MILLIS = 60_000;
  private static final long HOLD_NANOS = Duration.ofMinutes(10).toNanos();
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final InstantSource clock;
  private final Threads threads;

  // Guarded by this.
  private long millis;

  /** Monotonic time that belongs to {@link #millis}. */
  private long nanos;

  private boolean held;
  private long heldSinceNanos;

  BrokerTime(InstantSource clock, Threads threads) {
    this.clock = clock;
    this.threads = threads;
    this.millis = clock.millis();
    this.nanos = threads.nanoTime();
  }

  /** Epoch milliseconds, never less than before. */
  synchronized long millis() {
    long wall = clock.millis();
    long now = threads.nanoTime();
    long passed = Math.max(0, (now - nanos) / NANOS_PER_MILLI);
    boolean leaps = wall - millis - passed > LEAP_MILLIS;
    if (leaps && !held) {
      held = true;
      heldSinceNanos = now;
      LOG.atWarn()
          .addKeyValue("aheadMillis", wall - millis - passed)
          .log("the clock leapt ahead: expiry is held");
    } else if (held && (!leaps || now - heldSinceNanos >= HOLD_NANOS)) {
      held = false;
      LOG.atInfo().addKeyValue("leapt", leaps).log("expiry goes on by the clock");
    }
    if (held || wall < millis) {
      millis += passed;
      nanos += passed * NANOS_PER_MILLI;
    } else {
      millis = wall;
      nanos = now;
    }
    return millis;
  }

  /** Whether the wall clock leapt ahead and nobody confirmed it so far. */
  synchronized boolean isHeld() {
    return held;
  }

  /** The wall clock is right. */
  synchronized void confirm() {
    if (held) {
      heldSinceNanos = threads.nanoTime() - HOLD_NANOS;
    }
  }
}
