// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Takes a server's WebSocket frames apart; AMQP frames may be cut into them in any way, {@link
 * FrameSplitter} puts them together.
 */
final class WebSocketReader {
  private static final int PING = 9;
  private static final int PONG = 10;

  private final Framing.Listener listener;
  private final FrameSplitter splitter;
  private int opcode;
  private long remaining;
  private boolean inFrame;

  WebSocketReader(Framing.Listener listener) {
    this.listener = listener;
    splitter = new FrameSplitter(listener);
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
        splitter.read(in);
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

  /** Two bytes of a code, then text; both may be missing. Source: RFC 6455, 5.5.1. */
  private static String reason(byte[] bytes) {
    if (bytes.length < 2) {
      return "no reason";
    }
    int code = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    return code + " " + new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8);
  }

  private void control(ByteBuffer in) {
    byte[] bytes = new byte[(int) remaining];
    in.get(bytes);
    switch (opcode) {
      case WebSocketWriter.CLOSE -> listener.closed(reason(bytes));
      case PING -> listener.ping(bytes);
      case PONG -> {}
      default -> throw new ProtocolViolation("WebSocket opcode " + opcode);
    }
  }
}
