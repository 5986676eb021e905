// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.TopicPattern;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.QueueView;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueStats;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Queues in the vendor's words (wire reference 8.2, 8.5). */
final class QueueDocument {
  private QueueDocument() {}

  static ObjectNode of(QueueView queue) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("name", queue.name().value());
    putCounts(document, queue.stats());
    document.setAll(QueueAttributes.of(queue.settings()).toDocument());
    return document;
  }

  static ObjectNode statistics(QueueView queue) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("name", queue.name().value());
    QueueStats stats = queue.stats();
    putCounts(document, stats);
    document.put("delayedMessageCount", stats.delayedMessages());
    document.put("deadPendingMessageCount", stats.deadPendingMessages());
    document.put("ingressMessageCount", stats.appendedTotal());
    document.put("egressMessageCount", stats.deliveredTotal());
    return document;
  }

  /** Of all queues of an instance. */
  static ObjectNode total(List<QueueView> queues) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("queueCount", queues.size());
    document.put("messageCount", queues.stream().mapToLong(q -> q.stats().messages()).sum());
    document.put("queueSizeInBytes", queues.stream().mapToLong(q -> q.stats().bytes()).sum());
    document.put(
        "unacknowledgedMessageCount",
        queues.stream().mapToLong(q -> q.stats().unsettledMessages()).sum());
    document.put("consumerCount", queues.stream().mapToLong(q -> q.stats().consumers()).sum());
    document.put(
        "ingressMessageCount", queues.stream().mapToLong(q -> q.stats().appendedTotal()).sum());
    document.put(
        "egressMessageCount", queues.stream().mapToLong(q -> q.stats().deliveredTotal()).sum());
    return document;
  }

  static ObjectNode subscription(QueueName queue, TopicPattern topic) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("queueName", queue.value())
        .put("topicPattern", topic.value());
  }

  private static void putCounts(ObjectNode document, QueueStats stats) {
    document.put("messageCount", stats.messages());
    document.put("queueSizeInBytes", stats.bytes());
    document.put("unacknowledgedMessageCount", stats.unsettledMessages());
    document.put("consumerCount", stats.consumers());
  }
}
