// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import org.jspecify.annotations.Nullable;

/**
 * Outcome of one delivery, in AMQP 1.0 words (messaging, 3.4); other doors translate. What each
 * does to the counters and when the message comes back is said in the wire reference 4.10 and
 * DESIGN section 7, and proved by the contract kit.
 */
public sealed interface Settlement {
  /** Processed: the message leaves the queue. */
  record Accepted() implements Settlement {}

  /**
   * Processing failed: counts an attempt and returns after the pause, or goes to the dead message
   * queue when the attempts are used up or the queue says {@link QueueSettings.OnReject#DEAD}.
   */
  record Rejected(@Nullable String reason) implements Settlement {}

  /**
   * Not processed.
   *
   * @param unread the consumer gave back what it never looked at (a release after a drain, at its
   *     close): returns at once and does not count against the maximum of redeliveries
   */
  record Released(boolean unread) implements Settlement {}

  /**
   * @param failed counts an attempt, as {@link Rejected}; otherwise as {@link Released}
   * @param elsewhere must not be delivered again from here: to the dead message queue
   */
  record Modified(boolean failed, boolean elsewhere) implements Settlement {}

  Accepted ACCEPTED = new Accepted();
  Released RELEASED = new Released(false);
}
