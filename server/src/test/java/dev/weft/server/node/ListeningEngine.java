// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.queue.AppendListener;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.QueueStats;
import dev.weft.queue.Settlement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hands everything to another engine and notes what passes, with the threads it passes on. */
final class ListeningEngine implements QueueEngine {
  /** One append; {@code storedOn} is empty until the engine said that it is durable. */
  static final class Appended {
    private final List<QueueName> queues;
    private final Message message;
    private final String thread = Thread.currentThread().getName();
    private volatile String storedOn = "";

    private Appended(Collection<QueueName> queues, Message message) {
      this.queues = List.copyOf(queues);
      this.message = message;
    }

    List<QueueName> queues() {
      return queues;
    }

    Message message() {
      return message;
    }

    String thread() {
      return thread;
    }

    String storedOn() {
      return storedOn;
    }
  }

  private final QueueEngine engine;
  private final List<Appended> appended = new CopyOnWriteArrayList<>();
  private final List<Delivery> delivered = new CopyOnWriteArrayList<>();
  private final List<Settlement> settled = new CopyOnWriteArrayList<>();

  ListeningEngine(QueueEngine engine) {
    this.engine = engine;
  }

  List<Appended> appended() {
    return appended;
  }

  List<Delivery> delivered() {
    return delivered;
  }

  List<Settlement> settled() {
    return settled;
  }

  @Override
  public void append(Collection<QueueName> queues, Message message, AppendListener listener) {
    Appended append = new Appended(queues, message);
    appended.add(append);
    engine.append(
        queues,
        message,
        new AppendListener() {
          @Override
          public void stored() {
            append.storedOn = Thread.currentThread().getName();
            listener.stored();
          }

          @Override
          public void refused(MeshException reason) {
            listener.refused(reason);
          }
        });
  }

  @Override
  public Consumer consume(QueueName queue, ConsumerSettings settings, DeliveryListener listener) {
    Consumer consumer =
        engine.consume(
            queue,
            settings,
            new DeliveryListener() {
              @Override
              public void delivered(Delivery delivery) {
                delivered.add(delivery);
                listener.delivered(delivery);
              }

              @Override
              public void drained(int unusedCredit) {
                listener.drained(unusedCredit);
              }

              @Override
              public void closed(MeshException reason) {
                listener.closed(reason);
              }
            });
    return new ListeningConsumer(consumer);
  }

  private final class ListeningConsumer implements Consumer {
    private final Consumer consumer;

    ListeningConsumer(Consumer consumer) {
      this.consumer = consumer;
    }

    @Override
    public QueueName queue() {
      return consumer.queue();
    }

    @Override
    public void grant(int deliveries) {
      consumer.grant(deliveries);
    }

    @Override
    public void revokeCredit() {
      consumer.revokeCredit();
    }

    @Override
    public void drain() {
      consumer.drain();
    }

    @Override
    public void settle(Delivery delivery, Settlement settlement) {
      settled.add(settlement);
      consumer.settle(delivery, settlement);
    }

    @Override
    public void close() {
      consumer.close();
    }
  }

  @Override
  public boolean declare(QueueName queue, QueueSettings settings) {
    return engine.declare(queue, settings);
  }

  @Override
  public void change(QueueName queue, QueueSettings settings) {
    engine.change(queue, settings);
  }

  @Override
  public boolean delete(QueueName queue) {
    return engine.delete(queue);
  }

  @Override
  public long purge(QueueName queue) {
    return engine.purge(queue);
  }

  @Override
  public Map<QueueName, QueueSettings> queues() {
    return engine.queues();
  }

  @Override
  public QueueStats stats(QueueName queue) {
    return engine.stats(queue);
  }

  @Override
  public List<BrowsedMessage> browse(QueueName queue, long fromSequence, int limit) {
    return engine.browse(queue, fromSequence, limit);
  }

  @Override
  public void close() {
    engine.close();
  }
}
