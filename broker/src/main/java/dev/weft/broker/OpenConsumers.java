// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.AccessChange;
import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.broker.Authorization.Action;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every consumer that came through the front door and is open, so that a change of rules or keys
 * reaches it at once. Safe for any thread.
 */
final class OpenConsumers {
  private final Set<GuardedConsumer> open = ConcurrentHashMap.newKeySet();

  GuardedConsumer register(Caller caller, Address address, DeliveryListener listener) {
    var consumer = new GuardedConsumer(this, caller, address, listener);
    open.add(consumer);
    return consumer;
  }

  void remove(GuardedConsumer consumer) {
    open.remove(consumer);
  }

  /** Direct subscriptions of one instance; walks all consumers, as opening one is rare. */
  long directSubscriptions(ServiceInstance instance) {
    return open.stream()
        .filter(consumer -> isOf(consumer, instance.id()))
        .filter(consumer -> consumer.address() instanceof Address.OfTopic)
        .count();
  }

  /** Ends what the change no longer allows. */
  void follow(AccessChange change) {
    switch (change) {
      case AccessChange.InstanceChanged(ServiceInstance instance) -> endRefused(instance);
      case AccessChange.InstanceDeleted(ServiceInstance instance) ->
          end(consumer -> isOf(consumer, instance.id()), "the service instance, which was deleted");
      case AccessChange.KeyDeleted(String instanceId, String clientId) ->
          end(
              consumer ->
                  isOf(consumer, instanceId) && consumer.caller().clientId().equals(clientId),
              "the service key, which was deleted");
    }
  }

  private void endRefused(ServiceInstance instance) {
    for (GuardedConsumer consumer : open) {
      if (isOf(consumer, instance.id())) {
        @Nullable MeshException refusal =
            Authorization.refusal(instance, Action.SUBSCRIBE, consumer.address());
        if (refusal != null) {
          consumer.withdraw(refusal);
        }
      }
    }
  }

  private void end(Predicate<GuardedConsumer> which, String rule) {
    for (GuardedConsumer consumer : open) {
      if (which.test(consumer)) {
        consumer.withdraw(
            new MeshException.NotAllowed("consume from", consumer.address().toString(), rule));
      }
    }
  }

  private static boolean isOf(GuardedConsumer consumer, String instanceId) {
    return consumer.caller().instance().id().equals(instanceId);
  }

  int size() {
    return open.size();
  }
}
