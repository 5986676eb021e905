// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weft.queue.Message;
import java.util.Arrays;

/**
 * Remembers, in the stored message, that it was published with QoS 0: subscribers may not get it
 * with more (MQTT 3.1.1, 3.8.4). A message annotation in front of the other sections; messages of
 * QoS 1, and those of other protocols, carry none and are promised to arrive.
 */
final class OriginalQos {
  /** Annotations of brokers begin with {@code x-opt-} (AMQP 1.0, messaging, 3.2.10). */
  private static final byte[] MARK = mark("x-opt-mqtt-qos");

  private OriginalQos() {}

  /** Map8 of one pair: a symbol, and the ubyte 0. Source: AMQP 1.0, types, 1.6. */
  private static byte[] mark(String name) {
    byte[] symbol = name.getBytes(US_ASCII);
    byte[] mark = new byte[6 + 2 + symbol.length + 2];
    mark[1] = 0x53;
    mark[2] = 0x72;
    mark[3] = (byte) 0xc1;
    mark[4] = (byte) (mark.length - 5);
    mark[5] = 2;
    mark[6] = (byte) 0xa3;
    mark[7] = (byte) symbol.length;
    System.arraycopy(symbol, 0, mark, 8, symbol.length);
    mark[mark.length - 2] = 0x50;
    return mark;
  }

  /**
   * @param message without message-annotations
   */
  static Message markedZero(Message message) {
    byte[] encoded = Arrays.copyOf(MARK, MARK.length + message.size());
    System.arraycopy(message.encoded(), 0, encoded, MARK.length, message.size());
    return new Message(message.durable(), message.priority(), message.ttlMillis(), encoded);
  }

  /** 0 or 1. */
  static int of(Message message) {
    byte[] encoded = message.encoded();
    return encoded.length >= MARK.length
            && Arrays.equals(encoded, 0, MARK.length, MARK, 0, MARK.length)
        ? 0
        : 1;
  }
}
