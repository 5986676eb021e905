// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AmqpWriterTest {
  private final AmqpWriter writer = new AmqpWriter(4096);

  @Test
  void anAttachReadsBackAsItWasWritten() {
    List<@Nullable Object> fields =
        read(Code.ATTACH, Performatives.attachReceiver(writer, "consumer-0", "queue:a/b/c/q"));

    assertThat(fields.subList(0, 5)).containsExactly("consumer-0", 0, true, 0, 0);
    assertThat(fields.get(5))
        .isEqualTo(new AmqpReader.Described(Code.SOURCE, List.of("queue:a/b/c/q")));
    assertThat(fields.get(6)).isEqualTo(new AmqpReader.Described(Code.TARGET, List.of()));
  }

  @Test
  void aFlowCarriesCreditAndCounts() {
    assertThat(read(Code.FLOW, Performatives.flow(writer, 300, 299, 1000)))
        .containsExactly(300, Integer.MAX_VALUE, 0, Integer.MAX_VALUE, 0, 299, 1000);
  }

  @Test
  void anAcceptSettlesARange() {
    assertThat(read(Code.DISPOSITION, Performatives.accept(writer, 7, 260)))
        .containsExactly(true, 7, 260, true, new AmqpReader.Described(Code.ACCEPTED, List.of()));
  }

  @Test
  void aWriterIsUsedAgain() {
    byte[] first = Performatives.open(writer, "a", "localhost").bytes();

    Performatives.begin(writer);

    assertThat(Performatives.open(writer, "a", "localhost").bytes()).isEqualTo(first);
  }

  @Test
  void longTextTakesTheLongForm() {
    String address = "queue:" + "a".repeat(300);

    assertThat(read(Code.ATTACH, Performatives.attachSender(writer, "p", address)).get(6))
        .isEqualTo(new AmqpReader.Described(Code.TARGET, List.of(address)));
  }

  private static List<@Nullable Object> read(int code, AmqpWriter written) {
    ByteBuffer frame = ByteBuffer.wrap(written.bytes());
    assertThat(frame.getInt(0)).isEqualTo(frame.capacity());
    frame.position(8);
    assertThat(AmqpReader.descriptor(frame)).isEqualTo(code);
    List<@Nullable Object> fields = AmqpReader.fields(frame);
    assertThat(frame.hasRemaining()).isFalse();
    return fields;
  }
}
