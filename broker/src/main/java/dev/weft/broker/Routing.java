// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.TopicPattern;
import dev.weft.queue.QueueName;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Which queues a topic goes to (hop 3): one copy per queue, however many of its subscriptions match
 * (wire reference 9.2). In memory; the catalogue holds the truth and {@link Administration} carries
 * changes over. Safe for any thread; readers never wait.
 */
public final class Routing {
  private final TopicIndex<QueueName> index = new TopicIndex<>();

  /**
   * The queues with a subscription that matches; empty when there is none. The set is immutable.
   *
   * @param topic a topic name without wildcards
   */
  public Set<QueueName> queuesFor(String topic) {
    return index.match(topic);
  }

  /** Whether the subscription is new. */
  public boolean add(QueueName queue, TopicPattern pattern) {
    return index.add(pattern, queue);
  }

  /** Whether there was such a subscription. */
  public boolean remove(QueueName queue, TopicPattern pattern) {
    return index.remove(pattern, queue);
  }

  /** Removes the subscriptions of a queue in one step. */
  public void removeAll(QueueName queue, Collection<TopicPattern> patterns) {
    index.removeAll(patterns, queue);
  }

  /** Replaces everything in one step: far cheaper than one by one. */
  public void load(Map<QueueName, ? extends Collection<TopicPattern>> subscriptions) {
    var builder = new TopicTrie.Builder<QueueName>();
    subscriptions.forEach(
        (queue, patterns) -> patterns.forEach(pattern -> builder.add(pattern, queue)));
    index.replace(builder.build());
  }

  /** Subscriptions known; walks all of them. */
  public int size() {
    return index.size();
  }
}
