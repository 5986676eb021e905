// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.TopicPattern;
import java.util.Collection;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A trie that changes: readers see one immutable snapshot and never wait, changes are serial. Each
 * snapshot remembers the topics asked last, so that a topic in use costs one look-up.
 */
final class TopicIndex<T> {
  /** Per half of the memory; a topic has at most 150 characters, so about 6 MiB at worst. */
  private static final int TOPICS_REMEMBERED = 10_000;

  private record Snapshot<T>(TopicTrie<T> trie, Recent<String, Set<T>> topics) {
    static <T> Snapshot<T> of(TopicTrie<T> trie) {
      return new Snapshot<>(trie, new Recent<>(TOPICS_REMEMBERED, trie::match));
    }
  }

  private volatile Snapshot<T> snapshot = Snapshot.of(TopicTrie.empty());

  /** Where the topic leads to, each target once. */
  Set<T> match(String topic) {
    Snapshot<T> now = snapshot;
    return now.trie.isEmpty() ? Set.of() : now.topics.of(topic);
  }

  /** Whether this changed anything. */
  boolean add(TopicPattern pattern, T target) {
    return change(trie -> trie.with(pattern, target));
  }

  /** Whether this changed anything. */
  boolean remove(TopicPattern pattern, T target) {
    return change(trie -> trie.without(pattern, target));
  }

  void removeAll(Collection<TopicPattern> patterns, T target) {
    change(
        trie -> {
          TopicTrie<T> next = trie;
          for (TopicPattern pattern : patterns) {
            next = next.without(pattern, target);
          }
          return next;
        });
  }

  void replace(TopicTrie<T> trie) {
    change(before -> trie);
  }

  private synchronized boolean change(UnaryOperator<TopicTrie<T>> change) {
    TopicTrie<T> before = snapshot.trie;
    TopicTrie<T> after = change.apply(before);
    if (after == before) {
      return false;
    }
    snapshot = Snapshot.of(after);
    return true;
  }

  int size() {
    return snapshot.trie.size();
  }
}
