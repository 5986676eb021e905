// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.TopicPattern;
import dev.weft.queue.Consumer;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.Settlement;

/**
 * Receives what is published while it listens, and nothing else: a message that finds no credit is
 * gone for it, an outcome changes nothing. Its lock keeps deliveries in order; publishers on
 * several threads meet here.
 */
final class DirectConsumer implements Consumer {
  /** No queue stands behind it; the SPI wants a name. */
  private static final QueueName NO_QUEUE = new QueueName("direct-subscription");

  private final DirectSubscriptions owner;
  private final TopicPattern pattern;
  private final DeliveryListener listener;
  private int credit;
  private long sequence;
  private boolean closed;

  DirectConsumer(DirectSubscriptions owner, TopicPattern pattern, DeliveryListener listener) {
    this.owner = owner;
    this.pattern = pattern;
    this.listener = listener;
  }

  TopicPattern pattern() {
    return pattern;
  }

  /** Whether there was credit for it. */
  synchronized boolean deliver(Message message) {
    if (closed || credit == 0) {
      return false;
    }
    credit--;
    sequence++;
    listener.delivered(new Delivery(this, sequence, 0, 0, message.ttlMillis(), message));
    return true;
  }

  @Override
  public QueueName queue() {
    return NO_QUEUE;
  }

  @Override
  public synchronized void grant(int deliveries) {
    credit = Math.addExact(credit, deliveries);
  }

  @Override
  public synchronized void revokeCredit() {
    credit = 0;
  }

  @Override
  public synchronized void drain() {
    int unused = credit;
    credit = 0;
    if (!closed) {
      listener.drained(unused);
    }
  }

  @Override
  public void settle(Delivery delivery, Settlement settlement) {
    // Nothing is kept that an outcome could change.
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    owner.remove(this);
  }
}
