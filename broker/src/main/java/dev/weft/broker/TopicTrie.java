// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.TopicPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Patterns and what they lead to, as a tree of segments. Immutable: a change copies the nodes from
 * the root to the place of the change and shares the rest; many changes at once are built in place
 * by {@link Builder}. A match visits each node at most once, whatever the topic.
 */
final class TopicTrie<T> {
  private final Node<T> root;

  /** Nobody changes a node once a trie holds it. */
  private static final class Node<T> {
    /**
     * Immutable with none or one, which most nodes have: a hash map would cost a look-up four more
     * visits to memory.
     */
    private Map<String, Node<T>> literals;

    private @Nullable Node<T> anySegment;

    /** Patterns that end here, and patterns that end in {@code *} here. */
    private Set<T> exact;

    private Set<T> tail;

    Node() {
      literals = Map.of();
      exact = Set.of();
      tail = Set.of();
    }

    Node(Node<T> from) {
      literals = from.literals.size() > 1 ? new HashMap<>(from.literals) : from.literals;
      anySegment = from.anySegment;
      exact = from.exact;
      tail = from.tail;
    }

    boolean isEmpty() {
      return literals.isEmpty() && anySegment == null && exact.isEmpty() && tail.isEmpty();
    }

    @Nullable Node<T> child(String segment) {
      return segment.equals("+") ? anySegment : literals.get(segment);
    }

    void putChild(String segment, @Nullable Node<T> child) {
      if (segment.equals("+")) {
        anySegment = child;
      } else if (child == null) {
        if (literals.size() > 1) {
          literals.remove(segment);
        } else if (literals.containsKey(segment)) {
          literals = Map.of();
        }
      } else if (literals.isEmpty() || (literals.size() == 1 && literals.containsKey(segment))) {
        literals = Map.of(segment, child);
      } else {
        if (literals.size() == 1) {
          literals = new HashMap<>(literals);
        }
        literals.put(segment, child);
      }
    }
  }

  private TopicTrie(Node<T> root) {
    this.root = root;
  }

  static <T> TopicTrie<T> empty() {
    return new TopicTrie<>(new Node<>());
  }

  boolean isEmpty() {
    return root.isEmpty();
  }

  /** The same when the pattern leads there already. */
  TopicTrie<T> with(TopicPattern pattern, T target) {
    Node<T> next = with(root, pattern.segments(), 0, target);
    return next == root ? this : new TopicTrie<>(next);
  }

  private static <T> Node<T> with(Node<T> node, List<String> segments, int at, T target) {
    if (at == segments.size() || isTail(segments, at)) {
      boolean tail = at < segments.size();
      Set<T> before = tail ? node.tail : node.exact;
      if (before.contains(target)) {
        return node;
      }
      return withTargets(node, tail, grown(new HashSet<>(before), target));
    }
    Node<T> child = node.child(segments.get(at));
    Node<T> next = with(child == null ? new Node<>() : child, segments, at + 1, target);
    if (next == child) {
      return node;
    }
    var copy = new Node<>(node);
    copy.putChild(segments.get(at), next);
    return copy;
  }

  /** With one more; sets of more than one are changed in place, they are the caller's own. */
  private static <T> Set<T> grown(Set<T> targets, T target) {
    if (targets.isEmpty() || (targets.size() == 1 && targets.contains(target))) {
      return Set.of(target);
    }
    Set<T> grown = targets.size() == 1 ? new HashSet<>(targets) : targets;
    grown.add(target);
    return grown;
  }

  /** The same when the pattern does not lead there. */
  TopicTrie<T> without(TopicPattern pattern, T target) {
    Node<T> next = without(root, pattern.segments(), 0, target);
    return next == root ? this : new TopicTrie<>(next);
  }

  private static <T> Node<T> without(Node<T> node, List<String> segments, int at, T target) {
    if (at == segments.size() || isTail(segments, at)) {
      boolean tail = at < segments.size();
      Set<T> before = tail ? node.tail : node.exact;
      if (!before.contains(target)) {
        return node;
      }
      var after = new HashSet<T>(before);
      after.remove(target);
      return withTargets(node, tail, after);
    }
    Node<T> child = node.child(segments.get(at));
    if (child == null) {
      return node;
    }
    Node<T> next = without(child, segments, at + 1, target);
    if (next == child) {
      return node;
    }
    var copy = new Node<>(node);
    copy.putChild(segments.get(at), next.isEmpty() ? null : next);
    return copy;
  }

  private static <T> Node<T> withTargets(Node<T> node, boolean tail, Set<T> targets) {
    var copy = new Node<>(node);
    if (tail) {
      copy.tail = targets;
    } else {
      copy.exact = targets;
    }
    return copy;
  }

  private static boolean isTail(List<String> segments, int at) {
    return at == segments.size() - 1 && segments.get(at).equals("*");
  }

  /** Where the topic leads to, each target once. */
  Set<T> match(String topic) {
    var found = new HashSet<T>();
    collect(root, topic, 0, found);
    return Set.copyOf(found);
  }

  private static <T> void collect(Node<T> node, String topic, int start, Set<T> found) {
    found.addAll(node.tail);
    if (start > topic.length()) {
      found.addAll(node.exact);
      return;
    }
    int slash = topic.indexOf('/', start);
    int end = slash < 0 ? topic.length() : slash;
    Node<T> literal = node.literals.get(topic.substring(start, end));
    if (literal != null) {
      collect(literal, topic, end + 1, found);
    }
    if (node.anySegment != null) {
      collect(node.anySegment, topic, end + 1, found);
    }
  }

  /** Fills a trie in place; belongs to one thread and is used once. */
  static final class Builder<T> {
    private final Node<T> root = new Node<>();

    Builder<T> add(TopicPattern pattern, T target) {
      List<String> segments = pattern.segments();
      Node<T> node = root;
      int at = 0;
      while (at < segments.size() && !isTail(segments, at)) {
        Node<T> child = node.child(segments.get(at));
        if (child == null) {
          child = new Node<>();
          node.putChild(segments.get(at), child);
        }
        node = child;
        at++;
      }
      if (at < segments.size()) {
        node.tail = grown(node.tail, target);
      } else {
        node.exact = grown(node.exact, target);
      }
      return this;
    }

    TopicTrie<T> build() {
      return new TopicTrie<>(root);
    }
  }

  /** How many pattern and target pairs it holds; walks the whole tree. */
  int size() {
    int size = 0;
    var open = new ArrayList<Node<T>>(List.of(root));
    while (!open.isEmpty()) {
      Node<T> node = open.removeLast();
      size += node.exact.size() + node.tail.size();
      open.addAll(node.literals.values());
      if (node.anySegment != null) {
        open.add(node.anySegment);
      }
    }
    return size;
  }
}
