// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;

/**
 * Puts AMQP frames together from a stream of bytes. A frame that lies whole in the buffer is handed
 * over in place; only one that was cut is copied.
 */
final class FrameSplitter {
  private static final int AMQP = 0x414d5150;

  /** Most frames that are cut are short; a longer one takes a longer buffer. */
  private static final int PARTIAL = 1024;

  private final Framing.Listener listener;
  private ByteBuffer partial = ByteBuffer.allocate(PARTIAL);

  FrameSplitter(Framing.Listener listener) {
    this.listener = listener;
  }

  /** Reads all of {@code in}. */
  void read(ByteBuffer in) {
    while (in.hasRemaining()) {
      if (partial.position() > 0) {
        complete(in);
      } else if (in.remaining() >= 8 && size(in.getInt(in.position())) <= in.remaining()) {
        int limit = in.limit();
        int end = in.position() + size(in.getInt(in.position()));
        in.limit(end);
        listener.frame(in);
        in.limit(limit).position(end);
      } else {
        copy(in, Math.min(in.remaining(), 8));
      }
    }
  }

  private void complete(ByteBuffer in) {
    if (partial.position() < 8) {
      copy(in, Math.min(in.remaining(), 8 - partial.position()));
    }
    if (partial.position() < 8) {
      return;
    }
    int size = size(partial.getInt(0));
    if (size > partial.capacity()) {
      partial = ByteBuffer.allocate(size).put(partial.flip());
    }
    copy(in, Math.min(in.remaining(), size - partial.position()));
    if (partial.position() == size) {
      listener.frame(partial.flip());
      partial.clear();
    }
  }

  private void copy(ByteBuffer in, int length) {
    partial.put(partial.position(), in, in.position(), length);
    partial.position(partial.position() + length);
    in.position(in.position() + length);
  }

  private static int size(int firstBytes) {
    if (firstBytes == AMQP) {
      return 8;
    }
    if (firstBytes < 8 || firstBytes > Performatives.FRAME_MAX) {
      throw new ProtocolViolation("an AMQP frame of " + firstBytes + " bytes");
    }
    return firstBytes;
  }
}
