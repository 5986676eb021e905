// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.queue.AppendListener;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.QueueStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** An engine that stores at once and says so only when it is let go. */
final class HeldEngine implements QueueEngine {
  private final QueueEngine engine;
  private final List<Runnable> held = new ArrayList<>();

  HeldEngine(QueueEngine engine) {
    this.engine = engine;
  }

  void awaitHeld() {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              synchronized (this) {
                assertThat(held).isNotEmpty();
              }
            });
  }

  void letGo() {
    List<Runnable> answers;
    synchronized (this) {
      answers = List.copyOf(held);
      held.clear();
    }
    answers.forEach(Runnable::run);
  }

  private synchronized void hold(Runnable answer) {
    held.add(answer);
  }

  @Override
  public void append(Collection<QueueName> queues, Message message, AppendListener listener) {
    engine.append(
        queues,
        message,
        new AppendListener() {
          @Override
          public void stored() {
            hold(listener::stored);
          }

          @Override
          public void refused(MeshException reason) {
            hold(() -> listener.refused(reason));
          }
        });
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
  public Consumer consume(QueueName queue, ConsumerSettings settings, DeliveryListener listener) {
    return engine.consume(queue, settings, listener);
  }

  @Override
  public void close() {
    engine.close();
  }
}
