// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes a client's WebSocket frames: one final frame a message, masked. Source: RFC 6455, 5.2. */
final class WebSocketWriter {
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PONG = 10;

  /** Longest header of a client's frame: two bytes, eight of length, four of mask. */
  static final int HEADER_MAX = 14;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private WebSocketWriter() {}

  /** Bytes that a frame of {@code length} payload bytes takes on the wire. */
  static int size(int length) {
    return length + 6 + (length < 126 ? 0 : length < 65536 ? 2 : 8);
  }

  /**
   * Appends one frame. The payload is masked on its way into {@code out} and not changed.
   *
   * @param out big endian, with room for {@link #size} bytes
   */
  static void write(ByteBuffer out, int opcode, byte[] payload, int length, int mask) {
    out.put((byte) (0x80 | opcode));
    if (length < 126) {
      out.put((byte) (0x80 | length));
    } else if (length < 65536) {
      out.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      out.put((byte) (0x80 | 127)).putLong(length);
    }
    out.putInt(mask);
    int at = out.position();
    long wide = (long) mask << 32 | (mask & 0xffffffffL);
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      out.putLong(at + i, (long) LONGS.get(payload, i) ^ wide);
    }
    for (; i < length; i++) {
      out.put(at + i, (byte) (payload[i] ^ mask >>> (24 - 8 * (i & 3))));
    }
    out.position(at + length);
  }
}
