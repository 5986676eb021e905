// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the frames of one turn of one connection, to leave as one write. The frames of
 * established links are encoded here, those of the protocol engine appended. Holds no array while
 * nothing is to be sent. Belongs to the connection's event loop.
 */
final class FrameWriter {
  /** The incoming and outgoing window we announce: the socket is the limit, not the session. */
  static final int WINDOW = Integer.MAX_VALUE;

  /** Bytes that a transfer needs beside its payload: at most 33. */
  static final int TRANSFER_ROOM = 48;

  private static final int FLOW = 0x13;
  private static final int TRANSFER = 0x14;
  private static final int DISPOSITION = 0x15;
  private static final int ERROR = 0x1d;
  private static final int NULL = 0x40;
  private static final int TRUE = 0x41;
  private static final int FALSE = 0x42;
  private static final int ZERO = 0x43;

  /** Bytes of a refusal's description at most: a word to a developer, not a document. */
  private static final int DESCRIPTION_MAX = 1_000;

  private static final byte[] NONE = {};

  private final LoopBuffers buffers;
  private byte[] bytes = NONE;
  private int length;

  private int frameAt;
  private int listAt;

  FrameWriter(LoopBuffers buffers) {
    this.buffers = buffers;
  }

  int length() {
    return length;
  }

  /** Takes what was collected; it may be read until the call ends. */
  interface Output {
    void send(byte[] bytes, int length);
  }

  /** Hands over everything collected. */
  void flush(Output output) {
    byte[] full = bytes;
    int count = length;
    bytes = NONE;
    length = 0;
    output.send(full, count);
    buffers.giveOutgoing(full);
  }

  /** Bytes that are encoded already. */
  void raw(byte[] source, int at, int count) {
    room(count);
    System.arraycopy(source, at, bytes, length, count);
    length += count;
  }

  /** Says that we live. */
  void emptyFrame() {
    room(8);
    beginFrame(0);
    endFrame();
  }

  /**
   * One frame of a message.
   *
   * @param offset bytes of the message that went before, 0 for the first frame
   * @return the same after this frame
   */
  int transfer(
      int channel,
      int handle,
      int deliveryId,
      boolean settled,
      MessagePrefix prefix,
      byte[] body,
      int offset,
      int frameSizeMax) {
    int remaining = prefix.length() + body.length - offset;
    int taken = Math.min(remaining, frameSizeMax - TRANSFER_ROOM);
    boolean more = taken < remaining;
    room(TRANSFER_ROOM + taken);
    beginFrame(channel);
    beginList(TRANSFER);
    uint(handle);
    if (offset == 0) {
      uint(deliveryId);
      octet(0xa0);
      octet(4);
      fourOctets(deliveryId);
      octet(ZERO);
      octet(settled ? TRUE : FALSE);
      if (more) {
        octet(TRUE);
      }
      endList(more ? 6 : 5);
    } else {
      octet(NULL);
      octet(NULL);
      octet(NULL);
      octet(settled ? TRUE : FALSE);
      octet(more ? TRUE : FALSE);
      endList(6);
    }
    int fromPrefix = Math.min(taken, Math.max(0, prefix.length() - offset));
    if (fromPrefix > 0) {
      raw(prefix.bytes(), offset, fromPrefix);
    }
    raw(body, offset + fromPrefix - prefix.length(), taken - fromPrefix);
    endFrame();
    return offset + taken;
  }

  /** {@code accepted}, settled, for what a publisher sent. */
  void accepted(int channel, int first, int last) {
    room(64);
    beginDisposition(channel, true, first, last);
    octet(0);
    octet(0x53);
    octet(DeliveryStates.ACCEPTED);
    octet(0x45);
    endList(5);
    endFrame();
  }

