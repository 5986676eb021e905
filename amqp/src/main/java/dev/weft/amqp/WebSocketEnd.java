// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the lane of a WebSocket, in the place of the web server's own handler: answers
 * pings and closes, refuses text. The handler it replaces holds the upgrade's request and response,
 * two queues of 4 KiB and more, 13 KiB for each idle connection. Belongs to the socket's event
 * loop.
 */
final class WebSocketEnd extends ChannelInboundHandlerAdapter {
  /** How long a client may take to answer a close. */
  private static final int CLOSE_SECONDS = 10;

  private final Transport.Listener listener;
  private @Nullable ScheduledFuture<?> closing;
  private boolean closeSent;
  private boolean gone;

  WebSocketEnd(Transport.Listener listener) {
    this.listener = listener;
  }

  /** Whether nothing can be sent any more. */
  boolean isClosed() {
    return closeSent || gone;
  }

  /** Says that the connection ends; it does when the client has answered, or does not in time. */
  void close(ChannelHandlerContext context, short code) {
    if (!isClosed()) {
      closeSent = true;
      closing = context.executor().schedule(() -> hangUp(context), CLOSE_SECONDS, TimeUnit.SECONDS);
      context
          .writeAndFlush(new CloseWebSocketFrame(code, ""))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      switch (message) {
        case PingWebSocketFrame ping ->
            context
                .writeAndFlush(new PongWebSocketFrame(ping.content().retain()))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        case PongWebSocketFrame _ -> {}
        case CloseWebSocketFrame close -> closed(context, close);
        case TextWebSocketFrame _ -> close(context, Transport.CLOSE_UNSUPPORTED_DATA);
        case WebSocketFrame data -> deliver(data.content());
        default -> {}
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** The client closes, or answers ours; either way the server hangs up (RFC 6455, 7.1.1). */
  private void closed(ChannelHandlerContext context, CloseWebSocketFrame close) {
    if (isClosed()) {
      hangUp(context);
    } else {
      closeSent = true;
      context
          .writeAndFlush(new CloseWebSocketFrame(true, 0, close.content().retain()))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void deliver(ByteBuf data) {
    byte[] bytes = new byte[data.readableBytes()];
    data.readBytes(bytes);
    listener.received(bytes, 0, bytes.length);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (closing != null) {
      closing.cancel(false);
    }
    if (!gone) {
      gone = true;
      listener.gone();
    }
  }

  /** A frame that breaks the rules: the decoder has said so to the client. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    hangUp(context);
  }

  private static void hangUp(ChannelHandlerContext context) {
    var _ = context.close();
  }
}
