// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.access.AccessControl;
import dev.weft.access.ServiceInstance;
import dev.weft.access.ServiceKey;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Administration;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.QueueView;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.server.landscape.Landscape;
import dev.weft.server.landscape.NearestWord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares a landscape with what exists. Objects that the landscape does not name stay, unless it
 * is asked to prune. Blocking.
 */
final class LandscapePlanner {
  private final AccessControl access;
  private final Administration administration;
  private final Systems systems;

  LandscapePlanner(AccessControl access, Administration administration, Systems systems) {
    this.access = access;
    this.administration = administration;
    this.systems = systems;
  }

  /** The steps in an order in which they can be done. */
  List<Change> plan(Landscape landscape, boolean prune) {
    Map<String, ServiceInstance> existing =
        access.instances().stream()
            .collect(Collectors.toMap(ServiceInstance::name, Function.identity()));
    List<Change> changes = new ArrayList<>();
    if (prune) {
      Set<String> wanted =
          landscape.instances().stream().map(Landscape.Instance::name).collect(Collectors.toSet());
      existing.keySet().stream()
          .filter(name -> !wanted.contains(name))
          .sorted()
          .forEach(name -> changes.add(new Change.DeleteInstance(name)));
    }
    for (Landscape.Instance wanted : landscape.instances()) {
      ServiceInstance found = existing.get(wanted.name());
      if (found == null) {
        create(wanted, changes);
      } else {
        update(wanted, found, prune, changes);
      }
    }
    systems(landscape, prune, changes);
    return changes;
  }

  private void systems(Landscape landscape, boolean prune, List<Change> changes) {
    Map<String, ObjectNode> existing = new TreeMap<>(systems.all());
    for (Landscape.Producer wanted : landscape.systems()) {
      ObjectNode found = existing.remove(wanted.name());
      if (found == null) {
        changes.add(
            new Change.PutSystem(Change.Action.CREATE, wanted.name(), wanted.document(), Map.of()));
      } else if (!found.equals(wanted.document())) {
        changes.add(
            new Change.PutSystem(
                Change.Action.UPDATE,
                wanted.name(),
                wanted.document(),
                differences(found, wanted.document())));
      }
    }
    if (prune) {
      existing.keySet().forEach(name -> changes.add(new Change.DeleteSystem(name)));
    }
  }

  /**
   * Channels whose service key does not exist, each as a sentence. No error: the key may be made
   * later and by other means.
   */
  static List<String> dangling(Landscape landscape, AccessControl access) {
    Map<String, Set<String>> keys = new HashMap<>();
    for (ServiceInstance instance : access.instances()) {
      keys.put(
          instance.name(),
          access.keys(instance.name()).stream().map(ServiceKey::name).collect(Collectors.toSet()));
    }
    List<String> sentences = new ArrayList<>();
    for (Landscape.Producer system : landscape.systems()) {
      for (Landscape.Channel channel : system.channels()) {
        String where = "Channel " + channel.name() + " of system " + system.name();
        Set<String> found = keys.get(channel.instance());
        if (found == null) {
          sentences.add(
              where
                  + ": there is no instance '"
                  + channel.instance()
                  + "'"
                  + NearestWord.hint(keys.keySet(), channel.instance()));
        } else if (!found.contains(channel.key())) {
          sentences.add(
              where
                  + ": '"
                  + channel.instance()
                  + "' has no key '"
                  + channel.key()
                  + "'"
                  + NearestWord.hint(found, channel.key()));
        }
      }
    }
    return sentences;
  }

  private static void create(Landscape.Instance wanted, List<Change> changes) {
    String instance = wanted.name();
    changes.add(
        new Change.PutInstance(Change.Action.CREATE, instance, wanted.parameters(), Map.of()));
    for (Landscape.Key key : wanted.keys()) {
      changes.add(new Change.PutKey(Change.Action.CREATE, instance, key.name(), key.secret()));
    }
    for (Landscape.Queue queue : wanted.queues()) {
      changes.add(new Change.PutQueue(Change.Action.CREATE, instance, queue, Map.of()));
      for (TopicPattern pattern : queue.subscriptions()) {
        changes.add(new Change.PutSubscription(instance, queue.name(), pattern));
      }
    }
    for (Landscape.Webhook webhook : wanted.webhooks()) {
      changes.add(new Change.PutWebhook(Change.Action.CREATE, instance, webhook));
    }
  }

  private void update(
      Landscape.Instance wanted, ServiceInstance found, boolean prune, List<Change> changes) {
    JsonNode descriptor = JsonMapper.shared().readTree(found.descriptor());
    Map<String, Change.Values> differences =
        differences((ObjectNode) descriptor, wanted.parameters());
    if (!differences.isEmpty()) {
      changes.add(
          new Change.PutInstance(
              Change.Action.UPDATE, wanted.name(), wanted.parameters(), differences));
    }
    keys(wanted, prune, changes);
    webhooksThatGo(wanted, found, prune, changes);
    queues(wanted, found, prune, changes);
    webhooks(wanted, found, changes);
  }

