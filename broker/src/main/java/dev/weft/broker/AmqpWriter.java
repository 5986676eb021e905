// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Encodes AMQP values into a growing array; belongs to one thread. */
final class AmqpWriter {
  private byte[] bytes;
  private int length;

  AmqpWriter(int expectedLength) {
    bytes = new byte[Math.max(64, expectedLength)];
  }

  int length() {
    return length;
  }

  byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  AmqpWriter octet(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  AmqpWriter raw(byte[] source, int at, int count) {
    room(count);
    System.arraycopy(source, at, bytes, length, count);
    length += count;
    return this;
  }

  /** The descriptor of a section. */
  AmqpWriter section(int code) {
    return octet(0).octet(0x53).octet(code);
  }

  AmqpWriter nothing() {
    return octet(0x40);
  }

  AmqpWriter string(@Nullable String value) {
    return value == null ? nothing() : variable(0xa1, 0xb1, value.getBytes(StandardCharsets.UTF_8));
  }

  AmqpWriter symbol(@Nullable String value) {
    return value == null
        ? nothing()
        : variable(0xa3, 0xb3, value.getBytes(StandardCharsets.US_ASCII));
  }

  AmqpWriter binary(byte[] value) {
    return variable(0xa0, 0xb0, value);
  }

  AmqpWriter timestamp(long epochMillis) {
    return octet(0x83).eightBytes(epochMillis);
  }

  /**
   * Any simple value.
   *
   * @throws IllegalArgumentException if the class has no AMQP form
   */
  AmqpWriter value(Object value) {
    return switch (value) {
      case String text -> string(text);
      case Boolean truth -> octet(truth ? 0x41 : 0x42);
      case Byte number -> octet(0x51).octet(number);
      case Short number -> octet(0x61).octet(number >> 8).octet(number);
      case Integer number -> octet(0x71).fourBytes(number);
      case Long number -> octet(0x81).eightBytes(number);
      case BigInteger number -> octet(0x80).eightBytes(number.longValue());
      case Float number -> octet(0x72).fourBytes(Float.floatToRawIntBits(number));
      case Double number -> octet(0x82).eightBytes(Double.doubleToRawLongBits(number));
      case Character character -> octet(0x73).fourBytes(character);
      case Instant instant -> timestamp(instant.toEpochMilli());
      case UUID uuid ->
          octet(0x98)
              .eightBytes(uuid.getMostSignificantBits())
              .eightBytes(uuid.getLeastSignificantBits());
      case byte[] binary -> binary(binary);
      default ->
          throw new IllegalArgumentException("no AMQP form of " + value.getClass().getName());
    };
  }

  /** A list or a map whose items are encoded already. */
  AmqpWriter compound(int shortCode, int longCode, int count, AmqpWriter items) {
    if (items.length <= 254 && count <= 255) {
      octet(shortCode).octet(items.length + 1).octet(count);
    } else {
      octet(longCode).fourBytes(items.length + 4).fourBytes(count);
    }
    return raw(items.bytes, 0, items.length);
  }

  private AmqpWriter variable(int shortCode, int longCode, byte[] value) {
    if (value.length <= 255) {
      octet(shortCode).octet(value.length);
    } else {
      octet(longCode).fourBytes(value.length);
    }
    return raw(value, 0, value.length);
  }

  AmqpWriter fourBytes(int value) {
    room(4);
    bytes[length++] = (byte) (value >> 24);
    bytes[length++] = (byte) (value >> 16);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
    return this;
  }

  private AmqpWriter eightBytes(long value) {
    return fourBytes((int) (value >> 32)).fourBytes((int) value);
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
