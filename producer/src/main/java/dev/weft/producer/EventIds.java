// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes time-based UUIDs (RFC 9562, version 1), the layout of the ids on real systems. Ids of one
 * maker grow and are never equal. Safe for any thread.
 */
public final class EventIds {
  /** 100 ns units between the start of the Gregorian calendar (1582-10-15) and 1970. */
  private static final long GREGORIAN_OFFSET = 0x01B2_1DD2_1381_4000L;

  private final InstantSource clock;
  private final long clockSequenceAndNode;
  private long lastTicks;

  public EventIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    // Variant 10, a random clock sequence, and a random node with the multicast bit, which says
    // that it is no hardware address (RFC 9562, 6.10).
    this.clockSequenceAndNode =
        (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL)
            | 0x8000_0000_0000_0000L
            | 0x0000_0100_0000_0000L;
  }

  public UUID next() {
    long ticks = nextTicks();
    long high =
        (ticks & 0xFFFF_FFFFL) << 32
            | ((ticks >>> 32) & 0xFFFF) << 16
            | 0x1000
            | ((ticks >>> 48) & 0x0FFF);
    return new UUID(high, clockSequenceAndNode);
  }

  private synchronized long nextTicks() {
    Instant now = clock.instant();
    long ticks = now.getEpochSecond() * 10_000_000L + now.getNano() / 100 + GREGORIAN_OFFSET;
    lastTicks = Math.max(lastTicks + 1, ticks);
    return lastTicks;
  }
}
