// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

/** Counters of an entry that came back at least once. Belongs to the queue's loop. */
final class ReturnedEntry {
  final long sequence;

  /**
   * Attempts that count as failed: against the maximum of redeliveries, and for the consumer
   * (R-401, R-403).
   */
  int failed;

  /** Hand-outs of any outcome. */
  int acquired;

  /** Returns but those of what nobody looked at; the pause grows with them. */
  int pauses;

  /** A consumer went away with it once; the first such return is not paced. */
  boolean lost;

  /** Found by recovery: it was handed out and not settled when the engine stopped. */
  boolean outAtStop;

  /** When it may be handed out again, epoch milliseconds. */
  long dueAtMillis;

  ReturnedEntry(long sequence) {
    this.sequence = sequence;
  }
}
