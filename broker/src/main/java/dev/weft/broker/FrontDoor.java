// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.AccessChange;
import dev.weft.access.AccessControl;
import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Authorization.Action;
import dev.weft.queue.AppendListener;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueName;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where every message comes in and goes out, whatever the protocol: hops 2 to 4 of the message
 * path. Admits by rule, name and size, routes topics to queues, appends; opens consumers. Safe for
 * any thread; {@link #publish} never blocks and makes no garbage beyond one listener for a topic.
 */
public final class FrontDoor {
  private static final int BROWSE_MAX = 10_000;

  /** A queue deleted while a publish was on its way is routed around; more than this is a storm. */
  private static final int ROUTE_ATTEMPTS_MAX = 5;

  private final QueueEngine engine;
  private final Routing routing;
  private final BrokerLimits limits;
  private final Function<Caller, @Nullable ServiceInstance> currentInstance;
  private final PublishGate publishGate = new PublishGate();
  private final DirectSubscriptions direct = new DirectSubscriptions();
  private final OpenConsumers consumers = new OpenConsumers();
  private final LongAdder unrouted = new LongAdder();

  /** A front door that takes the rules as they were when the caller rang. */
  public FrontDoor(QueueEngine engine, Routing routing, BrokerLimits limits) {
    this(engine, routing, limits, Caller::instance);
  }

  /** A front door that follows changes of instances and keys, on open connections too. */
  public FrontDoor(QueueEngine engine, Routing routing, BrokerLimits limits, AccessControl access) {
    this(engine, routing, limits, caller -> access.instanceById(caller.instance().id()));
    access.onChange(
        change -> {
          if (change instanceof AccessChange.InstanceDeleted(ServiceInstance instance)) {
            publishGate.forget(instance.id());
          }
          consumers.follow(change);
        });
  }

  private FrontDoor(
      QueueEngine engine,
      Routing routing,
      BrokerLimits limits,
      Function<Caller, @Nullable ServiceInstance> currentInstance) {
    this.engine = engine;
    this.routing = routing;
    this.limits = limits;
    this.currentInstance = currentInstance;
  }

  /**
   * Stores the message in the queue, or in every queue that subscribes to the topic; in all or in
   * none. A topic without subscribers takes the message and drops it.
   *
   * @param listener told exactly once, possibly before this returns: stored, or {@link
   *     MeshException.NotAllowed}, {@link MeshException.MalformedName}, {@link
   *     MeshException.UnknownQueue}, {@link MeshException.MessageTooLarge}, or what the engine says
   */
  public void publish(Caller caller, Address address, Message message, AppendListener listener) {
    MeshException refusal = refusal(caller, address, message);
    if (refusal != null) {
      listener.refused(refusal);
      return;
    }
    switch (address) {
      case Address.OfQueue(QueueName queue) -> engine.append(List.of(queue), message, listener);
      case Address.OfTopic(TopicPattern topic) ->
          new TopicPublish(topic.value(), message, listener).route();
    }
  }

  /**
   * Why {@link #publish} would refuse the message before it asks the engine, for who has something
   * else to do first; null when it would not.
   */
  public @Nullable MeshException refusal(Caller caller, Address address, Message message) {
    ServiceInstance instance = currentInstance.apply(caller);
    if (instance == null) {
      return gone("publish to", address);
    }
    if (message.size() > limits.messageSizeMax()) {
      return new MeshException.MessageTooLarge(message.size(), limits.messageSizeMax());
    }
    return publishGate.refusal(instance, address);
  }

  /** One message on its way to the subscribers of its topic. */
  private final class TopicPublish implements AppendListener {
    private final String topic;
    private final Message message;
    private final AppendListener listener;
    private int attempts;

    TopicPublish(String topic, Message message, AppendListener listener) {
      this.topic = topic;
      this.message = message;
      this.listener = listener;
    }

    void route() {
      attempts++;
      Set<QueueName> queues = routing.queuesFor(topic);
      if (!queues.isEmpty()) {
        engine.append(queues, message, this);
      } else {
        Set<DirectConsumer> live = direct.matching(topic);
        if (live.isEmpty()) {
          unrouted.increment();
        }
        direct.deliver(live, message);
        listener.stored();
      }
    }

    /** Direct subscribers get only what a crash cannot take back. */
    @Override
    public void stored() {
      direct.deliver(direct.matching(topic), message);
      listener.stored();
    }

    @Override
    public void refused(MeshException reason) {
      if (reason instanceof MeshException.UnknownQueue && attempts < ROUTE_ATTEMPTS_MAX) {
        // Routing forgets a queue before the engine does: ask it again.
        route();
      } else {
        listener.refused(reason);
      }
    }
  }

  /**
   * Opens a consumer without credit. A queue hands out what it keeps. A topic pattern hands out
   * what is published from now on, once, and drops what finds no credit; an outcome means nothing
   * there.
   *
   * @throws MeshException.NotAllowed if a rule forbids it
   * @throws MeshException.UnknownQueue if there is no such queue
   * @throws MeshException.LimitReached if the instance has too many direct subscriptions
   */
  public Consumer consume(
      Caller caller, Address address, ConsumerSettings settings, DeliveryListener listener) {
    ServiceInstance instance = requireAllowed(caller, address);
    boolean topic = address instanceof Address.OfTopic;
    int max = limits.directSubscriptionsPerInstance();
    if (topic && consumers.directSubscriptions(instance) >= max) {
      throw new MeshException.LimitReached("topic subscriptions of '" + instance.name() + "'", max);
    }
    GuardedConsumer consumer = consumers.register(caller, address, listener);
    try {
      consumer.open(
          guard ->
              switch (address) {
                case Address.OfQueue(QueueName queue) -> engine.consume(queue, settings, guard);
                case Address.OfTopic(TopicPattern pattern) -> direct.open(pattern, guard);
              });
    } catch (MeshException refused) {
      consumers.remove(consumer);
      throw refused;
    }
    try {
      // A change of the rules between the check and the registration reached nobody.
      requireAllowed(caller, address);
    } catch (MeshException refused) {
      consumer.close();
      throw refused;
    }
    return consumer;
  }

  /**
   * Looks at messages without taking them.
   *
   * @param from the first sequence of interest, 0 for the head
   * @param limit 1 to 10 000
   * @throws MeshException.NotAllowed if the instance may not consume from the queue
   * @throws MeshException.UnknownQueue if there is no such queue
   */
  public List<BrowsedMessage> browse(Caller caller, QueueName queue, long from, int limit) {
    requireAllowed(caller, new Address.OfQueue(queue));
    if (from < 0) {
      throw new MeshException.InvalidValue("from", "must not be negative");
    }
    if (limit < 1 || limit > BROWSE_MAX) {
      throw new MeshException.InvalidValue("limit", "must be from 1 to " + BROWSE_MAX);
    }
    return engine.browse(queue, from, limit);
  }

  private ServiceInstance requireAllowed(Caller caller, Address address) {
    ServiceInstance instance = currentInstance.apply(caller);
    if (instance == null) {
      throw gone("consume from", address);
    }
    Authorization.require(instance, Action.SUBSCRIBE, address);
    return instance;
  }

  private static MeshException gone(String action, Address address) {
    return new MeshException.NotAllowed(
        action, address.toString(), "the service instance, which was deleted");
  }

  /**
   * Whether there is such a queue; for whoever names one before the first publish (wire reference
   * 4.6).
   *
   * @throws MeshException.NotAllowed if the instance may not publish to it: what is foreign and
   *     what is missing look the same
   */
  public boolean isQueue(Caller caller, QueueName queue) {
    ServiceInstance instance = currentInstance.apply(caller);
    Address address = new Address.OfQueue(queue);
    if (instance == null) {
      throw gone("publish to", address);
    }
    Authorization.require(instance, Action.PUBLISH, address);
    try {
      engine.stats(queue);
      return true;
    } catch (MeshException.UnknownQueue none) {
      return false;
    }
  }

  /** Bytes of the largest message, properties included. */
  public int messageSizeMax() {
    return limits.messageSizeMax();
  }

  /** Publishes since the start that went to a topic without any subscriber. */
  public long unrouted() {
    return unrouted.sum();
  }

  /** Messages since the start that a direct subscription had no credit for. */
  public long dropped() {
    return direct.dropped();
  }
}
