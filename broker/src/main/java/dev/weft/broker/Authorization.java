// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * May this instance do that? The one place that answers: every door and all of management
 * come through {@link #refusal}. The answer depends on names and rules alone, never on what exists,
 * so that it tells nobody what exists.
 */
final class Authorization {
  /** What is tried (wire reference 1.6). */
  enum Action {
    /** Send to a queue or a topic. */
    PUBLISH("publish to"),
    /** Receive from a queue, or live from a topic; a queue subscribing to a topic. */
    SUBSCRIBE("subscribe to"),
    /** Create, change, delete, list a queue. */
    MANAGE("manage"),
    /** Name a queue as dead message queue of another. */
    DEAD_LETTER("move dead messages to");

    private final String verb;

    Action(String verb) {
      this.verb = verb;
    }
  }

  private Authorization() {}

  /**
   * Null when it is allowed; otherwise {@link MeshException.NotAllowed}, or {@link
   * MeshException.MalformedName} for a topic nobody can publish to.
   */
  static @Nullable MeshException refusal(ServiceInstance instance, Action action, Address address) {
    return switch (address) {
      case Address.OfQueue(QueueName queue) -> ofQueue(instance, action, queue);
      case Address.OfTopic(TopicPattern topic) -> ofTopic(instance, action, topic);
    };
  }

  /**
   * @throws MeshException what {@link #refusal} says
   */
  static void require(ServiceInstance instance, Action action, Address address) {
    MeshException refusal = refusal(instance, action, address);
    if (refusal != null) {
      throw refusal;
    }
  }

  private static @Nullable MeshException ofQueue(
      ServiceInstance instance, Action action, QueueName queue) {
    String name = queue.value();
    if (SystemQueues.contains(queue)) {
      return notAllowed(action, "queue", name, "the server, whose own queue it is");
    }
    return switch (action) {
      case PUBLISH ->
          anyMatches(instance.rules().queuePublish(), name)
              ? null
              : notAllowed(action, "queue", name, "queueRules.publishFilter");
      case SUBSCRIBE ->
          anyMatches(instance.rules().queueSubscribe(), name)
              ? null
              : notAllowed(action, "queue", name, "queueRules.subscribeFilter");
      case MANAGE ->
          instance.owns(name)
              ? null
              : notAllowed(action, "queue", name, "namespace '" + instance.namespace() + "'");
      case DEAD_LETTER ->
          instance.owns(name) || anyMatches(instance.rules().queuePublish(), name)
              ? null
              : notAllowed(action, "queue", name, "queueRules.publishFilter");
    };
  }

  private static @Nullable MeshException ofTopic(
      ServiceInstance instance, Action action, TopicPattern topic) {
    return switch (action) {
      case PUBLISH -> {
        MeshException malformed = malformedTopic(topic);
        if (malformed != null) {
          yield malformed;
        }
        yield anyMatches(instance.rules().topicPublish(), topic.value())
            ? null
            : notAllowed(action, "topic", topic.value(), "topicRules.publishFilter");
      }
      case SUBSCRIBE ->
          anyCovers(instance.rules().topicSubscribe(), topic)
              ? null
              : notAllowed(action, "topic", topic.value(), "topicRules.subscribeFilter");
      case MANAGE, DEAD_LETTER ->
          throw new IllegalArgumentException("Topics are neither managed nor dead message queues");
    };
  }

  /** What may be subscribed to and what may be published to differ (wire reference 1.4). */
  private static @Nullable MeshException malformedTopic(TopicPattern topic) {
    if (topic.hasWildcard()) {
      return new MeshException.MalformedName(
          "topic", topic.value(), "wildcards are for subscriptions");
    }
    return topic.segmentCount() < 2
        ? new MeshException.MalformedName("topic", topic.value(), "2 to 20 segments are allowed")
        : null;
  }

  private static boolean anyMatches(List<TopicPattern> filter, String name) {
    for (TopicPattern pattern : filter) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyCovers(List<TopicPattern> filter, TopicPattern wanted) {
    for (TopicPattern pattern : filter) {
      if (pattern.covers(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static MeshException notAllowed(Action action, String kind, String name, String rule) {
    return new MeshException.NotAllowed(action.verb + " " + kind, name, rule);
  }
}
