// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private final int[] end = new int[1];

  @ParameterizedTest
  @ValueSource(ints = {Envelope.BODY_MIN, 1024, 10 * 1024, 64_000})
  void aPatchedFrameCarriesIdTimeAndSequence(int size) {
    Envelope envelope = new Envelope("queue:a/b/c/q", size, 3, 77);

    envelope.patch(258, 1L << 40, 123_456_789L);

    ByteBuffer frame = ByteBuffer.wrap(envelope.frame);
    assertThat(frame.getInt(0)).isEqualTo(envelope.frame.length);
    frame.position(8);
    assertThat(AmqpReader.descriptor(frame)).isEqualTo(Code.TRANSFER);
    assertThat(AmqpReader.list(frame, end)).isEqualTo(5);
    assertThat(AmqpReader.uint(frame, -1)).isZero();
    assertThat(AmqpReader.uint(frame, -1)).isEqualTo(258);
    frame.position(end[0]);
    Envelope.findBody(frame);
    assertThat(frame.remaining()).isEqualTo(size);
    assertThat(frame.getLong()).isEqualTo(123_456_789L);
    assertThat(frame.getLong()).isEqualTo(1L << 40);
    assertThat(frame.getInt()).isEqualTo(3);
    assertThat(frame.getInt()).isEqualTo(77);
  }

  /** Real clients mark messages as durable and set {@code to} (wire reference 4.7). */
  @Test
  void theMessageIsDurableAndAddressed() {
    Envelope envelope = new Envelope("queue:a/b/c/q", 64, 0, 0);
    ByteBuffer frame = ByteBuffer.wrap(envelope.frame).position(8);
    AmqpReader.value(frame);

    assertThat(AmqpReader.value(frame))
        .isEqualTo(new AmqpReader.Described(Code.HEADER, java.util.List.of(true)));
    assertThat(AmqpReader.value(frame))
        .asString()
        .contains("queue:a/b/c/q", "application/octet-stream");
  }

  @Test
  void aMessageWithoutBodyIsAViolation() {
    ByteBuffer empty = ByteBuffer.wrap(new byte[] {0, 0x53, Code.HEADER, 0x45});

    assertThatThrownBy(() -> Envelope.findBody(empty)).isInstanceOf(ProtocolViolation.class);
  }
}
