// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads AMQP 1.0 values from a buffer at its position. {@link #value} makes objects and is for rare
 * frames; the other methods make none and are for transfers and dispositions. Unsigned ints are
 * returned as the {@code int} of the same bits.
 *
 * <p>Every method throws {@link ProtocolViolation} for an encoding that AMQP does not have.
 */
final class AmqpReader {
  private AmqpReader() {}

  /** A described value: the low bits of its numeric descriptor, or -1 for a symbolic one. */
  record Described(int code, @Nullable Object value) {}

  /** The numeric descriptor at the position. The value behind it is read next. */
  static int descriptor(ByteBuffer in) {
    int constructor = in.get() & 0xff;
    if (constructor != 0) {
      throw new ProtocolViolation("a described value was due, constructor is " + hex(constructor));
    }
    int code = in.get() & 0xff;
    return switch (code) {
      case 0x53 -> in.get() & 0xff;
      case 0x80 -> (int) in.getLong();
      case 0x44 -> 0;
      case 0xa3 -> {
        in.position(in.position() + 1 + (in.get(in.position()) & 0xff));
        yield -1;
      }
      default -> throw new ProtocolViolation("descriptor of type " + hex(code));
    };
  }

  /**
   * Enters a list: returns its number of elements and leaves the position at the first.
   *
   * @param end one element that receives where the list ends
   */
  static int list(ByteBuffer in, int[] end) {
    int code = in.get() & 0xff;
    return switch (code) {
      case 0x45 -> {
        end[0] = in.position();
        yield 0;
      }
      case 0xc0 -> {
        int size = in.get() & 0xff;
        end[0] = in.position() + size;
        yield in.get() & 0xff;
      }
      case 0xd0 -> {
        int size = in.getInt();
        end[0] = in.position() + size;
        yield in.getInt();
      }
      default -> throw new ProtocolViolation("a list was due, constructor is " + hex(code));
    };
  }

  /** An unsigned int, or {@code absent} for null. */
  static int uint(ByteBuffer in, int absent) {
    int code = in.get() & 0xff;
    return switch (code) {
      case 0x40 -> absent;
      case 0x43 -> 0;
      case 0x52 -> in.get() & 0xff;
      case 0x70 -> in.getInt();
      default -> throw new ProtocolViolation("an uint was due, constructor is " + hex(code));
    };
  }

  /** A boolean, or {@code false} for null. */
  static boolean bool(ByteBuffer in) {
    int code = in.get() & 0xff;
    return switch (code) {
      case 0x40, 0x42 -> false;
      case 0x41 -> true;
      case 0x56 -> in.get() != 0;
      default -> throw new ProtocolViolation("a boolean was due, constructor is " + hex(code));
    };
  }

  /** Goes past one value of any type. */
  static void skip(ByteBuffer in) {
    int code = in.get() & 0xff;
    if (code == 0) {
      skip(in);
      skip(in);
      return;
    }
    int length =
        switch (code >> 4) {
          case 0x4 -> 0;
          case 0x5 -> 1;
          case 0x6 -> 2;
          case 0x7 -> 4;
          case 0x8 -> 8;
          case 0x9 -> 16;
          case 0xa, 0xc, 0xe -> in.get() & 0xff;
          case 0xb, 0xd, 0xf -> in.getInt();
          default -> throw new ProtocolViolation("constructor " + hex(code));
        };
    in.position(in.position() + length);
  }

  /** One value of any type as an object. Maps are lists of their keys and values in turn. */
  static @Nullable Object value(ByteBuffer in) {
    int code = in.get(in.position()) & 0xff;
    if (code == 0) {
      return new Described(descriptor(in), value(in));
    }
    in.get();
    return switch (code) {
      case 0x40 -> null;
      case 0x41 -> true;
      case 0x42 -> false;
      case 0x56 -> in.get() != 0;
      case 0x43 -> 0;
      case 0x44 -> 0L;
      case 0x50, 0x52 -> in.get() & 0xff;
      case 0x51, 0x54 -> (int) in.get();
      case 0x53 -> in.get() & 0xffL;
      case 0x55 -> (long) in.get();
      case 0x60 -> in.getShort() & 0xffff;
      case 0x61 -> (int) in.getShort();
      case 0x70, 0x71, 0x73 -> in.getInt();
      case 0x80, 0x81, 0x83 -> in.getLong();
      case 0x72 -> in.getFloat();
      case 0x82 -> in.getDouble();
      case 0xa0 -> bytes(in, in.get() & 0xff);
      case 0xb0 -> bytes(in, in.getInt());
      case 0xa1, 0xa3 -> new String(bytes(in, in.get() & 0xff), StandardCharsets.UTF_8);
      case 0xb1, 0xb3 -> new String(bytes(in, in.getInt()), StandardCharsets.UTF_8);
      case 0x45, 0xc0, 0xd0, 0xc1, 0xd1 -> elements(in, code);
      case 0xe0, 0xf0 -> array(in, code);
      default -> throw new ProtocolViolation("constructor " + hex(code));
    };
  }

  /** The elements of a list value; absent trailing fields are missing from it. */
  @SuppressWarnings("unchecked")
  static List<@Nullable Object> fields(ByteBuffer in) {
    return value(in) instanceof List<?> list ? (List<@Nullable Object>) list : List.of();
  }

  private static List<@Nullable Object> elements(ByteBuffer in, int code) {
    int count =
        switch (code) {
          case 0x45 -> 0;
          case 0xc0, 0xc1 -> in.position(in.position() + 1).get() & 0xff;
          default -> in.position(in.position() + 4).getInt();
        };
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(value(in));
    }
    return values;
  }

  /** Arrays hold capabilities and mechanisms here; only those of symbols and strings are read. */
  private static List<@Nullable Object> array(ByteBuffer in, int code) {
    int size = code == 0xe0 ? in.get() & 0xff : in.getInt();
    int end = in.position() + size;
    int count = code == 0xe0 ? in.get() & 0xff : in.getInt();
    int element = in.get() & 0xff;
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      switch (element) {
        case 0xa1, 0xa3 ->
            values.add(new String(bytes(in, in.get() & 0xff), StandardCharsets.UTF_8));
        case 0xb1, 0xb3 -> values.add(new String(bytes(in, in.getInt()), StandardCharsets.UTF_8));
        default -> values.add(null);
      }
    }
    in.position(end);
    return values;
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new ProtocolViolation("a value of " + length + " bytes in " + in.remaining());
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static String hex(int code) {
    return "0x" + Integer.toHexString(code);
  }
}
