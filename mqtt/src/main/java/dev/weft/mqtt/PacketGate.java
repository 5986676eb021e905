// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.mqtt.MqttMessageType;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream of bytes into packets, one at a time, and lets pass only what keeps the rules of
 * {@link PacketChecks}. Holds back while its connection waits for something. Collects at most one
 * packet and what the last read brought. Belongs to the socket's event loop.
 */
final class PacketGate extends ByteToMessageDecoder {
  private static final int LENGTH_BYTES_MAX = 4;

  private final BooleanSupplier open;
  private final int lengthMax;
  private @Nullable ChannelHandlerContext context;

  /** The connection ended: whatever comes is thrown away. */
  private boolean shut;

  /**
   * @param open whether the connection takes packets now
   * @param lengthMax remaining length of a packet at most
   */
  PacketGate(BooleanSupplier open, int lengthMax) {
    this.open = open;
    this.lengthMax = lengthMax;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  /** The connection takes packets again. */
  void resume() throws Exception {
    ChannelHandlerContext here = context;
    if (here != null && !here.isRemoved()) {
      channelRead(here, Unpooled.EMPTY_BUFFER);
    }
  }

  void shut() {
    shut = true;
  }

  @Override
  protected void decode(ChannelHandlerContext here, ByteBuf in, List<Object> out) {
    if (shut) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (!open.getAsBoolean()) {
      return;
    }
    int start = in.readerIndex();
    int available = in.readableBytes();
    MqttMessageType type = PacketChecks.type(in.getUnsignedByte(start));
    int length = 0;
    int header = 1;
    int last = 0x80;
    while ((last & 0x80) != 0) {
      if (header > LENGTH_BYTES_MAX) {
        throw Violation.protocol("A remaining length has more than four bytes");
      }
      if (header >= available) {
        return;
      }
      last = in.getUnsignedByte(start + header);
      length |= (last & 0x7f) << (7 * (header - 1));
      header++;
    }
    if (length > lengthMax) {
      throw Violation.protocol(
          "A packet of " + length + " bytes is too large, at most " + lengthMax + " are allowed");
    }
    PacketChecks.length(type, length);
    if (available - header < length) {
      return;
    }
    PacketChecks.content(type, in, start + header, start + header + length);
    out.add(in.readRetainedSlice(header + length));
  }
}
