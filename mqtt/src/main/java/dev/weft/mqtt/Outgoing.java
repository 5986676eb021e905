// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.queue.Delivery;
import dev.weft.queue.Message;
import org.jspecify.annotations.Nullable;

/** One message for the client: waits, is sent, and with QoS 1 waits for its PUBACK. */
final class Outgoing {
  final Message message;

  /** At most what the subscription was granted and what it was published with. */
  final int qos;

  /** It was there before the subscription was. */
  final boolean retain;

  /** What to settle; null when it came from no queue. */
  final @Nullable Delivery delivery;

  /** Where its bytes are counted while it waits; null when they are not. */
  final @Nullable Backlog backlog;

  /** 0 until it is sent with QoS 1. */
  int packetId;

  /** It was sent before. */
  boolean dup;

  private Outgoing(
      Message message,
      int granted,
      boolean retain,
      @Nullable Delivery delivery,
      @Nullable Backlog backlog) {
    this.message = message;
    this.qos = Math.min(granted, OriginalQos.of(message));
    this.retain = retain;
    this.delivery = delivery;
    this.backlog = backlog;
  }

  /** From the session's queue, which only filters of QoS 1 feed. */
  static Outgoing of(Delivery delivery) {
    return new Outgoing(delivery.message(), 1, false, delivery, null);
  }

  static Outgoing live(Message message, int granted, Backlog backlog) {
    return new Outgoing(message, granted, false, null, backlog);
  }

  static Outgoing retained(Message message, int granted) {
    return new Outgoing(message, granted, true, null, null);
  }
}
