// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.MeshException.MalformedMessage;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Steps through encoded AMQP values; belongs to one thread. Reads nothing behind its end: every
 * length is checked, and each failure is a {@link MalformedMessage}.
 */
final class AmqpReader {
  private final byte[] bytes;
  private int at;
  private int end;

  AmqpReader(byte[] bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  int at() {
    return at;
  }

  boolean atEnd() {
    return at >= end;
  }

  /**
   * Enters the list or map at the reader's place; its end becomes the reader's end.
   *
   * @return how many items follow
   */
  int enter() {
    int code = next(1);
    int size;
    int count;
    switch (code) {
      case 0x45 -> {
        end = at;
        return 0;
      }
      case 0xc0, 0xc1 -> {
        size = next(1);
        require(size);
        end = at + size;
        count = next(1);
      }
      case 0xd0, 0xd1 -> {
        size = next(4);
        require(size);
        end = at + size;
        count = next(4);
      }
      default -> throw new MalformedMessage("a list or map was expected");
    }
    // Every item has at least its constructor.
    require(count);
    return count;
  }

  void skip() {
    at = AmqpSections.skip(bytes, at, end);
  }

  boolean bool(boolean whenNull) {
    int code = next(1);
    return switch (code) {
      case 0x40 -> whenNull;
      case 0x41 -> true;
      case 0x42 -> false;
      case 0x56 -> next(1) != 0;
      default -> throw wrongType("boolean", code);
    };
  }

  int ubyte(int whenNull) {
    int code = next(1);
    return switch (code) {
      case 0x40 -> whenNull;
      case 0x50 -> next(1);
      default -> throw wrongType("ubyte", code);
    };
  }

  long uint(long whenNull) {
    int code = next(1);
    return switch (code) {
      case 0x40 -> whenNull;
      case 0x43 -> 0;
      case 0x52 -> next(1);
      case 0x70 -> next(4) & 0xffff_ffffL;
      default -> throw wrongType("uint", code);
    };
  }

  /**
   * A message id or correlation id as text: strings as they are, the other three forms readable.
   */
  @Nullable String id() {
    Object value = value();
    return switch (value) {
      case null -> null;
      case String text -> text;
      case byte[] binary -> HexFormat.of().formatHex(binary);
      default -> value.toString();
    };
  }

  /** A simple value; null for null and for values that have parts. Unsigned ones are widened. */
  @Nullable Object value() {
    int start = at;
    int code = next(1);
    return switch (code) {
      case 0x41 -> true;
      case 0x42 -> false;
      case 0x56 -> next(1) != 0;
      case 0x50 -> next(1);
      case 0x51 -> (byte) next(1);
      case 0x60 -> next(2);
      case 0x61 -> (short) next(2);
      case 0x43 -> 0L;
      case 0x52 -> (long) next(1);
      case 0x70 -> next(4) & 0xffff_ffffL;
      case 0x54 -> (int) (byte) next(1);
      case 0x71 -> next(4);
      case 0x44 -> unsigned(0);
      case 0x53 -> unsigned(next(1));
      case 0x80 -> unsigned(nextLong());
      case 0x55 -> (long) (byte) next(1);
      case 0x81 -> nextLong();
      case 0x72 -> Float.intBitsToFloat(next(4));
      case 0x82 -> Double.longBitsToDouble(nextLong());
      case 0x73 -> character(next(4));
      case 0x83 -> Instant.ofEpochMilli(nextLong());
      case 0x98 -> new UUID(nextLong(), nextLong());
      case 0xa0 -> binary(next(1));
      case 0xb0 -> binary(next(4));
      case 0xa1, 0xa3 -> string(next(1));
      case 0xb1, 0xb3 -> string(next(4));
      default -> {
        at = AmqpSections.skip(bytes, start, end);
        yield null;
      }
    };
  }

  private static Object unsigned(long value) {
    return value >= 0
        ? (Object) BigInteger.valueOf(value)
        : new BigInteger(Long.toUnsignedString(value));
  }

  private static String character(int codePoint) {
    return Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : "\ufffd";
  }

  private String string(int length) {
    require(length);
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  private byte[] binary(int length) {
    require(length);
    byte[] copy = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return copy;
  }

  /** One, two or four bytes as a number; the four-byte form may be negative. */
  private int next(int width) {
    require(width);
    int value =
        switch (width) {
          case 1 -> bytes[at] & 0xff;
          case 2 -> (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
          default -> AmqpSections.readInt(bytes, at);
        };
    at += width;
    return value;
  }

  private long nextLong() {
    require(8);
    long value = AmqpSections.readLong(bytes, at);
    at += 8;
    return value;
  }

  private void require(int count) {
    if (count < 0 || count > end - at) {
      throw AmqpSections.truncated();
    }
  }

  private static MalformedMessage wrongType(String expected, int code) {
    return new MalformedMessage(
        "a " + expected + " was expected, not type 0x" + Integer.toHexString(code));
  }
}
