// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.queue.Delivery;

/** One message for a consumer: handed out by the engine, sent, then settled. */
final class Outgoing implements Inbox.Notice {
  final SubscriberLink link;
  final Delivery delivery;

  /** Id on the wire once its first frame went out. */
  int deliveryId;

  /** Bytes sent, sections in front included. */
  int sent;

  Outgoing(SubscriberLink link, Delivery delivery) {
    this.link = link;
    this.delivery = delivery;
  }

  @Override
  public void arrived() {
    link.handedOut(this);
  }
}
