// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

/**
 * A message looked at without taking it.
 *
 * @param sequence its number in the queue; continue a browse with {@code sequence + 1}
 * @param state where it stands
 * @param appendedAtMillis when it was stored, epoch milliseconds
 * @param failedCount attempts that failed
 * @param acquiredCount hand-outs
 */
public record BrowsedMessage(
    long sequence,
    State state,
    long appendedAtMillis,
    int failedCount,
    int acquiredCount,
    Message message) {

  /** Where a message stands. */
  public enum State {
    READY,
    UNSETTLED,
    DELAYED,
    DEAD_PENDING
  }
}
