// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the packets of one turn as bytes. Source: MQTT 3.1.1, chapter 3. Belongs to the
 * connection's event loop.
 */
final class PacketWriter {
  private static final int CONNACK = 0x20;
  private static final int PUBLISH = 0x30;
  private static final int PUBACK = 0x40;
  private static final int SUBACK = 0x90;
  private static final int UNSUBACK = 0xb0;
  private static final int PINGRESP = 0xd0;
  private static final int SIZE_FIRST = 256;

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf collected;

  PacketWriter(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** Bytes collected. */
  int length() {
    return collected == null ? 0 : collected.readableBytes();
  }

  /** What was collected, which is the caller's from now on; null for nothing. */
  @Nullable ByteBuf take() {
    ByteBuf taken = collected;
    collected = null;
    return taken;
  }

  private ByteBuf out() {
    ByteBuf out = collected;
    if (out == null) {
      out = allocator.directBuffer(SIZE_FIRST);
      collected = out;
    }
    return out;
  }

  void connack(boolean sessionPresent, int code) {
    out().writeByte(CONNACK).writeByte(2).writeByte(sessionPresent ? 1 : 0).writeByte(code);
  }

  void puback(int packetId) {
    out().writeByte(PUBACK).writeByte(2).writeShort(packetId);
  }

  void unsuback(int packetId) {
    out().writeByte(UNSUBACK).writeByte(2).writeShort(packetId);
  }

  void pingresp() {
    out().writeByte(PINGRESP).writeByte(0);
  }

  /**
   * @param codes one per filter, in their order
   */
  void suback(int packetId, byte[] codes) {
    ByteBuf out = out().writeByte(SUBACK);
    length(out, 2 + codes.length);
    out.writeShort(packetId).writeBytes(codes);
  }

  /**
   * @param topic ASCII, as all names of the mesh
   * @param packetId of no meaning with QoS 0
   */
  void publish(String topic, byte[] body, int qos, boolean dup, boolean retain, int packetId) {
    ByteBuf out = out();
    int length = 2 + topic.length() + (qos > 0 ? 2 : 0) + body.length;
    out.ensureWritable(length + 5);
    out.writeByte(PUBLISH | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0));
    length(out, length);
    out.writeShort(topic.length());
    out.writeCharSequence(topic, java.nio.charset.StandardCharsets.US_ASCII);
    if (qos > 0) {
      out.writeShort(packetId);
    }
    out.writeBytes(body);
  }

  private static void length(ByteBuf out, int length) {
    int rest = length;
    while (rest > 0x7f) {
      out.writeByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }
}