  /** {@code rejected}, settled, for what a publisher sent. */
  void rejected(int channel, int deliveryId, String condition, @Nullable String description) {
    byte[] symbol = condition.getBytes(StandardCharsets.US_ASCII);
    byte[] text = description == null ? new byte[0] : description.getBytes(StandardCharsets.UTF_8);
    int textLength = Math.min(text.length, DESCRIPTION_MAX);
    int errorSize = 4 + 2 + symbol.length + 5 + textLength;
    int stateSize = 4 + 3 + 5 + errorSize;
    room(96 + stateSize);
    beginFrame(channel);
    octet(0);
    octet(0x53);
    octet(DISPOSITION);
    wideList(4 + 1 + 5 + 1 + 1 + 3 + 5 + stateSize, 5);
    octet(TRUE);
    octet(0x70);
    fourOctets(deliveryId);
    octet(NULL);
    octet(TRUE);
    octet(0);
    octet(0x53);
    octet(DeliveryStates.REJECTED);
    wideList(stateSize, 1);
    octet(0);
    octet(0x53);
    octet(ERROR);
    wideList(errorSize, 2);
    octet(0xa3);
    octet(symbol.length);
    raw(symbol, 0, symbol.length);
    octet(0xb1);
    fourOctets(textLength);
    raw(text, 0, textLength);
    endFrame();
  }

  /** Settles what a consumer left open, with the outcome it gave (receiver settle mode second). */
  void settled(int channel, int first, int last) {
    room(64);
    beginDisposition(channel, false, first, last);
    endList(4);
    endFrame();
  }

  private void beginDisposition(int channel, boolean asReceiver, int first, int last) {
    beginFrame(channel);
    beginList(DISPOSITION);
    octet(asReceiver ? TRUE : FALSE);
    uint(first);
    if (first == last) {
      octet(NULL);
    } else {
      uint(last);
    }
    octet(TRUE);
  }

  /** A flow of the session alone. */
  void flow(int channel, int nextIncomingId, int nextOutgoingId) {
    room(80);
    beginFlow(channel, nextIncomingId, nextOutgoingId);
    endList(4);
    endFrame();
  }

  /** A flow of a link. */
  void flow(
      int channel,
      int nextIncomingId,
      int nextOutgoingId,
      int handle,
      int deliveryCount,
      int credit,
      boolean drain) {
    room(80);
    beginFlow(channel, nextIncomingId, nextOutgoingId);
    uint(handle);
    uint(deliveryCount);
    uint(credit);
    octet(NULL);
    octet(drain ? TRUE : FALSE);
    endList(9);
    endFrame();
  }

  private void beginFlow(int channel, int nextIncomingId, int nextOutgoingId) {
    beginFrame(channel);
    beginList(FLOW);
    uint(nextIncomingId);
    uint(WINDOW);
    uint(nextOutgoingId);
    uint(WINDOW);
  }

  private void beginFrame(int channel) {
    frameAt = length;
    length += 4;
    bytes[length++] = 2;
    bytes[length++] = 0;
    bytes[length++] = (byte) (channel >> 8);
    bytes[length++] = (byte) channel;
  }

  private void endFrame() {
    fourOctets(frameAt, length - frameAt);
  }

  private void beginList(int descriptor) {
    octet(0);
    octet(0x53);
    octet(descriptor);
    octet(0xc0);
    listAt = length;
    length += 2;
  }

  private void endList(int count) {
    bytes[listAt] = (byte) (length - listAt - 1);
    bytes[listAt + 1] = (byte) count;
  }

  private void wideList(int size, int count) {
    octet(0xd0);
    fourOctets(size);
    fourOctets(count);
  }

  private void uint(int value) {
    if (value == 0) {
      octet(ZERO);
    } else if ((value & ~0xff) == 0) {
      octet(0x52);
      octet(value);
    } else {
      octet(0x70);
      fourOctets(value);
    }
  }

  private void octet(int value) {
    bytes[length++] = (byte) value;
  }

  private void fourOctets(int value) {
    fourOctets(length, value);
    length += 4;
  }

  private void fourOctets(int at, int value) {
    bytes[at] = (byte) (value >> 24);
    bytes[at + 1] = (byte) (value >> 16);
    bytes[at + 2] = (byte) (value >> 8);
    bytes[at + 3] = (byte) value;
  }

  /** What follows checks no more. */
  private void room(int count) {
    if (bytes.length == 0) {
      bytes = buffers.takeOutgoing();
    }
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
    }
  }
}
