// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** AMQP on WebSocket: one AMQP frame a message, as the vendor's clients send; any cut is read. */
final class WebSocketFraming implements Framing {
  /** Close code 1000, as two bytes. Source: RFC 6455, 7.4.1. */
  private static final byte[] NORMAL_CLOSURE = {0x03, (byte) 0xe8};

  private final RandomGenerator random;
  private final UpgradeExchange upgrade;
  private final WebSocketReader reader;

  WebSocketFraming(Target target, Listener listener, RandomGenerator random) {
    this.random = random;
    upgrade = new UpgradeExchange(target, random);
    reader = new WebSocketReader(listener);
  }

  @Override
  public byte[] greeting() {
    return upgrade.request();
  }

  @Override
  public boolean greeted(ByteBuffer in) {
    return upgrade.response(in);
  }

  @Override
  public int size(int length) {
    return WebSocketWriter.size(length);
  }

  @Override
  public void write(ByteBuffer out, byte[] frame) {
    WebSocketWriter.write(out, WebSocketWriter.BINARY, frame, frame.length, random.nextInt());
  }

  @Override
  public void read(ByteBuffer in) {
    reader.read(in);
  }

  @Override
  public boolean leave(ByteBuffer out) {
    WebSocketWriter.write(out, WebSocketWriter.CLOSE, NORMAL_CLOSURE, 2, random.nextInt());
    return true;
  }

  /** Answers a ping. */
  void pong(ByteBuffer out, byte[] payload) {
    WebSocketWriter.write(out, WebSocketWriter.PONG, payload, payload.length, random.nextInt());
  }
}
