// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.AccessChange;
import dev.weft.access.AccessControl;
import dev.weft.access.Sealer;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Authorization.Action;
import dev.weft.broker.Catalogue.StoredQueue;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All management of queues, subscriptions and webhooks, for REST, cockpit, landscape file and CLI
 * alike. Every method acts in the scope of one instance: what lies outside its namespace is refused
 * on writes and does not exist on reads. Blocks on the database; call from virtual threads. Changes
 * are serial under one lock; reads take none.
 *
 * <p>The catalogue is the truth, the engine and the routing follow. The order of the writes decides
 * what a crash between two of them means:
 *
 * <ul>
 *   <li>create: catalogue, engine. A queue the catalogue knows and the engine does not is declared
 *       at the start.
 *   <li>delete: tombstone in the catalogue, routing, engine, catalogue. A tombstone is finished at
 *       the start, and before the name is used again, so that neither the queue nor its messages
 *       come back.
 *   <li>A queue that only the engine knows means that the catalogue was lost or is an older copy:
 *       it is reported and kept, since its messages were accepted.
 * </ul>
 *
 * <p>The file is longer than 500 lines because all changes share the one lock and that order.
 */
public final class Administration {
  private static final Logger LOG = LoggerFactory.getLogger(Administration.class);

  private final Catalogue catalogue;
  private final QueueEngine engine;
  private final Routing routing;
  private final BrokerLimits limits;
  private final Webhooks webhooks;
  private final ReentrantLock changes = new ReentrantLock();

  /** A queue as the catalogue has it. */
  private record ManagedQueue(
      String instanceId, QueueSettings settings, Set<TopicPattern> patterns) {}

  private static final ManagedQueue NO_QUEUE =
      new ManagedQueue("", QueueSettings.DEFAULT, Set.of());

  /** By name, without tombstones. Values are replaced, never changed; written under the lock. */
  private final NavigableMap<QueueName, ManagedQueue> queues = new ConcurrentSkipListMap<>();

  public Administration(
      Catalogue catalogue,
      QueueEngine engine,
      Routing routing,
      BrokerLimits limits,
      Sealer sealer) {
    this.catalogue = catalogue;
    this.engine = engine;
    this.routing = routing;
    this.limits = limits;
    this.webhooks = new Webhooks(catalogue, sealer);
  }

  /**
   * Reads the catalogue and brings engine and routing to it; once, before the doors open.
   *
   * @throws dev.weft.access.SealException if a secret of a webhook does not open
   */
  public void start() {
    serially(
        () -> {
          Map<QueueName, QueueSettings> engineQueues = new HashMap<>(engine.queues());
          Map<QueueName, List<TopicPattern>> subscriptions = catalogue.subscriptions();
          for (StoredQueue stored : catalogue.queues()) {
            QueueSettings known = engineQueues.remove(stored.name());
            if (stored.deleting()) {
              finishDelete(stored.name());
              continue;
            }
            if (!stored.settings().equals(known)) {
              engine.declare(stored.name(), stored.settings());
            }
            Collection<TopicPattern> patterns =
                subscriptions.getOrDefault(stored.name(), List.of());
            queues.put(
                stored.name(),
                new ManagedQueue(stored.instanceId(), stored.settings(), Set.copyOf(patterns)));
          }
          routing.load(subscriptions);
          webhooks.load();
          engineQueues.keySet().removeIf(SystemQueues::contains);
          if (!engineQueues.isEmpty()) {
            LOG.atWarn()
                .addKeyValue("queues", engineQueues.size())
                .log("the engine holds queues that the catalogue does not know; they are kept");
          }
          return null;
        });
  }

  /**
   * Keeps the routing to what the rules allow: a subscription whose rule was withdrawn stays, and
   * gets nothing until a rule allows it again. Call it once, after {@link #start}.
   */
  public void follow(AccessControl access) {
    access.onChange(
        change -> {
          if (change instanceof AccessChange.InstanceChanged(ServiceInstance instance)) {
            route(instance);
          }
        });
    access.instances().forEach(this::route);
  }

  private void route(ServiceInstance instance) {
    serially(
        () -> {
          for (QueueName name : owned(instance)) {
            for (TopicPattern pattern : queues.getOrDefault(name, NO_QUEUE).patterns) {
              Address.OfTopic topic = new Address.OfTopic(pattern);
              boolean allowed = Authorization.refusal(instance, Action.SUBSCRIBE, topic) == null;
              if (allowed ? routing.add(name, pattern) : routing.remove(name, pattern)) {
                log(instance, name, allowed ? "subscription allowed" : "subscription withdrawn");
              }
            }
          }
          return null;
        });
  }

