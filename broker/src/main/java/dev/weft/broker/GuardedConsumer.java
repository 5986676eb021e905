// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.Caller;
import dev.weft.queue.Consumer;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.Settlement;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A consumer whose permission can be withdrawn while it is open. Its lock orders deliveries
 * and the withdrawal: nothing follows {@code closed}. The lock is never held while the consumer
 * behind it is called.
 */
final class GuardedConsumer implements Consumer, DeliveryListener {
  private final OpenConsumers registry;
  private final Caller caller;
  private final Address address;
  private final DeliveryListener listener;
  private @Nullable Consumer inner;
  private boolean ended;

  GuardedConsumer(
      OpenConsumers registry, Caller caller, Address address, DeliveryListener listener) {
    this.registry = registry;
    this.caller = caller;
    this.address = address;
    this.listener = listener;
  }

  Caller caller() {
    return caller;
  }

  Address address() {
    return address;
  }

  /**
   * Opens the consumer behind it.
   *
   * @throws MeshException what {@code open} throws
   */
  void open(Function<DeliveryListener, Consumer> open) {
    Consumer opened = open.apply(this);
    synchronized (this) {
      inner = opened;
      if (!ended) {
        return;
      }
    }
    // It was withdrawn while it opened.
    opened.close();
  }

  /** Ends it from our side; what it holds returns to the queue. */
  void withdraw(MeshException reason) {
    if (end()) {
      Consumer open = innerIfOpen();
      if (open != null) {
        open.close();
      }
      listener.closed(reason);
    }
  }

  /** Whether it had not ended before. */
  private boolean end() {
    synchronized (this) {
      if (ended) {
        return false;
      }
      ended = true;
    }
    registry.remove(this);
    return true;
  }

  private synchronized @Nullable Consumer innerIfOpen() {
    return inner;
  }

  private Consumer inner() {
    Consumer open = innerIfOpen();
    if (open == null) {
      throw new IllegalStateException("The consumer is not open yet");
    }
    return open;
  }

  @Override
  public QueueName queue() {
    return inner().queue();
  }

  @Override
  public void grant(int deliveries) {
    inner().grant(deliveries);
  }

  @Override
  public void revokeCredit() {
    inner().revokeCredit();
  }

  @Override
  public void drain() {
    inner().drain();
  }

  @Override
  public void settle(Delivery delivery, Settlement settlement) {
    inner().settle(delivery, settlement);
  }

  @Override
  public void close() {
    end();
    inner().close();
  }

  @Override
  public synchronized void delivered(Delivery delivery) {
    if (!ended) {
      listener.delivered(delivery);
    }
  }

  @Override
  public synchronized void drained(int unusedCredit) {
    if (!ended) {
      listener.drained(unusedCredit);
    }
  }

  @Override
  public void closed(MeshException reason) {
    if (end()) {
      listener.closed(reason);
    }
  }
}
