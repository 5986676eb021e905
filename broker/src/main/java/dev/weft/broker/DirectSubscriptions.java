// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.TopicPattern;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.Message;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Subscriptions to topics without a queue (AMQP links and MQTT clients on topics): in memory, live,
 * not durable. Fed after the publish is durable. Safe for any thread.
 */
final class DirectSubscriptions {
  private final TopicIndex<DirectConsumer> index = new TopicIndex<>();
  private final LongAdder dropped = new LongAdder();

  DirectConsumer open(TopicPattern pattern, DeliveryListener listener) {
    var consumer = new DirectConsumer(this, pattern, listener);
    index.add(pattern, consumer);
    return consumer;
  }

  void remove(DirectConsumer consumer) {
    index.remove(consumer.pattern(), consumer);
  }

  Set<DirectConsumer> matching(String topic) {
    return index.match(topic);
  }

  void deliver(Set<DirectConsumer> consumers, Message message) {
    for (DirectConsumer consumer : consumers) {
      if (!consumer.deliver(message)) {
        dropped.increment();
      }
    }
  }

  /** Messages that found a subscription without credit. */
  long dropped() {
    return dropped.sum();
  }
}
