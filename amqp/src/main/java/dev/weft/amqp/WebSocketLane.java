// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The fast lane of a WebSocket: binary frames are unmasked where a read left them, all of a read in
 * one go, and written without a detour; the frame objects and queues of the usual way cost more
 * than the whole handling of a message. Everything else (ping, pong, close, text, whatever breaks
 * the rules) is passed on, byte for byte, to the handlers behind. Source: RFC 6455, 5.2. Belongs to
 * the socket's event loop.
 */
final class WebSocketLane extends ChannelInboundHandlerAdapter {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int CONTINUATION = 0;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int FIN = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MASKED = 0x80;
  private static final int HEADER_MAX = 14;

  private final Transport.Listener listener;
  private final LoopBuffers buffers;
  private final int frameSizeMax;

  /** The header that is being read. */
  private final byte[] header = new byte[HEADER_MAX];

  private int headerLength;

  // The frame that is being read, once its header is whole.
  private boolean inFrame;
  private boolean ours;
  private long left;
  private int mask;

  /** A binary message is unfinished: the next data frame continues it. */
  private boolean inMessage;

  /** A frame broke the rules: the handlers behind judge the rest. */
  private boolean closed;

  // What this read brought.
  private byte[] collected = {};
  private int collectedLength;

  /**
   * @param frameSizeMax payload of one frame at most
   */
  WebSocketLane(Transport.Listener listener, LoopBuffers buffers, int frameSizeMax) {
    this.listener = listener;
    this.buffers = buffers;
    this.frameSizeMax = frameSizeMax;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closed || !(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    byte[] array = buffers.takeIncoming(bytes.readableBytes());
    collected = array;
    collectedLength = 0;
    try {
      while (bytes.isReadable() && !closed) {
        if (inFrame) {
          payload(context, bytes);
        } else {
          header(context, bytes);
        }
      }
      deliver();
      if (closed && bytes.isReadable()) {
        context.fireChannelRead(bytes.readRetainedSlice(bytes.readableBytes()));
      }
    } finally {
      bytes.release();
      collected = new byte[0];
      buffers.giveIncoming(array);
    }
  }

  private void deliver() {
    int length = collectedLength;
    if (length > 0) {
      collectedLength = 0;
      listener.received(collected, 0, length);
    }
  }

  private void header(ChannelHandlerContext context, ByteBuf bytes) {
    int wanted = headerLength < 2 ? 2 : headerSize();
    int taken = Math.min(wanted - headerLength, bytes.readableBytes());
    bytes.readBytes(header, headerLength, taken);
    headerLength += taken;
    if (headerLength >= 2 && headerLength == headerSize()) {
      begin(context);
    }
  }

  private int headerSize() {
    int length = header[1] & 0x7f;
    int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
    return 2 + extended + ((header[1] & MASKED) != 0 ? 4 : 0);
  }

  private void begin(ChannelHandlerContext context) {
    int length = header[1] & 0x7f;
    left = length;
    if (length >= 126) {
      left = 0;
      for (int i = 2; i < (length == 126 ? 4 : 10); i++) {
        left = (left << 8) | (header[i] & 0xff);
      }
    }
    int opcode = header[0] & 0xf;
    boolean masked = (header[1] & MASKED) != 0;
    boolean control = opcode >= CLOSE;
    ours = opcode == (inMessage ? CONTINUATION : BINARY);
    boolean wellFormed =
        masked
            && (header[0] & RESERVED) == 0
            && left >= 0
            && left <= (control ? 125 : frameSizeMax)
            && (ours || control);
    if (!wellFormed || !ours) {
      // What came before must be heard before a close is.
      deliver();
      closed = !wellFormed;
      ByteBuf copy = context.alloc().buffer(headerLength);
      context.fireChannelRead(copy.writeBytes(header, 0, headerLength));
    } else {
      inMessage = (header[0] & FIN) == 0;
      int at = headerLength - 4;
      mask =
          (header[at] & 0xff) << 24
              | (header[at + 1] & 0xff) << 16
              | (header[at + 2] & 0xff) << 8
              | (header[at + 3] & 0xff);
    }
    headerLength = 0;
    inFrame = left > 0;
  }

  private void payload(ChannelHandlerContext context, ByteBuf bytes) {
    int taken = (int) Math.min(left, bytes.readableBytes());
    if (ours) {
      bytes.readBytes(collected, collectedLength, taken);
      unmask(collected, collectedLength, taken, mask);
      mask = Integer.rotateLeft(mask, (taken & 3) * 8);
      collectedLength += taken;
    } else {
      context.fireChannelRead(bytes.readRetainedSlice(taken));
    }
    left -= taken;
    inFrame = left > 0;
  }

  private static void unmask(byte[] bytes, int from, int length, int mask) {
    if (mask == 0) {
      return;
    }
    long wide = ((long) mask << 32) | (mask & 0xffff_ffffL);
    int at = from;
    int end = from + length;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ wide);
    }
    for (int i = 0; at < end; at++, i++) {
      bytes[at] ^= (byte) (mask >> (24 - 8 * (i & 3)));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      listener.writable();
    }
    context.fireChannelWritabilityChanged();
  }

  /** Writes one binary frame with these bytes, which stay the caller's. */
  static void write(ChannelHandlerContext context, byte[] bytes, int at, int length) {
    ByteBuf frame = context.alloc().directBuffer(length + 10);
    frame.writeByte(FIN | BINARY);
    if (length < 126) {
      frame.writeByte(length);
    } else if (length <= 0xffff) {
      frame.writeByte(126).writeShort(length);
    } else {
      frame.writeByte(127).writeLong(length);
    }
    frame.writeBytes(bytes, at, length);
    var _ = context.write(frame, context.voidPromise());
  }
}
