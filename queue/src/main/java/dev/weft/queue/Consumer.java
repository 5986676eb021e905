// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

/**
 * A live receiver of one queue, made by {@link QueueEngine#consume}. Starts without credit. Safe
 * for any thread; calls of one thread take effect in their order.
 */
public interface Consumer {
  QueueName queue();

  /** Allows that many deliveries more. */
  void grant(int deliveries);

  /** Takes all credit back; deliveries already on their way still arrive. */
  void revokeCredit();

  /**
   * Asks for what is there now, up to the credit; then {@link DeliveryListener#drained} tells how
   * much credit was left over, and the credit is zero.
   */
  void drain();

  /**
   * Gives the outcome of a delivery. A second outcome, or one after {@link #close()}, is ignored.
   */
  void settle(Delivery delivery, Settlement settlement);

  /**
   * Ends the consumer. What it holds unsettled returns to the queue; the first return of a message
   * for this reason is not paced.
   */
  void close();
}
