// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import java.nio.charset.StandardCharsets;

/**
 * The fields of one transfer, disposition or flow, read in their order straight from the frame. The
 * frames of established links are parsed here and not by the protocol engine: its wrappers and maps
 * cost more than all the rest of a message's way through the door. Every length is checked. Source:
 * AMQP 1.0, types, 1.6 and transport, 2.7. Belongs to the connection's event loop.
 */
final class Fields {
  private byte[] bytes = {};
  private int at;
  private int end;
  private int left;

  /** Enters the list at this place. */
  void enter(byte[] frame, int listAt, int frameEnd) {
    bytes = frame;
    at = listAt;
    end = frameEnd;
    int code = octet();
    switch (code) {
      case 0x45 -> {
        end = at;
        left = 0;
      }
      case 0xc0 -> bound(octet(), 1);
      case 0xd0 -> bound(fourOctets(), 4);
      default -> throw AmqpFault.decoding("A performative is no list");
    }
  }

  private void bound(int size, int countLength) {
    if (size < countLength || size > end - at) {
      throw AmqpFault.decoding("A performative is longer than its frame");
    }
    end = at + size;
    left = countLength == 1 ? octet() : fourOctets();
    if (left < 0 || left > end - at) {
      throw AmqpFault.decoding("A performative has more fields than bytes");
    }
  }

  /** Where the list ends; a payload follows. */
  int end() {
    return end;
  }

  int at() {
    return at;
  }

  /** Whether the next field is null or behind the last; steps over a null. */
  boolean absent() {
    if (left == 0) {
      return true;
    }
    if (at < end && bytes[at] == 0x40) {
      at++;
      left--;
      return true;
    }
    return false;
  }

  long uint(long whenAbsent) {
    if (absent()) {
      return whenAbsent;
    }
    left--;
    int code = octet();
    return switch (code) {
      case 0x43 -> 0;
      case 0x52 -> octet();
      case 0x70 -> fourOctets() & 0xffff_ffffL;
      default -> throw wrongType("uint", code);
    };
  }

  boolean bool() {
    if (absent()) {
      return false;
    }
    left--;
    int code = octet();
    return switch (code) {
      case 0x41 -> true;
      case 0x42 -> false;
      case 0x56 -> octet() != 0;
      default -> throw wrongType("boolean", code);
    };
  }

  /** Steps over one field of any type, without descending. */
  void skip() {
    if (!absent()) {
      left--;
      at = skip(at);
    }
  }

  private int skip(int from) {
    long position = from;
    int pending = 1;
    while (pending > 0) {
      if (position >= end) {
        throw truncated();
      }
      int code = bytes[(int) position++] & 0xff;
      if (code == 0) {
        pending++;
        continue;
      }
      pending--;
      position +=
          switch (code >> 4) {
            case 0x4 -> 0;
            case 0x5 -> 1;
            case 0x6 -> 2;
            case 0x7 -> 4;
            case 0x8 -> 8;
            case 0x9 -> 16;
            case 0xa, 0xc, 0xe -> 1 + unsignedAt(position, 1);
            case 0xb, 0xd, 0xf -> 4 + unsignedAt(position, 4);
            default -> throw wrongType("AMQP type", code);
          };
    }
    if (position > end) {
      throw truncated();
    }
    return (int) position;
  }

  private long unsignedAt(long position, int width) {
    if (end - position < width) {
      throw truncated();
    }
    int index = (int) position;
    return width == 1
        ? bytes[index] & 0xff
        : ((long) (bytes[index] & 0xff) << 24)
            | (bytes[index + 1] & 0xff) << 16
            | (bytes[index + 2] & 0xff) << 8
            | (bytes[index + 3] & 0xff);
  }

  /**
   * The numeric descriptor of the described field at this place, -1 when it has another form; steps
   * behind the descriptor, to the value.
   */
  int descriptor() {
    left--;
    if (octet() != 0) {
      throw AmqpFault.decoding("A described value was expected");
    }
    int code = octet();
    return switch (code) {
      case 0x53 -> octet();
      case 0x80 -> {
        int high = fourOctets();
        int low = fourOctets();
        yield high == 0 ? low : -1;
      }
      default -> {
        at = skip(at - 1);
        yield -1;
      }
    };
  }

  /** The list at this place as fields of their own; steps behind it. */
  Fields nested() {
    Fields inner = new Fields();
    inner.enter(bytes, at, end);
    skipValue();
    return inner;
  }

  /** Steps over the value behind a {@link #descriptor()}. */
  void skipValue() {
    at = skip(at);
  }

  /** A string or symbol, empty when absent or of another type. */
  String text() {
    if (absent()) {
      return "";
    }
    left--;
    int start = at;
    int code = octet();
    boolean wide = code == 0xb1 || code == 0xb3;
    at = skip(start);
    if (!wide && code != 0xa1 && code != 0xa3) {
      return "";
    }
    int textAt = start + (wide ? 5 : 2);
    return new String(bytes, textAt, at - textAt, StandardCharsets.UTF_8);
  }

  private int octet() {
    if (at >= end) {
      throw truncated();
    }
    return bytes[at++] & 0xff;
  }

  private int fourOctets() {
    if (end - at < 4) {
      throw truncated();
    }
    int value = (int) unsignedAt(at, 4);
    at += 4;
    return value;
  }

  private static AmqpFault truncated() {
    return AmqpFault.decoding("A length exceeds what is there");
  }

  private static AmqpFault wrongType(String expected, int code) {
    return AmqpFault.decoding(
        "A field of type 0x" + Integer.toHexString(code) + " was no " + expected);
  }
}
