// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.TopicPattern;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;

/** Where a message goes or comes from, as written in AMQP addresses (wire reference 4.5). */
public sealed interface Address {
  /** {@code queue:<name>}. */
  record OfQueue(QueueName queue) implements Address {
    @Override
    public String toString() {
      return "queue:" + queue;
    }
  }

  /** {@code topic:<name>}; to consume, a pattern. Publishing needs a name without wildcards. */
  record OfTopic(TopicPattern topic) implements Address {
    @Override
    public String toString() {
      return "topic:" + topic;
    }
  }

  /**
   * @throws MeshException.MalformedName if it has neither prefix or a malformed name
   */
  static Address parse(String text) {
    if (text.startsWith("queue:")) {
      return new OfQueue(new QueueName(text.substring("queue:".length())));
    }
    if (text.startsWith("topic:")) {
      return new OfTopic(new TopicPattern(text.substring("topic:".length())));
    }
    throw new MeshException.MalformedName(
        "address", text, "it must start with 'queue:' or 'topic:'");
  }
}
