// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waits that double, with ±20 % so that subscriptions do not knock in step. */
final class RetryWait {
  private static final double JITTER = 0.2;

  private final Duration first;
  private final Duration max;
  private final RandomGenerator random;
  private int failures;

  RetryWait(WebhookSettings settings, RandomGenerator random) {
    first = settings.firstRetry();
    max = settings.maxRetry();
    this.random = random;
  }

  /** The wait after one more failure. */
  Duration next() {
    // 2^30 of the smallest first wait, a millisecond, is past any maximum that makes sense.
    int doublings = Math.min(failures, 30);
    failures++;
    double millis = Math.min((double) max.toMillis(), first.toMillis() * Math.pow(2, doublings));
    double spread = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return Duration.ofMillis(Math.max(1, Math.round(millis * spread)));
  }

  /** Failures since the last success. */
  int failures() {
    return failures;
  }

  void reset() {
    failures = 0;
  }
}
