// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;

/** The socket below a connection. Used on the connection's event loop alone. */
sealed interface Transport {
  /** What a socket tells its connection. */
  interface Listener {
    /** The array is the listener's to read until it returns. */
    void received(byte[] bytes, int at, int end);

    /** The socket takes more again. */
    void writable();

    void gone();
  }

  /** WebSocket close codes (RFC 6455, 7.4.1). */
  short CLOSE_NORMAL = 1000;

  short CLOSE_UNSUPPORTED_DATA = 1003;

  void start(Listener listener);

  /**
   * Takes the batch's array over.
   *
   * @param pieceMax bytes of one WebSocket frame at most
   */
  void send(FrameWriter.Batch batch, int pieceMax);

  /** Whether so much waits to be sent that more should not be added. */
  boolean full();

  /** Stops or goes on reading. */
  void reading(boolean on);

  void close(short code);

  String peer();

  private static Buffer buffer(FrameWriter.Batch batch, int at, int end) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(batch.bytes(), at, end - at));
  }

  private static void deliver(Buffer buffer, Listener listener) {
    var bytes = ((BufferInternal) buffer).getByteBuf();
    int length = bytes.readableBytes();
    if (bytes.hasArray()) {
      int at = bytes.arrayOffset() + bytes.readerIndex();
      listener.received(bytes.array(), at, at + length);
    } else {
      listener.received(buffer.getBytes(), 0, length);
    }
  }

  /** Binary frames as a stream of bytes, in any cutting (wire reference, rule 12). */
  record OverWebSocket(ServerWebSocket socket) implements Transport {
    private static final int WRITE_QUEUE_MAX = 256 << 10;

    @Override
    public void start(Listener listener) {
      socket.setWriteQueueMaxSize(WRITE_QUEUE_MAX);
      socket.frameHandler(frame -> frame(frame, listener));
      socket.drainHandler(_ -> listener.writable());
      socket.exceptionHandler(_ -> {});
      socket.closeHandler(_ -> listener.gone());
    }

    private void frame(WebSocketFrame frame, Listener listener) {
      if (frame.isText()) {
        close(CLOSE_UNSUPPORTED_DATA);
      } else if (frame.isBinary() || frame.isContinuation()) {
        deliver(frame.binaryData(), listener);
      }
    }

    @Override
    public void send(FrameWriter.Batch batch, int pieceMax) {
      for (int at = 0; at < batch.length() && !socket.isClosed(); at += pieceMax) {
        socket.write(buffer(batch, at, Math.min(batch.length(), at + pieceMax)));
      }
    }

    @Override
    public boolean full() {
      return !socket.isClosed() && socket.writeQueueFull();
    }

    @Override
    public void reading(boolean on) {
      if (on) {
        socket.resume();
      } else {
        socket.pause();
      }
    }

    @Override
    public void close(short code) {
      if (!socket.isClosed()) {
        socket.close(code);
      }
    }

    @Override
    public String peer() {
      return String.valueOf(socket.remoteAddress());
    }
  }

  /** Plain TCP, with or without TLS. */
  record OverTcp(NetSocket socket) implements Transport {
    private static final int WRITE_QUEUE_MAX = 256 << 10;

    @Override
    public void start(Listener listener) {
      socket.setWriteQueueMaxSize(WRITE_QUEUE_MAX);
      socket.handler(buffer -> deliver(buffer, listener));
      socket.drainHandler(_ -> listener.writable());
      socket.exceptionHandler(_ -> {});
      socket.closeHandler(_ -> listener.gone());
    }

    @Override
    public void send(FrameWriter.Batch batch, int pieceMax) {
      socket.write(buffer(batch, 0, batch.length()));
    }

    @Override
    public boolean full() {
      return socket.writeQueueFull();
    }

    @Override
    public void reading(boolean on) {
      if (on) {
        socket.resume();
      } else {
        socket.pause();
      }
    }

    @Override
    public void close(short code) {
      socket.close();
    }

    @Override
    public String peer() {
      return String.valueOf(socket.remoteAddress());
    }
  }
}
