// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Against frames recorded from the vendor's Node client (wire reference, appendix A). */
class AmqpReaderTest {
  private static final String TRANSFER =
      "00000083 02000001 005314 d0 00000019 0000000b 5201 43 a0087461672d00000001 43 42 40 42 40 40"
          + "40 40 005370 c00605 40 40 40 40 43 005373 d0 00000038 0000000d 40 40"
          + "a115746f7069633a61636d652f73686f702f6f6e652f78 40 40 40"
          + "a3106170706c69636174696f6e2f6a736f6e 40 40 40 40 40 40 005375 b0 00000007"
          + "7b226e223a307d";
  private static final String BEGIN =
      "00000028 02000001 005311 d0 00000018 00000008 40 43 70000003e8 70000003e8 700000ffff 40 40"
          + "40";
  private static final String REJECTED =
      "00000060 02000001 005315 d0 00000050 00000006 41 43 40 41 005325 d0 0000003f 00000001 00531d"
          + "d0 00000033 00000003 a313616d71703a696e7465726e616c2d6572726f72"
          + "a117616363657074616e636520746573742072656a65637473 40 40";

  private final int[] end = new int[1];

  @Test
  void theFieldsOfATransferAreReadWithoutObjects() {
    ByteBuffer in = performative(TRANSFER);

    assertThat(AmqpReader.descriptor(in)).isEqualTo(Code.TRANSFER);
    assertThat(AmqpReader.list(in, end)).isEqualTo(11);
    assertThat(AmqpReader.uint(in, -1)).isEqualTo(1);
    assertThat(AmqpReader.uint(in, -1)).isZero();
    AmqpReader.skip(in);
    assertThat(AmqpReader.uint(in, -1)).isZero();
    assertThat(AmqpReader.bool(in)).isFalse();
    assertThat(AmqpReader.bool(in)).isFalse();
  }

  @Test
  void theBodyIsFoundBehindTheSections() {
    ByteBuffer in = performative(TRANSFER);
    AmqpReader.descriptor(in);
    AmqpReader.list(in, end);
    in.position(end[0]);

    Envelope.findBody(in);

    assertThat(StandardCharsets.UTF_8.decode(in).toString()).isEqualTo("{\"n\":0}");
  }

  @Test
  void aRareFrameIsReadAsObjects() {
    ByteBuffer in = performative(BEGIN);

    assertThat(AmqpReader.descriptor(in)).isEqualTo(Code.BEGIN);
    assertThat(AmqpReader.fields(in)).startsWith(null, 0, 1000, 1000, 65535);
    assertThat(in.hasRemaining()).isFalse();
  }

  @Test
  void theErrorOfARejectIsReadWithItsWords() {
    ByteBuffer in = performative(REJECTED);
    AmqpReader.descriptor(in);

    assertThat(AmqpReader.fields(in).get(4)).asString().contains("amqp:internal-error");
    assertThat(in.hasRemaining()).isFalse();
  }

  @Test
  void anUnknownConstructorIsAViolation() {
    assertThatThrownBy(() -> AmqpReader.value(ByteBuffer.wrap(new byte[] {0x3f})))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageContaining("0x3f");
    assertThatThrownBy(() -> AmqpReader.value(ByteBuffer.wrap(new byte[] {(byte) 0xa0, 5, 1})))
        .isInstanceOf(ProtocolViolation.class);
  }

  /** A frame without its header of eight bytes. */
  private static ByteBuffer performative(String hex) {
    byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length);
    return ByteBuffer.wrap(frame).position(8);
  }
}
