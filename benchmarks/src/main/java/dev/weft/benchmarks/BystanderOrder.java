// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

/**
 * Clients that stand beside a load.
 *
 * @param connections one client each
 */
record BystanderOrder(Target target, int connections, Kind kind) {
  /** What the clients do. */
  enum Kind {
    /** Attach a publisher's link, then nothing. */
    IDLE,
    /** Consume, and answer every delivery with released at once. */
    RELEASE
  }
}
