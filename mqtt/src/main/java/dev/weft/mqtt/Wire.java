// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.http.WebSocketInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSocket of one connection. Between Vert.x's frame decoder and its handlers stand four of
 * ours: frames become a stream of bytes, the gate cuts packets from it, the codec decodes them, the
 * connection hears them. Pings, closes and text pass to Vert.x. Belongs to the socket's event loop.
 */
final class Wire {
  /** What a socket tells its connection. */
  interface Listener {
    /** Whether it takes packets now. */
    boolean open();

    /** The packet is released when this returns. */
    void packet(MqttMessage packet);

    /** What was read so far is through. */
    void pause();

    /** The socket takes more again. */
    void writable();

    /** What came is no MQTT, or our own code failed on it. */
    void failed(Throwable cause);

    void gone();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

  /** WebSocket close code for text frames (RFC 6455, 7.4.1). */
  private static final short UNSUPPORTED_DATA = 1003;

  /** Bytes of the reason in a close frame, at most (RFC 6455, 5.5). */
  private static final int REASON_BYTES_MAX = 123;

  /** Bytes that may wait to be sent before a connection stops adding. */
  private static final int WRITE_QUEUE_MAX = 256 << 10;

  private final ServerWebSocket socket;
  private final ChannelHandlerContext behind;
  private final int frameBytesMax;

  Wire(ServerWebSocket socket, int frameBytesMax) {
    this.socket = socket;
    this.behind = ((WebSocketInternal) socket).channelHandlerContext();
    this.frameBytesMax = frameBytesMax;
  }

  /**
   * @param lengthMax remaining length of a packet at most
   */
  PacketGate start(Listener listener, int lengthMax, int clientIdLengthMax) {
    socket.setWriteQueueMaxSize(WRITE_QUEUE_MAX);
    socket.exceptionHandler(_ -> {});
    socket.closeHandler(_ -> listener.gone());
    ChannelPipeline pipeline = behind.pipeline();
    String vertx = behind.name();
    PacketGate gate = new PacketGate(listener::open, lengthMax);
    FramesToBytes bytes = new FramesToBytes();
    pipeline.addBefore(vertx, "weft-mqtt-bytes", bytes);
    pipeline.addBefore(vertx, "weft-mqtt-gate", gate);
    // The gate knows the limits; the codec's own must only lie above them.
    pipeline.addBefore(
        vertx, "weft-mqtt-codec", new MqttDecoder(lengthMax + 16, clientIdLengthMax * 4));
    pipeline.addBefore(vertx, "weft-mqtt-packets", new Packets(listener));
    ChannelHandlerContext first = pipeline.context(bytes);
    // Data that came with the upgrade was decoded before our handlers stood there.
    socket.frameHandler(
        frame -> {
          if (frame.isText()) {
            socket.close(UNSUPPORTED_DATA);
          } else if (frame.isBinary() || frame.isContinuation()) {
            first.fireChannelRead(
                ((BufferInternal) frame.binaryData()).getByteBuf().retainedSlice());
            first.fireChannelReadComplete();
          }
        });
    return gate;
  }

  /** Binary frames as a stream of bytes, in any cutting (MQTT 3.1.1, 6.0). */
  private static final class FramesToBytes extends ChannelInboundHandlerAdapter {
    /** The message that is being read is a text, which Vert.x hears about. */
    private boolean inText;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      switch (message) {
        case BinaryWebSocketFrame frame -> context.fireChannelRead(frame.content());
        case ContinuationWebSocketFrame frame when !inText ->
            context.fireChannelRead(frame.content());
        case TextWebSocketFrame frame -> {
          inText = true;
          context.fireChannelRead(frame);
        }
        default -> context.fireChannelRead(message);
      }
    }
  }

  /** The end of the way in. */
  private static final class Packets extends ChannelInboundHandlerAdapter {
    private final Listener listener;

    Packets(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!(message instanceof MqttMessage packet)) {
        context.fireChannelRead(message);
        return;
      }
      try {
        if (packet.decoderResult().isFailure()) {
          listener.failed(packet.decoderResult().cause());
        } else {
          listener.packet(packet);
        }
      } finally {
        ReferenceCountUtil.release(packet);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      listener.pause();
      context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable()) {
        listener.writable();
      }
      context.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof IOException) {
        context.fireExceptionCaught(cause);
      } else {
        listener.failed(cause);
      }
    }
  }

  EventLoop eventLoop() {
    return behind.channel().eventLoop();
  }

  ByteBufAllocator allocator() {
    return behind.alloc();
  }

  /** Sends at once, in frames that every client takes; the bytes are ours from now on. */
  void send(ByteBuf bytes) {
    if (socket.isClosed()) {
      bytes.release();
      return;
    }
    while (bytes.readableBytes() > frameBytesMax) {
      write(bytes.readRetainedSlice(frameBytesMax));
    }
    write(bytes);
    behind.flush();
  }

  private void write(ByteBuf bytes) {
    var _ = behind.write(new BinaryWebSocketFrame(bytes), behind.voidPromise());
  }

  /** Whether so much waits to be sent that more should not be added. */
  boolean full() {
    return !behind.channel().isWritable();
  }

  /** Stops or goes on reading. */
  void reading(boolean on) {
    behind.channel().config().setAutoRead(on);
  }

  /**
   * @param reason shown by clients that have a place for it
   */
  void close(int code, String reason) {
    if (!socket.isClosed()) {
      // A close that the peer sends has to be read.
      reading(true);
      socket
          .close((short) code, shortened(reason))
          .onFailure(failure -> LOG.atDebug().setCause(failure).log("MQTT socket not closed"));
    }
  }

  static String shortened(String reason) {
    String text = reason;
    while (text.getBytes(StandardCharsets.UTF_8).length > REASON_BYTES_MAX) {
      text = text.substring(0, Math.min(text.length() - 1, REASON_BYTES_MAX));
    }
    return text;
  }

  String peer() {
    return String.valueOf(socket.remoteAddress());
  }
}
