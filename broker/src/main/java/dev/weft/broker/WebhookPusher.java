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

  /**
   * The subscription was there before the start.
   *
   * @param agreed the receiver had agreed and need not be asked again
   */
  default void known(WebhookSubscription subscription, boolean agreed) {
    changed(subscription);
  }

  /** Whom to tell what receivers answer; called once, before anything else. */
  default void remember(Agreements agreements) {}

  /** Remembers across restarts. Returns fast; safe for any thread. */
  interface Agreements {
    /** The receiver agreed, or refused. */
    void answered(String instanceId, String name, boolean agreed);
  }

  void removed(String instanceId, String name);

  /** Asks the receiver again. */
  void handshake(String instanceId, String name);

  /** {@link WebhookStatus#UNKNOWN} for a subscription it does not know. */
  WebhookStatus status(String instanceId, String name);
}
