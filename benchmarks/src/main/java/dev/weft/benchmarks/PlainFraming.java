// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;

/** AMQP straight on TCP, for servers without WebSocket. */
final class PlainFraming implements Framing {
  private final FrameSplitter splitter;

  PlainFraming(Listener listener) {
    splitter = new FrameSplitter(listener);
  }

  @Override
  public byte[] greeting() {
    return new byte[0];
  }

  @Override
  public boolean greeted(ByteBuffer in) {
    return true;
  }

  @Override
  public int size(int length) {
    return length;
  }

  @Override
  public void write(ByteBuffer out, byte[] frame) {
    out.put(frame);
  }

  @Override
  public void read(ByteBuffer in) {
    splitter.read(in);
  }

  @Override
  public boolean leave(ByteBuffer out) {
    return false;
  }
}
