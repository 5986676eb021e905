// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import dev.weft.access.AccessControl;
import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.broker.Address;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import java.time.Instant;

/** Where a subscription's messages come from. */
public interface QueueSource {
  /**
   * Starts a consumer of the subscription's queue, without credit.
   *
   * @throws MeshException.UnknownQueue if the queue does not exist
   * @throws MeshException.NotAllowed if a rule of the instance forbids it by now
   * @throws MeshException.NotFound if the instance does not exist any more
   */
  Consumer consume(
      WebhookSubscription subscription, ConsumerSettings settings, DeliveryListener listener);

  /** Through the front door, as the subscription's service instance. */
  static QueueSource of(FrontDoor frontDoor, AccessControl access) {
    return (subscription, settings, listener) -> {
      ServiceInstance instance = access.instanceById(subscription.instanceId());
      if (instance == null) {
        throw new MeshException.NotFound("service instance", subscription.instanceId());
      }
      // No token stands behind it: the subscription itself is the permission, and outlives tokens.
      Caller caller = new Caller(instance, settings.label(), Instant.MAX);
      return frontDoor.consume(
          caller, new Address.OfQueue(subscription.queue()), settings, listener);
    };
  }
}
