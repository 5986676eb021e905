// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

/**
 * One message as it is stored: the header fields a broker may change, apart from the bytes it may
 * not.
 *
 * <p>The encoded bytes are AMQP 1.0 sections in their order: message-annotations (optional),
 * properties, application-properties (optional), body, footer (optional). Header and
 * delivery-annotations are never part of them (AMQP 1.0, messaging, 3.2). They are shared, not
 * copied: neither the publisher nor a reader changes the array once the message exists.
 *
 * @param durable as the publisher said; Weft stores both kinds
 * @param priority 0 to 9, 4 by default; handed on, never used for order
 * @param ttlMillis the publisher's time to live in milliseconds, {@link #NO_TTL} when it gave none
 * @param encoded the sections
 */
public record Message(boolean durable, int priority, long ttlMillis, byte[] encoded) {
  public static final int DEFAULT_PRIORITY = 4;
  public static final long NO_TTL = -1;

  public Message {
    if (priority < 0 || priority > 255) {
      throw new IllegalArgumentException("priority " + priority);
    }
    if (ttlMillis < NO_TTL) {
      throw new IllegalArgumentException("ttlMillis " + ttlMillis);
    }
  }

  /** A durable message of default priority without time to live. */
  public static Message of(byte[] encoded) {
    return new Message(true, DEFAULT_PRIORITY, NO_TTL, encoded);
  }

  /** Bytes that count against size limits. */
  public int size() {
    return encoded.length;
  }
}
