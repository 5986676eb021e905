// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes AMQP 1.0 frames into one buffer of fixed size. A frame is one described list; lists may
 * nest. Not safe for threads.
 *
 * <p>Every list is written in its 32-bit form: its size is known only at its end, and the few bytes
 * more than the short form do not count beside a message.
 */
final class AmqpWriter {
  private static final int DEPTH_MAX = 8;

  private final ByteBuffer buffer;
  private final int[] sizeAt = new int[DEPTH_MAX];
  private final int[] count = new int[DEPTH_MAX];
  private int depth;
  private int frameAt;

  /**
   * @param capacity bytes, at least that of the longest frame written
   */
  AmqpWriter(int capacity) {
    buffer = ByteBuffer.allocate(capacity);
  }

  /** Forgets what was written. */
  AmqpWriter clear() {
    buffer.clear();
    depth = 0;
    return this;
  }

  /** What was written, as bytes of its own. */
  byte[] bytes() {
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return bytes;
  }

  /** Bytes written so far. */
  int position() {
    return buffer.position();
  }

  /** Starts a frame and the list that is its performative. */
  AmqpWriter frame(int type, int channel, int code) {
    frameAt = buffer.position();
    buffer.putInt(0).put((byte) 2).put((byte) type).putShort((short) channel);
    openList(code);
    return this;
  }

  /** Ends the performative; a payload may follow. */
  AmqpWriter performativeEnd() {
    return end();
  }

  /** Ends the frame, payload included. */
  AmqpWriter frameEnd() {
    buffer.putInt(frameAt, buffer.position() - frameAt);
    return this;
  }

  /** Starts a described list as the next element of the list that is open. */
  AmqpWriter list(int code) {
    element();
    openList(code);
    return this;
  }

  /** Starts a section of a message; it belongs to no list. */
  AmqpWriter section(int code) {
    openList(code);
    return this;
  }

  /** Ends the innermost list. */
  AmqpWriter end() {
    depth--;
    int at = sizeAt[depth];
    buffer.putInt(at, buffer.position() - at - 4);
    buffer.putInt(at + 4, count[depth]);
    return this;
  }

  AmqpWriter nothing() {
    element();
    buffer.put((byte) 0x40);
    return this;
  }

  AmqpWriter nothing(int times) {
    for (int i = 0; i < times; i++) {
      nothing();
    }
    return this;
  }

  AmqpWriter bool(boolean value) {
    element();
    buffer.put((byte) (value ? 0x41 : 0x42));
    return this;
  }

  AmqpWriter ubyte(int value) {
    element();
    buffer.put((byte) 0x50).put((byte) value);
    return this;
  }

  AmqpWriter ushort(int value) {
    element();
    buffer.put((byte) 0x60).putShort((short) value);
    return this;
  }

  /** An unsigned int in its shortest form. */
  AmqpWriter uint(int value) {
    element();
    if (value == 0) {
      buffer.put((byte) 0x43);
    } else if (value > 0 && value < 256) {
      buffer.put((byte) 0x52).put((byte) value);
    } else {
      buffer.put((byte) 0x70).putInt(value);
    }
    return this;
  }

  /** An unsigned int in its four-byte form, so that it can be patched; returns where it stands. */
  int patchableUint() {
    element();
    buffer.put((byte) 0x70).putInt(0);
    return buffer.position() - 4;
  }

  /** A binary of four bytes to be patched; returns where they stand. */
  int patchableBinary() {
    element();
    buffer.put((byte) 0xa0).put((byte) 4).putInt(0);
    return buffer.position() - 4;
  }

  AmqpWriter string(@Nullable String value) {
    return text(value, 0xa1, 0xb1);
  }

  AmqpWriter symbol(@Nullable String value) {
    return text(value, 0xa3, 0xb3);
  }

  /** A Data section that holds {@code body}; returns where the body starts. */
  int data(byte[] body) {
    buffer.put((byte) 0).put((byte) 0x53).put((byte) Code.DATA);
    buffer.put((byte) 0xb0).putInt(body.length);
    int at = buffer.position();
    buffer.put(body);
    return at;
  }

  private AmqpWriter text(@Nullable String value, int code8, int code32) {
    if (value == null) {
      return nothing();
    }
    element();
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 256) {
      buffer.put((byte) code8).put((byte) bytes.length);
    } else {
      buffer.put((byte) code32).putInt(bytes.length);
    }
    buffer.put(bytes);
    return this;
  }

  private void openList(int code) {
    buffer.put((byte) 0).put((byte) 0x53).put((byte) code).put((byte) 0xd0);
    sizeAt[depth] = buffer.position();
    count[depth] = 0;
    depth++;
    buffer.putInt(0).putInt(0);
  }

  private void element() {
    count[depth - 1]++;
  }
}