  /** Registers who pushes and tells it of every subscription there is. */
  public void attach(WebhookPusher pusher) {
    serially(
        () -> {
          webhooks.attach(pusher);
          return null;
        });
  }

  /** Queues below the instance's namespace, by name. */
  public List<QueueView> queues(ServiceInstance instance) {
    var views = new ArrayList<QueueView>();
    for (QueueName name : owned(instance)) {
      QueueView view = view(name);
      if (view != null) {
        views.add(view);
      }
    }
    return views;
  }

  private List<QueueName> owned(ServiceInstance instance) {
    var names = new ArrayList<QueueName>();
    for (QueueName name : queues.tailMap(new QueueName(instance.namespace())).keySet()) {
      if (instance.owns(name.value())) {
        names.add(name);
      } else if (!name.value().startsWith(instance.namespace())) {
        break;
      }
    }
    return names;
  }

  /** Null when the queue went meanwhile. */
  private @Nullable QueueView view(QueueName name) {
    ManagedQueue queue = queues.get(name);
    try {
      return queue == null ? null : new QueueView(name, queue.settings, engine.stats(name));
    } catch (MeshException.UnknownQueue gone) {
      return null;
    }
  }

  /**
   * @throws MeshException.UnknownQueue if there is none, or it is another instance's
   */
  public QueueView queue(ServiceInstance instance, QueueName name) {
    requireOwned(instance, name);
    QueueView view = view(name);
    if (view == null) {
      throw new MeshException.UnknownQueue(name);
    }
    return view;
  }

  /** Foreign and missing are the same. */
  private ManagedQueue requireOwned(ServiceInstance instance, QueueName name) {
    ManagedQueue queue = queues.get(name);
    if (queue == null
        || Authorization.refusal(instance, Action.MANAGE, new Address.OfQueue(name)) != null) {
      throw new MeshException.UnknownQueue(name);
    }
    return queue;
  }

  /**
   * Creates the queue, or changes what is given; the rest keeps its value (wire reference 8.2).
   *
   * @return whether the queue is new
   * @throws MeshException.NotAllowed if the queue lies outside the instance's namespace, or the
   *     dead message queue outside both the namespace and {@code queueRules.publishFilter}
   * @throws MeshException.InvalidValue if the dead message queue does not exist or is the queue
   * @throws MeshException.LimitReached if the instance has as many queues as it may
   */
  public boolean putQueue(ServiceInstance instance, QueueName name, QueueAttributes attributes) {
    Authorization.require(instance, Action.MANAGE, new Address.OfQueue(name));
    return serially(
        () -> {
          ManagedQueue existing = queues.get(name);
          QueueSettings before = existing == null ? QueueSettings.DEFAULT : existing.settings;
          QueueSettings after = attributes.applyTo(before);
          QueueName deadMessageQueue = after.deadMessageQueue();
          if (deadMessageQueue != null && !deadMessageQueue.equals(before.deadMessageQueue())) {
            checkDeadMessageQueue(instance, name, deadMessageQueue);
          }
          if (existing == null) {
            create(instance, name, after);
          } else if (!after.equals(before)) {
            change(name, existing, after);
          }
          return existing == null;
        });
  }

  private void checkDeadMessageQueue(
      ServiceInstance instance, QueueName name, QueueName deadMessageQueue) {
    Authorization.require(instance, Action.DEAD_LETTER, new Address.OfQueue(deadMessageQueue));
    if (deadMessageQueue.equals(name)) {
      throw new MeshException.InvalidValue("deadMsgQueue", "must be another queue");
    }
    if (!queues.containsKey(deadMessageQueue)) {
      throw new MeshException.InvalidValue(
          "deadMsgQueue", "there is no queue '" + deadMessageQueue + "'");
    }
  }

  private void create(ServiceInstance instance, QueueName name, QueueSettings settings) {
    if (owned(instance).size() >= limits.queuesPerInstance()) {
      throw new MeshException.LimitReached(
          "queues of '" + instance.name() + "'", limits.queuesPerInstance());
    }
    catalogue.insertQueue(instance.id(), name, settings);
    try {
      // What the engine still holds of the name belongs to a queue that was deleted.
      engine.delete(name);
      engine.declare(name, settings);
    } catch (MeshException failure) {
      catalogue.deleteQueue(name);
      throw failure;
    }
    queues.put(name, new ManagedQueue(instance.id(), settings, Set.of()));
    log(instance, name, "queue created");
  }

