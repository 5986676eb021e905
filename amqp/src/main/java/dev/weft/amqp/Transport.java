// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

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

  /** Bytes that may wait to be sent before a connection stops adding. */
  int WRITE_QUEUE_MAX = 256 << 10;

  void start(Listener listener);

  /**
   * Sends at once; the array stays the caller's.
   *
   * @param pieceMax bytes of one WebSocket frame at most
   */
  void send(byte[] bytes, int length, int pieceMax);

  /** Whether so much waits to be sent that more should not be added. */
  boolean full();

  /** Stops or goes on reading. */
  void reading(boolean on);

  void close(short code);

  String peer();

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

  /**
   * Binary frames as a stream of bytes, in any cutting (wire reference, rule 12). Takes the channel
   * over from the web server, whose objects of the upgrade are garbage then.
   */
  final class OverWebSocket implements Transport {
    private static final String LANE = "weft-amqp";
    private static final String END = "weft-amqp-end";

    private final Channel channel;
    private final SocketAddress peer;
    private final String replaced;
    private final LoopBuffers buffers;
    private final int frameSizeMax;

    /** Where the lane stands in the channel's pipeline, and what stands behind it. */
    private @Nullable ChannelHandlerContext lane;

    private @Nullable ChannelHandlerContext behind;
    private @Nullable WebSocketEnd end;

    OverWebSocket(ServerWebSocket socket, LoopBuffers buffers, int frameSizeMax) {
      ChannelHandlerContext handler = ((WebSocketInternal) socket).channelHandlerContext();
      this.channel = handler.channel();
      this.peer = socket.remoteAddress();
      this.replaced = handler.name();
      this.buffers = buffers;
      this.frameSizeMax = frameSizeMax;
    }

    @Override
    public void start(Listener listener) {
      channel
          .config()
          .setWriteBufferWaterMark(new WriteBufferWaterMark(WRITE_QUEUE_MAX / 2, WRITE_QUEUE_MAX));
      var pipeline = channel.pipeline();
      end = new WebSocketEnd(listener);
      pipeline.replace(replaced, END, end);
      behind = pipeline.context(END);
      pipeline.addBefore(
          pipeline.context(WebSocketFrameDecoder.class).name(),
          LANE,
          new WebSocketLane(listener, buffers, frameSizeMax));
      lane = pipeline.context(LANE);
      if (!channel.isActive()) {
        // It went between the upgrade and now; nobody else will say so.
        end.channelInactive(behind);
      }
    }

    @Override
    public void send(byte[] bytes, int length, int pieceMax) {
      if (lane == null || end == null || end.isClosed()) {
        return;
      }
      for (int at = 0; at < length; at += pieceMax) {
        WebSocketLane.write(lane, bytes, at, Math.min(length - at, pieceMax));
      }
      lane.flush();
    }

    @Override
    public boolean full() {
      return !channel.isWritable();
    }

    @Override
    public void reading(boolean on) {
      channel.config().setAutoRead(on);
    }

    @Override
    public void close(short code) {
      if (end != null && behind != null && !end.isClosed()) {
        // A close that the peer sends has to be read.
        reading(true);
        end.close(behind, code);
      }
    }

    @Override
    public String peer() {
      return String.valueOf(peer);
    }
  }

  /** Plain TCP, with or without TLS. */
  record OverTcp(NetSocket socket) implements Transport {
    @Override
    public void start(Listener listener) {
      socket.setWriteQueueMaxSize(WRITE_QUEUE_MAX);
      socket.handler(buffer -> deliver(buffer, listener));
      socket.drainHandler(_ -> listener.writable());
      socket.exceptionHandler(_ -> {});
      socket.closeHandler(_ -> listener.gone());
    }

    @Override
    public void send(byte[] bytes, int length, int pieceMax) {
      socket.write(Buffer.buffer(length).appendBytes(bytes, 0, length));
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
