// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.access.AccessControl;
import dev.weft.access.ServiceInstance;
import dev.weft.access.ServiceKey;
import dev.weft.broker.Administration;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.QueueView;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.QueueSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what exists as a landscape, without secrets and without defaults. Blocking. */
final class LandscapeExport {
  private static final ObjectNode DEFAULTS = QueueAttributes.of(QueueSettings.DEFAULT).toDocument();

  private final AccessControl access;
  private final Administration administration;
  private final Systems systems;

  LandscapeExport(AccessControl access, Administration administration, Systems systems) {
    this.access = access;
    this.administration = administration;
    this.systems = systems;
  }

  ObjectNode export() {
    ObjectNode landscape = JsonMapper.shared().createObjectNode();
    landscape.put("weft", 1);
    ArrayNode instances = landscape.putArray("instances");
    access.instances().forEach(instance -> instances.add(instance(instance)));
    var producers = systems.all().values();
    if (!producers.isEmpty()) {
      landscape.putArray("systems").addAll(producers);
    }
    return landscape;
  }

  private ObjectNode instance(ServiceInstance instance) {
    ObjectNode entry = JsonMapper.shared().createObjectNode();
    entry.put("name", instance.name());
    entry.put("plan", "default");
    entry.set("parameters", JsonMapper.shared().readTree(instance.descriptor()));
    ArrayNode keys = entry.putArray("keys");
    for (ServiceKey key : access.keys(instance.name())) {
      keys.add(key.name());
    }
    ArrayNode queues = entry.putArray("queues");
    for (QueueView queue : administration.queues(instance)) {
      queues.add(queue(instance, queue));
    }
    ArrayNode webhooks = entry.putArray("webhooks");
    for (WebhookSubscription webhook : administration.webhooks(instance)) {
      webhooks.add(WebhookDocuments.export(webhook));
    }
    return entry;
  }

  private ObjectNode queue(ServiceInstance instance, QueueView queue) {
    ObjectNode entry = JsonMapper.shared().createObjectNode();
    entry.put("name", queue.name().value());
    for (var attribute : QueueAttributes.of(queue.settings()).toDocument().properties()) {
      JsonNode standard = DEFAULTS.get(attribute.getKey());
      if (!attribute.getValue().equals(standard)) {
        entry.set(attribute.getKey(), attribute.getValue());
      }
    }
    ArrayNode subscriptions = entry.putArray("subscriptions");
    administration
        .subscriptions(instance, queue.name())
        .forEach(pattern -> subscriptions.add(pattern.value()));
    return entry;
  }
}