  private void change(QueueName name, ManagedQueue existing, QueueSettings settings) {
    catalogue.updateQueue(name, settings);
    try {
      engine.change(name, settings);
    } catch (MeshException failure) {
      catalogue.updateQueue(name, existing.settings);
      throw failure;
    }
    queues.put(name, new ManagedQueue(existing.instanceId, settings, existing.patterns));
    LOG.atInfo().addKeyValue("queue", name).log("queue changed");
  }

  /**
   * Deletes the queue with its messages, its subscriptions and the webhooks on it.
   *
   * @throws MeshException.UnknownQueue if there is none, or it is another instance's
   */
  public void deleteQueue(ServiceInstance instance, QueueName name) {
    serially(
        () -> {
          ManagedQueue queue = requireOwned(instance, name);
          catalogue.buryQueue(name);
          routing.removeAll(name, queue.patterns);
          queues.remove(name);
          webhooks.forgetQueue(name);
          finishDelete(name);
          log(instance, name, "queue deleted");
          return null;
        });
  }

  private void finishDelete(QueueName name) {
    engine.delete(name);
    catalogue.deleteQueue(name);
  }

  /**
   * Removes every message that waits.
   *
   * @return how many
   * @throws MeshException.UnknownQueue if there is none, or it is another instance's
   */
  public long purgeQueue(ServiceInstance instance, QueueName name) {
    requireOwned(instance, name);
    long purged = engine.purge(name);
    LOG.atInfo()
        .addKeyValue("instance", instance.name())
        .addKeyValue("queue", name)
        .addKeyValue("messages", purged)
        .log("queue purged");
    return purged;
  }

  /**
   * Topic patterns the queue subscribes to, sorted.
   *
   * @throws MeshException.UnknownQueue if there is none, or it is another instance's
   */
  public List<TopicPattern> subscriptions(ServiceInstance instance, QueueName queue) {
    return requireOwned(instance, queue).patterns.stream()
        .sorted((a, b) -> a.value().compareTo(b.value()))
        .toList();
  }

  /**
   * Subscribes the queue to a topic or a pattern.
   *
   * @return whether the subscription is new
   * @throws MeshException.UnknownQueue if there is none, or it is another instance's
   * @throws MeshException.NotAllowed if no {@code topicRules.subscribeFilter} covers the pattern
   * @throws MeshException.LimitReached if the instance has as many subscriptions as it may
   */
  public boolean putSubscription(ServiceInstance instance, QueueName queue, TopicPattern pattern) {
    return putSubscriptions(instance, queue, List.of(pattern)) == 1;
  }

  /**
   * Subscribes the queue to many patterns in one transaction: all or none.
   *
   * @return how many of them are new
   */
  public int putSubscriptions(
      ServiceInstance instance, QueueName queue, Collection<TopicPattern> patterns) {
    return serially(
        () -> {
          ManagedQueue before = requireOwned(instance, queue);
          var fresh = new HashSet<TopicPattern>(patterns);
          fresh.removeAll(before.patterns);
          for (TopicPattern pattern : patterns) {
            Authorization.require(instance, Action.SUBSCRIBE, new Address.OfTopic(pattern));
          }
          if (fresh.isEmpty()) {
            return 0;
          }
          requireRoom(instance, fresh.size());
          catalogue.insertSubscriptions(queue, fresh);
          for (TopicPattern pattern : fresh) {
            routing.add(queue, pattern);
          }
          var all = new HashSet<TopicPattern>(before.patterns);
          all.addAll(fresh);
          queues.put(queue, new ManagedQueue(before.instanceId, before.settings, Set.copyOf(all)));
          log(instance, queue, "queue subscribed");
          return fresh.size();
        });
  }

  private void requireRoom(ServiceInstance instance, int more) {
    long existing = 0;
    for (QueueName name : owned(instance)) {
      ManagedQueue queue = queues.get(name);
      existing += queue == null ? 0 : queue.patterns.size();
    }
    if (existing + more > limits.subscriptionsPerInstance()) {
      throw new MeshException.LimitReached(
          "queue subscriptions of '" + instance.name() + "'", limits.subscriptionsPerInstance());
    }
  }

