// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

/**
 * Who pushes. Told of every subscription, after the change is durable, one call at a time; returns
 * fast.
 */
public interface WebhookPusher {
  /** The subscription is new (also: known at the start), or paused, or resumed. */
  void changed(WebhookSubscription subscription);

  void removed(String instanceId, String name);

  /** Asks the receiver again. */
  void handshake(String instanceId, String name);

  /** {@link WebhookStatus#UNKNOWN} for a subscription it does not know. */
  WebhookStatus status(String instanceId, String name);
}
