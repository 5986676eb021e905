// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Settlement;

/**
 * A consumer of a queue: calls become commands to the queue's loop, which owns every mutable field.
 */
final class JournalConsumer implements Consumer {
  final QueueState queue;
  final ConsumerSettings settings;
  final DeliveryListener listener;

  int credit;
  int unsettled;
  boolean closed;
  boolean draining;

  /** Returned messages on their way that wait for the journal. */
  int pendingHandOuts;

  final UnsettledDeliveries deliveries = new UnsettledDeliveries();

  JournalConsumer(QueueState queue, ConsumerSettings settings, DeliveryListener listener) {
    this.queue = queue;
    this.settings = settings;
    this.listener = listener;
  }

  /** Whether it may have another message now. */
  boolean takes(QueueSettings limits) {
    return credit > 0 && unsettled < limits.maxUnsettledPerConsumer();
  }

  @Override
  public QueueName queue() {
    return queue.name;
  }

  @Override
  public void grant(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("grant " + count);
    }
    queue.loop.put(() -> queue.handOuts.grant(this, count));
  }

  @Override
  public void revokeCredit() {
    queue.loop.put(() -> credit = 0);
  }

  @Override
  public void drain() {
    queue.loop.put(() -> queue.handOuts.drain(this));
  }

  @Override
  public void settle(Delivery delivery, Settlement settlement) {
    if (delivery.consumer() != this) {
      throw new IllegalArgumentException("a delivery of another consumer");
    }
    queue.loop.put(() -> queue.outcomes.settle(this, delivery, settlement));
  }

  @Override
  public void close() {
    queue.loop.put(() -> queue.handOuts.close(this));
  }
}
