// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.util.TreeMap;

/**
 * A consumer of the reference engine. Its calls may come from any thread; its state belongs to the
 * engine's thread.
 */
final class MemoryConsumer implements Consumer {
  final ConsumerSettings settings;
  final DeliveryListener listener;

  /** Sequence to what it holds unsettled. */
  final TreeMap<Long, MemoryEntry> held = new TreeMap<>();

  int credit;
  boolean draining;
  boolean open = true;

  private final InMemoryQueueEngine engine;
  private final MemoryQueue queue;

  MemoryConsumer(
      InMemoryQueueEngine engine,
      MemoryQueue queue,
      ConsumerSettings settings,
      DeliveryListener listener) {
    this.engine = engine;
    this.queue = queue;
    this.settings = settings;
    this.listener = listener;
  }

  @Override
  public QueueName queue() {
    return queue.name;
  }

  @Override
  public void grant(int deliveries) {
    if (deliveries < 0) {
      throw new IllegalArgumentException("credit " + deliveries);
    }
    whileOpen(() -> credit = (int) Math.min(Integer.MAX_VALUE, (long) credit + deliveries));
  }

  @Override
  public void revokeCredit() {
    whileOpen(() -> credit = 0);
  }

  @Override
  public void drain() {
    whileOpen(() -> draining = true);
  }

  @Override
  public void settle(Delivery delivery, Settlement settlement) {
    whileOpen(() -> queue.settle(this, delivery, settlement));
  }

  @Override
  public void close() {
    whileOpen(() -> queue.left(this));
  }

  private void whileOpen(Runnable command) {
    engine.post(
        () -> {
          if (open) {
            command.run();
            engine.touch(queue);
          }
        });
  }
}
