// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.Sealer;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueName;
import java.util.List;

/** All management. */
@SuppressWarnings({"DoNotCallSuggester", "InlineMeSuggester", "UnusedVariable"}) // Bodies follow.
public final class Administration {
  public Administration(
      Catalogue catalogue,
      QueueEngine engine,
      Routing routing,
      BrokerLimits limits,
      Sealer sealer) {}

  /** Declares what the catalogue knows; once, before the doors open. */
  public void start() {}

  /** Replays the existing subscriptions. */
  public void attach(WebhookPusher pusher) {}

  public List<QueueView> queues(ServiceInstance instance) {
    throw new UnsupportedOperationException();
  }

  public QueueView queue(ServiceInstance instance, QueueName queue) {
    throw new UnsupportedOperationException();
  }

  public boolean putQueue(ServiceInstance instance, QueueName queue, QueueAttributes changes) {
    throw new UnsupportedOperationException();
  }

  public void deleteQueue(ServiceInstance instance, QueueName queue) {
    throw new UnsupportedOperationException();
  }

  public long purgeQueue(ServiceInstance instance, QueueName queue) {
    throw new UnsupportedOperationException();
  }

  public List<TopicPattern> subscriptions(ServiceInstance instance, QueueName queue) {
    throw new UnsupportedOperationException();
  }

  public boolean putSubscription(ServiceInstance instance, QueueName queue, TopicPattern topic) {
    throw new UnsupportedOperationException();
  }

  public void deleteSubscription(ServiceInstance instance, QueueName queue, TopicPattern topic) {
    throw new UnsupportedOperationException();
  }

  public List<WebhookSubscription> webhooks(ServiceInstance instance) {
    throw new UnsupportedOperationException();
  }

  public WebhookSubscription webhook(ServiceInstance instance, String name) {
    throw new UnsupportedOperationException();
  }

  public WebhookSubscription createWebhook(
      ServiceInstance instance, WebhookSubscription subscription) {
    throw new UnsupportedOperationException();
  }

  public void deleteWebhook(ServiceInstance instance, String name) {
    throw new UnsupportedOperationException();
  }

  public void setWebhookPaused(ServiceInstance instance, String name, boolean paused) {
    throw new UnsupportedOperationException();
  }

  public void triggerHandshake(ServiceInstance instance, String name) {
    throw new UnsupportedOperationException();
  }

  public WebhookStatus webhookStatus(ServiceInstance instance, String name) {
    throw new UnsupportedOperationException();
  }

  /** Deletes queues, subscriptions and webhooks of the instance, before the instance itself. */
  public void deleteEverything(ServiceInstance instance) {
    throw new UnsupportedOperationException();
  }
}