  private void keys(Landscape.Instance wanted, boolean prune, List<Change> changes) {
    Map<String, ServiceKey> existing =
        access.keys(wanted.name()).stream()
            .collect(Collectors.toMap(ServiceKey::name, Function.identity()));
    for (Landscape.Key key : wanted.keys()) {
      ServiceKey found = existing.remove(key.name());
      if (found == null) {
        changes.add(
            new Change.PutKey(Change.Action.CREATE, wanted.name(), key.name(), key.secret()));
      } else if (key.secret() != null && !key.secret().equals(found.clientSecret())) {
        changes.add(
            new Change.PutKey(Change.Action.UPDATE, wanted.name(), key.name(), key.secret()));
      }
    }
    if (prune) {
      existing.keySet().stream()
          .sorted()
          .forEach(name -> changes.add(new Change.DeleteKey(wanted.name(), name)));
    }
  }

  private void queues(
      Landscape.Instance wanted, ServiceInstance found, boolean prune, List<Change> changes) {
    Map<QueueName, QueueSettings> existing = new HashMap<>();
    for (QueueView view : administration.queues(found)) {
      existing.put(view.name(), view.settings());
    }
    for (Landscape.Queue queue : wanted.queues()) {
      QueueSettings settings = existing.remove(queue.name());
      if (settings == null) {
        changes.add(new Change.PutQueue(Change.Action.CREATE, wanted.name(), queue, Map.of()));
        for (TopicPattern pattern : queue.subscriptions()) {
          changes.add(new Change.PutSubscription(wanted.name(), queue.name(), pattern));
        }
      } else {
        attributes(wanted.name(), queue, settings, changes);
        subscriptions(wanted.name(), found, queue, prune, changes);
      }
    }
    if (prune) {
      existing.keySet().stream()
          .sorted()
          .forEach(name -> changes.add(new Change.DeleteQueue(wanted.name(), name)));
    }
  }

  private static void attributes(
      String instance, Landscape.Queue queue, QueueSettings before, List<Change> changes) {
    QueueSettings after = QueueAttributes.parse(queue.attributes()).applyTo(before);
    if (!after.equals(before)) {
      changes.add(
          new Change.PutQueue(
              Change.Action.UPDATE,
              instance,
              queue,
              differences(
                  QueueAttributes.of(before).toDocument(),
                  QueueAttributes.of(after).toDocument())));
    }
  }

  private void subscriptions(
      String instance,
      ServiceInstance found,
      Landscape.Queue queue,
      boolean prune,
      List<Change> changes) {
    Set<TopicPattern> existing =
        new LinkedHashSet<>(administration.subscriptions(found, queue.name()));
    for (TopicPattern pattern : queue.subscriptions()) {
      if (!existing.remove(pattern)) {
        changes.add(new Change.PutSubscription(instance, queue.name(), pattern));
      }
    }
    if (prune) {
      for (TopicPattern pattern : existing) {
        changes.add(new Change.DeleteSubscription(instance, queue.name(), pattern));
      }
    }
  }

  /** Before queues go: a webhook holds on to its queue. */
  private void webhooksThatGo(
      Landscape.Instance wanted, ServiceInstance found, boolean prune, List<Change> changes) {
    if (!prune) {
      return;
    }
    Set<String> names =
        wanted.webhooks().stream().map(Landscape.Webhook::name).collect(Collectors.toSet());
    for (WebhookSubscription webhook : administration.webhooks(found)) {
      if (!names.contains(webhook.name())) {
        changes.add(new Change.DeleteWebhook(wanted.name(), webhook.name()));
      }
    }
  }

  private void webhooks(Landscape.Instance wanted, ServiceInstance found, List<Change> changes) {
    Map<String, WebhookSubscription> existing =
        administration.webhooks(found).stream()
            .collect(Collectors.toMap(WebhookSubscription::name, Function.identity()));
    for (Landscape.Webhook webhook : wanted.webhooks()) {
      WebhookSubscription before = existing.get(webhook.name());
      if (before == null) {
        changes.add(new Change.PutWebhook(Change.Action.CREATE, wanted.name(), webhook));
      } else if (!same(WebhookDocuments.subscription(found.id(), webhook), before)) {
        changes.add(new Change.PutWebhook(Change.Action.UPDATE, wanted.name(), webhook));
      }
    }
  }

  private static boolean same(WebhookSubscription one, WebhookSubscription other) {
    return one.queue().equals(other.queue())
        && one.qos() == other.qos()
        && one.endpoint().equals(other.endpoint())
        && one.exemptHandshake() == other.exemptHandshake()
        && one.defaultContentType().equals(other.defaultContentType())
        && one.auth().equals(other.auth());
  }

  private static Map<String, Change.Values> differences(ObjectNode before, ObjectNode after) {
    Map<String, Change.Values> differences = new LinkedHashMap<>();
    Set<String> names = new LinkedHashSet<>(before.propertyNames());
    names.addAll(after.propertyNames());
    for (String name : names) {
      @Nullable JsonNode old = before.get(name);
      @Nullable JsonNode fresh = after.get(name);
      boolean same = old == null ? fresh == null : old.equals(fresh);
      if (!same) {
        differences.put(name, new Change.Values(old, fresh));
      }
    }
    return differences;
  }
}
