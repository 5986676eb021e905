// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The message of the load as one transfer frame, encoded once and patched for every send: delivery
 * id and tag, and in the body who sent it, the how-manieth it is and when.
 *
 * <p>Body, big endian: 8 bytes send time (nanoseconds of the generator's clock), 8 sequence, 4
 * publisher, 4 tag of the run, then filling.
 */
final class Envelope {
  /** Shortest body, in bytes. */
  static final int BODY_MIN = 24;

  /** The frame; its bytes are what is sent next. */
  final byte[] frame;

  private final ByteBuffer patch;
  private final int idAt;
  private final int tagAt;
  private final int bodyAt;

  /**
   * @param to address in {@code properties.to}
   * @param size bytes of the body, at least {@link #BODY_MIN}
   */
  Envelope(String to, int size, int publisher, int run) {
    byte[] body = new byte[size];
    Arrays.fill(body, (byte) 'w');
    ByteBuffer.wrap(body).putInt(16, publisher).putInt(20, run);
    AmqpWriter out = new AmqpWriter(size + 1024);
    out.frame(Code.AMQP_FRAME, Performatives.CHANNEL, Code.TRANSFER).uint(0);
    idAt = out.patchableUint();
    tagAt = out.patchableBinary();
    out.uint(0).bool(false).performativeEnd();
    out.section(Code.HEADER).bool(true).end();
    out.section(Code.PROPERTIES).nothing(2).string(to).nothing(3);
    out.symbol("application/octet-stream").end();
    bodyAt = out.data(body);
    frame = out.frameEnd().bytes();
    patch = ByteBuffer.wrap(frame);
  }

  /** Makes {@link #frame} the transfer of one message. */
  void patch(int deliveryId, long sequence, long sentNanos) {
    patch
        .putInt(idAt, deliveryId)
        .putInt(tagAt, deliveryId)
        .putLong(bodyAt, sentNanos)
        .putLong(bodyAt + 8, sequence);
  }

  /**
   * Moves {@code in} from the first section of a message to the first byte of its body.
   *
   * @throws ProtocolViolation if the message has no Data section within the buffer
   */
  static void findBody(ByteBuffer in) {
    while (in.remaining() > 3) {
      int code = AmqpReader.descriptor(in);
      if (code != Code.DATA) {
        AmqpReader.skip(in);
        continue;
      }
      int binary = in.get() & 0xff;
      in.position(in.position() + (binary == 0xa0 ? 1 : 4));
      return;
    }
    throw new ProtocolViolation("a message without a Data section");
  }
}
