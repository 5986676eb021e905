// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.time.Duration;

/**
 * How much of the log is kept behind what still lives in it, so that settled messages can be
 * replayed (DESIGN section 4). Ends where the first of both bounds is reached, and where the disk
 * is full.
 *
 * @param time since the last record of a segment was written
 * @param bytes of all segments together
 */
public record Retention(Duration time, long bytes) {
  /** Segments go as soon as nothing lives in them. */
  public static final Retention NONE = new Retention(Duration.ZERO, 0);

  public Retention {
    if (time.isNegative() || bytes < 0) {
      throw new IllegalArgumentException("retention " + time + ", " + bytes + " bytes");
    }
  }
}
