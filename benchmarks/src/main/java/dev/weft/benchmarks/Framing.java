// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;

/** How AMQP frames travel on the bytes of a connection. Owned by the generator's thread. */
sealed interface Framing permits WebSocketFraming, PlainFraming {
  /** What the client says first, before any AMQP; may be empty. */
  byte[] greeting();

  /**
   * Reads the answer to the greeting if it is there as a whole; bytes behind it are left.
   *
   * @return whether AMQP may begin
   */
  boolean greeted(ByteBuffer in);

  /** Bytes that a frame takes on the wire. */
  int size(int length);

  /** Appends one frame; {@code out} has room for {@link #size} bytes. */
  void write(ByteBuffer out, byte[] frame);

  /** Hands every whole frame on to the listener. */
  void read(ByteBuffer in);

  /**
   * Says goodbye after the last frame.
   *
   * @return whether the server answers that before the connection ends
   */
  boolean leave(ByteBuffer out);

  /** Told of what arrives, in order. */
  interface Listener {
    /**
     * One AMQP frame, or one protocol header of eight bytes.
     *
     * @param frame position at its first byte, limit behind its last; valid during the call
     */
    void frame(ByteBuffer frame);

    /** A ping that has to be answered with the same bytes. */
    void ping(byte[] payload);

    /** The server said that it closes, and why. */
    void closed(String reason);
  }
}
