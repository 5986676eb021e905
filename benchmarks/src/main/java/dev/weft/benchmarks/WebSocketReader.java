// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;

/**
 * Takes a server's WebSocket frames apart and puts AMQP frames together, however the one was cut
 * into the other. An AMQP frame that lies whole in the buffer is handed over in place; only those
 * cut by a WebSocket frame or by the end of a read are copied.
 */
final class WebSocketReader {
  /** Told of everything that arrives, in order. */
  interface Listener {
    /**
     * One AMQP frame, or one protocol header of eight bytes.
     *
     * @param frame position at its first byte, limit behind its last; valid during the call
     */
    void frame(ByteBuffer frame);

    /** A ping that has to be answered with the same bytes. */
    void ping(byte[] payload);

    /** The server said that it closes. */
    void closed();
  }

  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int AMQP = 0x414d5150;

  private final Listener listener;
  private ByteBuffer partial = ByteBuffer.allocate(4096);
  private int opcode;
  private long remaining;
  private boolean inFrame;

  WebSocketReader(Listener listener) {
    this.listener = listener;
  }

  /** Reads all of {@code in} but an incomplete WebSocket header or control frame at its end. */
  void read(ByteBuffer in) {
    while (true) {
      if (!inFrame && !header(in)) {
        return;
      }
      if (opcode >= WebSocketWriter.CLOSE) {
        if (in.remaining() < remaining) {
          return;
        }
        control(in);
      } else {
        int take = (int) Math.min(remaining, in.remaining());
        int limit = in.limit();
        in.limit(in.position() + take);
        payload(in);
        in.limit(limit);
        remaining -= take;
        if (remaining > 0) {
          return;
        }
      }
      inFrame = false;
    }
  }

  private boolean header(ByteBuffer in) {
    if (in.remaining() < 2) {
      return false;
    }
    int at = in.position();
    int length = in.get(at + 1) & 0xff;
    if (length >= 128) {
      throw new ProtocolViolation("the server masked a WebSocket frame");
    }
    int extra = length < 126 ? 0 : length == 126 ? 2 : 8;
    if (in.remaining() < 2 + extra) {
      return false;
    }
    opcode = in.get(at) & 0x0f;
    remaining =
        switch (extra) {
          case 0 -> length;
          case 2 -> in.getShort(at + 2) & 0xffff;
          default -> in.getLong(at + 2);
        };
    in.position(at + 2 + extra);
    inFrame = true;
    return true;
  }

  private void control(ByteBuffer in) {
    byte[] bytes = new byte[(int) remaining];
    in.get(bytes);
    switch (opcode) {
      case WebSocketWriter.CLOSE -> listener.closed();
      case PING -> listener.ping(bytes);
      case PONG -> {}
      default -> throw new ProtocolViolation("WebSocket opcode " + opcode);
    }
  }

  private void payload(ByteBuffer in) {
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
