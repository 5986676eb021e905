// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.ServiceInstance;
import dev.weft.broker.Administration;
import dev.weft.broker.BrokerLimits;
import dev.weft.broker.ConnectionQuota;
import dev.weft.broker.QueueView;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an instance has and may have (wire reference 8.5). */
final class ResourceUsage {
  private final Administration administration;
  private final BrokerLimits limits;
  private final ConnectionQuota connections;

  ResourceUsage(Administration administration, BrokerLimits limits, ConnectionQuota connections) {
    this.administration = administration;
    this.limits = limits;
    this.connections = connections;
  }

  ObjectNode document(ServiceInstance instance) {
    List<QueueView> queues = administration.queues(instance);
    long subscriptions =
        queues.stream()
            .mapToLong(queue -> administration.subscriptions(instance, queue.name()).size())
            .sum();
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    // Units limit nothing here; they are kept as the descriptor names them.
    document
        .putObject("resourceUnits")
        .put("allocated", instance.units())
        .put("used", instance.units());
    put(document, "connections", connections.max(), connections.current(instance));
    put(document, "queues", limits.queuesPerInstance(), queues.size());
    put(document, "queueSubscriptions", limits.subscriptionsPerInstance(), subscriptions);
    put(
        document,
        "webhooks",
        limits.webhooksPerInstance(),
        administration.webhooks(instance).size());
    document
        .putObject("consumers")
        .put("current", queues.stream().mapToLong(queue -> queue.stats().consumers()).sum());
    put(
        document,
        "spoolInBytes",
        queues.stream().mapToLong(queue -> queue.settings().maxBytes()).sum(),
        queues.stream().mapToLong(queue -> queue.stats().bytes()).sum());
    return document;
  }

  private static void put(ObjectNode document, String name, long max, long current) {
    document.putObject(name).put("max", max).put("current", current);
  }
}
