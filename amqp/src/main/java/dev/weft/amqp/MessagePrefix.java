// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.queue.Delivery;
import dev.weft.queue.Message;
import java.nio.charset.StandardCharsets;

/**
 * Header and delivery-annotations of one delivery, in front of the stored bytes (wire reference
 * 4.8, R-401). Reused; belongs to the connection's event loop.
 *
 * <p>The header's delivery-count is the number of earlier hand-outs, of whatever outcome, not of
 * failed attempts alone: Cloud Integration releases what it could not process and stops only when
 * this count exceeds its maximum (wire reference 4.10). What counts against the queue's own maximum
 * is the engine's business.
 */
final class MessagePrefix {
  private static final byte[] ACQUIRED_COUNT =
      "x-opt-acquired-count".getBytes(StandardCharsets.US_ASCII);

  /** Header: 3 + 3 + 1 + 2 + 5 + 1 + 5; annotations: 3 + 3 + 2 + 20 + 5. */
  private final byte[] bytes = new byte[64];

  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Encodes the sections of this delivery over those of the last one. */
  MessagePrefix of(Delivery delivery) {
    return of(delivery.message(), delivery.remainingTtlMillis(), delivery.acquiredCount());
  }

  /**
   * @param acquiredCount earlier hand-outs
   */
  MessagePrefix of(Message message, long ttlMillis, int acquiredCount) {
    length = 0;
    octet(0);
    octet(0x53);
    octet(0x70);
    octet(0xc0);
    int sizeAt = length++;
    octet(5);
    octet(message.durable() ? 0x41 : 0x42);
    octet(0x50);
    octet(message.priority());
    if (ttlMillis == Message.NO_TTL) {
      octet(0x40);
    } else {
      octet(0x70);
      fourOctets((int) Math.min(ttlMillis, 0xffff_ffffL));
    }
    octet(acquiredCount == 0 ? 0x41 : 0x42);
    if (acquiredCount == 0) {
      octet(0x43);
    } else {
      octet(0x70);
      fourOctets(acquiredCount);
    }
    bytes[sizeAt] = (byte) (length - sizeAt - 1);
    if (acquiredCount > 0) {
      annotate(acquiredCount);
    }
    return this;
  }

  private void annotate(int acquiredCount) {
    octet(0);
    octet(0x53);
    octet(0x71);
    octet(0xc1);
    octet(1 + 2 + ACQUIRED_COUNT.length + 5);
    octet(2);
    octet(0xa3);
    octet(ACQUIRED_COUNT.length);
    System.arraycopy(ACQUIRED_COUNT, 0, bytes, length, ACQUIRED_COUNT.length);
    length += ACQUIRED_COUNT.length;
    octet(0x70);
    fourOctets(acquiredCount);
  }

  private void octet(int value) {
    bytes[length++] = (byte) value;
  }

  private void fourOctets(int value) {
    octet(value >> 24);
    octet(value >> 16);
    octet(value >> 8);
    octet(value);
  }
}
