// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.TopicPattern;
import dev.weft.queue.Consumer;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import org.jspecify.annotations.Nullable;

/**
 * A filter that hears what is published while the client is connected, and keeps nothing (wire
 * reference 5). Publishers' threads fill the connection's backlog; the rest belongs to the event
 * loop.
 */
final class LiveSubscription implements DeliveryListener {
  private final MqttConnection connection;
  private final Backlog backlog;
  private final TopicPattern pattern;

  /** Granted; changes when the client subscribes again. */
  private volatile int qos;

  private @Nullable Consumer consumer;
  private boolean closed;

  LiveSubscription(MqttConnection connection, Backlog backlog, TopicPattern pattern, int qos) {
    this.connection = connection;
    this.backlog = backlog;
    this.pattern = pattern;
    this.qos = qos;
  }

  TopicPattern pattern() {
    return pattern;
  }

  int qos() {
    return qos;
  }

  void grant(int newQos) {
    qos = newQos;
  }

  /** The front door let it in. */
  void start(Consumer opened) {
    consumer = opened;
    // The backlog is the limit, not the credit.
    opened.grant(Integer.MAX_VALUE);
  }

  // From publishers' threads.

  @Override
  public void delivered(Delivery delivery) {
    Message message = delivery.message();
    if (backlog.take(message)) {
      connection.inbox().post(() -> arrived(message));
    } else if (qos > 0 && OriginalQos.of(message) > 0) {
      connection.tooSlow();
    }
  }

  @Override
  public void drained(int unusedCredit) {
    // Nobody drains it.
  }

  @Override
  public void closed(MeshException reason) {
    connection.inbox().post(() -> connection.withdrawn(reason));
  }

  // On the event loop.

  private void arrived(Message message) {
    if (closed) {
      backlog.give(message);
    } else {
      connection.live(this, message);
    }
  }

  void close() {
    closed = true;
    Consumer open = consumer;
    if (open != null) {
      open.close();
    }
  }
}
