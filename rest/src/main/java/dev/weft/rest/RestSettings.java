// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import java.time.Duration;

/**
 * Frozen input of {@link RestDoor}.
 *
 * @param unacknowledgedTimeout how long a message consumed with quality of service 1 stays hidden:
 *     120 s, then it returns and counts an attempt (wire reference 6.1)
 * @param sweepInterval how often that is looked at: 1 s
 * @param unacknowledgedBytesMax bytes of all messages handed out and not yet acknowledged, since
 *     they stay in memory: 64 MiB
 * @param waitingMax requests that may wait for one queue: 1 000
 * @param blockingMax management requests at work at the same time, and as many for tokens: 1 024, a
 *     virtual thread each
 * @param documentBytesMax body of a request that is no message: 256 KiB
 */
public record RestSettings(
    Duration unacknowledgedTimeout,
    Duration sweepInterval,
    long unacknowledgedBytesMax,
    int waitingMax,
    int blockingMax,
    int documentBytesMax) {
  public static final RestSettings DEFAULT =
      new RestSettings(
          Duration.ofSeconds(120), Duration.ofSeconds(1), 64L << 20, 1_000, 1_024, 256 << 10);

  public RestSettings {
    requirePositive("unacknowledgedTimeout", unacknowledgedTimeout.toMillis());
    requirePositive("sweepInterval", sweepInterval.toMillis());
    requirePositive("unacknowledgedBytesMax", unacknowledgedBytesMax);
    requirePositive("waitingMax", waitingMax);
    requirePositive("blockingMax", blockingMax);
    requirePositive("documentBytesMax", documentBytesMax);
  }

  private static void requirePositive(String field, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(field + " must be positive");
    }
  }
}
