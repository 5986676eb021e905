// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

/**
 * Place of a record in the log as one {@code long}: segment number above, offset in units of 8
 * bytes below. Records begin at multiples of 8, so 32 bits reach 32 GiB.
 */
final class Location {
  private Location() {}

  static long of(long segment, int offset) {
    return (segment << 32) | (offset >>> 3);
  }

  static long segment(long location) {
    return location >>> 32;
  }

  static int offset(long location) {
    return (int) location << 3;
  }
}
