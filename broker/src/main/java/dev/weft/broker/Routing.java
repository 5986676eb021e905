// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.TopicPattern;
import dev.weft.queue.QueueName;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Which queues a topic goes to. */
@SuppressWarnings({"DoNotCallSuggester", "InlineMeSuggester", "UnusedVariable"}) // Bodies follow.
public final class Routing {
  public Set<QueueName> queuesFor(String topic) {
    throw new UnsupportedOperationException(topic);
  }

  public boolean add(QueueName queue, TopicPattern pattern) {
    throw new UnsupportedOperationException(queue + "" + pattern);
  }

  public boolean remove(QueueName queue, TopicPattern pattern) {
    throw new UnsupportedOperationException(queue + "" + pattern);
  }

  public void load(Map<QueueName, ? extends Collection<TopicPattern>> subscriptions) {
    throw new UnsupportedOperationException(subscriptions.toString());
  }
}