  /**
   * @throws MeshException.UnknownQueue if there is none, or it is another instance's
   * @throws MeshException.NotFound if the queue has no such subscription
   */
  public void deleteSubscription(ServiceInstance instance, QueueName queue, TopicPattern pattern) {
    serially(
        () -> {
          ManagedQueue before = requireOwned(instance, queue);
          if (!before.patterns.contains(pattern)) {
            throw new MeshException.NotFound("subscription", pattern.value());
          }
          catalogue.deleteSubscription(queue, pattern);
          routing.remove(queue, pattern);
          var rest = new HashSet<TopicPattern>(before.patterns);
          rest.remove(pattern);
          queues.put(queue, new ManagedQueue(before.instanceId, before.settings, Set.copyOf(rest)));
          log(instance, queue, "queue unsubscribed");
          return null;
        });
  }

  /** All of the instance, by name. */
  public List<WebhookSubscription> webhooks(ServiceInstance instance) {
    return webhooks.of(instance.id());
  }

  /**
   * @throws MeshException.NotFound if the instance has none of the name
   */
  public WebhookSubscription webhook(ServiceInstance instance, String name) {
    return webhooks.require(instance.id(), name);
  }

  /**
   * Creates a push subscription.
   *
   * @throws MeshException.Conflict if the instance has one of the name
   * @throws MeshException.NotAllowed if {@code queueRules.subscribeFilter} does not allow the queue
   * @throws MeshException.UnknownQueue if there is no such queue
   * @throws MeshException.LimitReached if the instance has as many webhooks as it may
   */
  public WebhookSubscription createWebhook(
      ServiceInstance instance, WebhookSubscription subscription) {
    if (!subscription.instanceId().equals(instance.id())) {
      throw new IllegalArgumentException("The webhook belongs to another instance");
    }
    QueueName queue = subscription.queue();
    Authorization.require(instance, Action.SUBSCRIBE, new Address.OfQueue(queue));
    return serially(
        () -> {
          if (webhooks.find(instance.id(), subscription.name()) != null) {
            throw new MeshException.Conflict("webhook", subscription.name());
          }
          if (!queues.containsKey(queue)) {
            throw new MeshException.UnknownQueue(queue);
          }
          if (webhooks.of(instance.id()).size() >= limits.webhooksPerInstance()) {
            throw new MeshException.LimitReached(
                "webhooks of '" + instance.name() + "'", limits.webhooksPerInstance());
          }
          webhooks.add(subscription);
          return subscription;
        });
  }

  /**
   * @throws MeshException.NotFound if the instance has none of the name
   */
  public void deleteWebhook(ServiceInstance instance, String name) {
    serially(
        () -> {
          webhooks.delete(webhooks.require(instance.id(), name));
          return null;
        });
  }

  /**
   * Stops or resumes the pushing; no change when it is so already.
   *
   * @throws MeshException.NotFound if the instance has none of the name
   */
  public void setWebhookPaused(ServiceInstance instance, String name, boolean paused) {
    serially(
        () -> {
          webhooks.pause(webhooks.require(instance.id(), name), paused);
          return null;
        });
  }

  /**
   * Asks the receiver again whether it agrees.
   *
   * @throws MeshException.NotFound if the instance has none of the name
   * @throws MeshException.EngineUnavailable if nobody pushes
   */
  public void triggerHandshake(ServiceInstance instance, String name) {
    webhooks.handshake(webhooks.require(instance.id(), name));
  }

  /**
   * @throws MeshException.NotFound if the instance has none of the name
   */
  public WebhookStatus webhookStatus(ServiceInstance instance, String name) {
    return webhooks.status(webhooks.require(instance.id(), name));
  }

  /**
   * Deletes the webhooks and queues of the instance, before {@link
   * dev.weft.access.AccessControl#deleteInstance} deletes the instance itself. After a
   * crash in between, do it again.
   */
  public void deleteEverything(ServiceInstance instance) {
    serially(
        () -> {
          for (WebhookSubscription webhook : webhooks.of(instance.id())) {
            webhooks.delete(webhook);
          }
          for (QueueName name : owned(instance)) {
            deleteQueue(instance, name);
          }
          return null;
        });
  }

  private <T extends @Nullable Object> T serially(Supplier<T> change) {
    changes.lock();
    try {
      return change.get();
    } finally {
      changes.unlock();
    }
  }

  private static void log(ServiceInstance instance, QueueName queue, String event) {
    LOG.atInfo().addKeyValue("instance", instance.name()).addKeyValue("queue", queue).log(event);
  }
}
