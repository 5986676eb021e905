// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames out of any cutting of the stream (rule 12, R-531). */
class FrameReaderTest {
  private final List<String> heard = new ArrayList<>();
  private boolean suspended;
  private boolean suspendEach;

  private final FrameReader reader =
      new FrameReader(
          new FrameReader.Sink() {
            @Override
            public void header(byte[] bytes, int at) {
              heard.add("header " + HexFormat.of().formatHex(bytes, at, at + 8));
            }

            @Override
            public void frame(byte[] bytes, int at, int end) {
              heard.add("frame " + HexFormat.of().formatHex(bytes, at, end));
              suspended = suspendEach;
            }

            @Override
            public int frameSizeMax() {
              return 4_096;
            }

            @Override
            public boolean reading() {
              return !suspended;
            }
          });

  private static byte[] frame(int length, int filling) {
    byte[] frame = new byte[length];
    Arrays.fill(frame, (byte) filling);
    ByteBuffer.wrap(frame).putInt(length);
    return frame;
  }

  private static byte[] stream(Random random, List<String> expected) {
    var stream = new ByteArrayOutputStream();
    stream.writeBytes(RawPeer.hex(RawPeer.AMQP_HEADER));
    expected.add("header " + RawPeer.AMQP_HEADER);
    for (int i = 0; i < 20; i++) {
      byte[] frame = frame(8 + random.nextInt(300), i + 1);
      stream.writeBytes(frame);
      expected.add("frame " + HexFormat.of().formatHex(frame));
    }
    return stream.toByteArray();
  }

  @Test
  void framesAreWholeHoweverTheyCome() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<String> expected = new ArrayList<>();
      byte[] stream = stream(random, expected);
      heard.clear();
      int at = 0;
      while (at < stream.length) {
        int end = Math.min(stream.length, at + 1 + random.nextInt(1 + random.nextInt(400)));
        reader.read(Arrays.copyOfRange(stream, at, end), 0, end - at);
        at = end;
      }
      assertThat(heard).as("seed " + seed).isEqualTo(expected);
    }
  }

  @Test
  void nothingIsLostWhileSuspended() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<String> expected = new ArrayList<>();
      byte[] stream = stream(random, expected);
      heard.clear();
      suspendEach = true;
      int at = 0;
      while (at < stream.length || heard.size() < expected.size()) {
        int end = Math.min(stream.length, at + 1 + random.nextInt(500));
        reader.read(stream, at, end);
        at = end;
        if (random.nextBoolean()) {
          suspended = false;
          reader.resume();
        }
      }
      suspended = false;
      assertThat(heard).as("seed " + seed).isEqualTo(expected);
    }
  }

  @Test
  void sizesBeyondTheLimitsAreFaults() {
    assertThatThrownBy(() -> reader.read(new byte[] {0, 0, 0x10, 1}, 0, 4))
        .isInstanceOf(AmqpFault.class);
    assertThatThrownBy(() -> reader.read(new byte[] {-1, -1, -1, -1}, 0, 4))
        .isInstanceOf(AmqpFault.class);
    assertThatThrownBy(() -> reader.read(new byte[] {0, 0, 0, 7}, 0, 4))
        .isInstanceOf(AmqpFault.class);
  }
}
