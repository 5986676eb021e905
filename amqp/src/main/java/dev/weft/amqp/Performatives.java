// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import java.nio.charset.StandardCharsets;

/** Tells performatives apart by their descriptor (AMQP 1.0, transport, 2.7). */
final class Performatives {
  static final int FLOW = 0x13;
  static final int TRANSFER = 0x14;
  static final int DISPOSITION = 0x15;
  static final int CLOSE = 0x18;

  /** Of a frame that carries no performative: SASL, or a type nobody knows. */
  static final int OTHER_TYPE = 0;

  private static final String[] SYMBOLS = {
    "amqp:open:list",
    "amqp:begin:list",
    "amqp:attach:list",
    "amqp:flow:list",
    "amqp:transfer:list",
    "amqp:disposition:list",
    "amqp:detach:list",
    "amqp:end:list",
    "amqp:close:list"
  };
  private static final int FIRST = 0x10;
  private static final int LAST = 0x18;

  private Performatives() {}

  /** Whether this is a frame of an established link, which we handle ourselves. */
  static boolean isOfLinks(int code) {
    return code >= FLOW && code <= DISPOSITION;
  }

  /**
   * The code of the performative at this place.
   *
   * @throws AmqpFault if there is none
   */
  static int code(byte[] bytes, int body, int end) {
    int code = descriptor(bytes, body, end);
    if (code < FIRST || code > LAST) {
      throw AmqpFault.decoding("A frame has no performative");
    }
    return code;
  }

  private static int descriptor(byte[] bytes, int body, int end) {
    if (end - body < 4 || bytes[body] != 0) {
      return -1;
    }
    int form = bytes[body + 1] & 0xff;
    if (form == 0x53) {
      return bytes[body + 2] & 0xff;
    }
    if (form == 0x80 && end - body > 10) {
      return bytes[body + 9] & 0xff;
    }
    int length = bytes[body + 2] & 0xff;
    if (form == 0xa3 && end - body > 3 + length) {
      String symbol = new String(bytes, body + 3, length, StandardCharsets.US_ASCII);
      for (int i = 0; i < SYMBOLS.length; i++) {
        if (SYMBOLS[i].equals(symbol)) {
          return FIRST + i;
        }
      }
    }
    return -1;
  }

  /** Where the list behind the descriptor begins, for a descriptor of a known form. */
  static int listAt(byte[] bytes, int body) {
    return switch (bytes[body + 1] & 0xff) {
      case 0x53 -> body + 3;
      case 0x80 -> body + 10;
      default -> body + 3 + (bytes[body + 2] & 0xff);
    };
  }
}
