// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into protocol headers and frames, whatever pieces it comes in. Keeps what
 * is incomplete, and allocates for it in proportion to what came, not to what a size field promises
 * . Belongs to the connection's event loop.
 */
final class FrameReader {
  /** What a connection hears; the arrays are the reader's, and valid during the call only. */
  interface Sink {
    /** Eight bytes, {@code AMQP} first. */
    void header(byte[] bytes, int at);

    /** A whole frame, size field included. */
    void frame(byte[] bytes, int at, int end);

    /** Bytes of the largest frame allowed at this moment. */
    int frameSizeMax();

    /** False while an answer is awaited and after the end; what follows is kept meanwhile. */
    boolean reading();
  }

  static final int HEADER_LENGTH = 8;
  private static final int SIZE_LENGTH = 4;
  private static final int HEADER_MAGIC = 0x414d5150;

  private final Sink sink;
  private byte @Nullable [] kept;
  private int keptLength;

  FrameReader(Sink sink) {
    this.sink = sink;
  }

  /**
   * @throws AmqpFault if a frame is larger than allowed or shorter than a frame can be
   */
  void read(byte[] bytes, int at, int end) {
    int from = at;
    while (keptLength > 0 && from < end && sink.reading()) {
      from = complete(bytes, from, end);
    }
    while (end - from >= SIZE_LENGTH && sink.reading()) {
      int length = length(bytes, from);
      if (end - from < length) {
        break;
      }
      pass(bytes, from, from + length);
      from += length;
    }
    if (from < end) {
      keep(bytes, from, end);
    }
  }

  /** Goes on with what was kept. */
  void resume() {
    byte[] rest = kept;
    int length = keptLength;
    kept = null;
    keptLength = 0;
    if (rest != null) {
      read(rest, 0, length);
    }
  }

  /** Forgets what was kept: nothing follows. */
  void end() {
    kept = null;
    keptLength = 0;
  }

  /** Adds what is missing to the kept part and passes it on when it is whole. */
  private int complete(byte[] bytes, int from, int end) {
    int missing = SIZE_LENGTH - keptLength;
    if (missing > 0) {
      int taken = Math.min(missing, end - from);
      keep(bytes, from, from + taken);
      return from + taken;
    }
    byte[] part = Objects.requireNonNull(kept);
    int length = length(part, 0);
    int taken = Math.min(length - keptLength, end - from);
    keep(bytes, from, from + taken);
    if (keptLength == length) {
      byte[] whole = Objects.requireNonNull(kept);
      kept = null;
      keptLength = 0;
      pass(whole, 0, length);
    }
    return from + taken;
  }

  private void keep(byte[] bytes, int from, int end) {
    int count = end - from;
    byte[] part = kept;
    if (part == null) {
      part = new byte[Math.max(count, 64)];
    } else if (part.length - keptLength < count) {
      part = Arrays.copyOf(part, Math.max(part.length * 2, keptLength + count));
    }
    System.arraycopy(bytes, from, part, keptLength, count);
    kept = part;
    keptLength += count;
  }

  private int length(byte[] bytes, int at) {
    int size =
        (bytes[at] & 0xff) << 24
            | (bytes[at + 1] & 0xff) << 16
            | (bytes[at + 2] & 0xff) << 8
            | (bytes[at + 3] & 0xff);
    if (size == HEADER_MAGIC) {
      return HEADER_LENGTH;
    }
    if (Integer.compareUnsigned(size, sink.frameSizeMax()) > 0) {
      throw AmqpFault.framing(
          "A frame has " + Integer.toUnsignedString(size) + " bytes, more than allowed");
    }
    if (size < HEADER_LENGTH) {
      throw AmqpFault.framing("A frame has less than 8 bytes");
    }
    return size;
  }

  private void pass(byte[] bytes, int at, int end) {
    if (bytes[at] == 'A') {
      sink.header(bytes, at);
    } else {
      sink.frame(bytes, at, end);
    }
  }
}
