// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Binary frames take the lane, everything else goes on untouched (RFC 6455, rule 12). */
class WebSocketLaneTest {
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new WebSocketLane(
              new Transport.Listener() {
                @Override
                public void received(byte[] bytes, int at, int end) {
                  heard.write(bytes, at, end - at);
                }

                @Override
                public void writable() {
                  // Not asked for here.
                }

                @Override
                public void gone() {
                  // Not the lane's to say.
                }
              },
              new LoopBuffers(),
              70_000));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private static byte[] frame(int first, byte[] payload, int mask) {
    var frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else if (payload.length <= 0xffff) {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    for (int i = 0; i < 4; i++) {
      frame.write(mask >> (24 - 8 * i));
    }
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ (mask >> (24 - 8 * (i & 3))));
    }
    return frame.toByteArray();
  }

  private void send(byte[] bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes));
  }

  private byte[] passedOn() {
    var bytes = new ByteArrayOutputStream();
    for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
      byte[] piece = new byte[part.readableBytes()];
      part.readBytes(piece);
      bytes.writeBytes(piece);
      part.release();
    }
    return bytes.toByteArray();
  }

  @Test
  void everyCuttingOfFramesAndReadsIsUnderstood() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      heard.reset();
      var stream = new ByteArrayOutputStream();
      var data = new ByteArrayOutputStream();
      var control = new ByteArrayOutputStream();
      boolean continued = false;
      for (int i = 0; i < 30 || continued; i++) {
        if (random.nextInt(5) == 0) {
          byte[] ping = frame(0x89, new byte[random.nextInt(126)], random.nextInt());
          control.writeBytes(ping);
          stream.writeBytes(ping);
        }
        byte[] payload = new byte[random.nextInt(10) == 0 ? 66_000 : random.nextInt(300)];
        random.nextBytes(payload);
        data.writeBytes(payload);
        boolean last = random.nextInt(3) > 0;
        int first = (last ? 0x80 : 0) | (continued ? 0 : 2);
        stream.writeBytes(frame(first, payload, random.nextInt(4) == 0 ? 0 : random.nextInt()));
        continued = !last;
      }
      byte[] bytes = stream.toByteArray();
      int at = 0;
      while (at < bytes.length) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(1 + random.nextInt(30_000)));
        send(Arrays.copyOfRange(bytes, at, end));
        at = end;
      }
      assertThat(heard.toByteArray()).as("seed " + seed).isEqualTo(data.toByteArray());
      assertThat(passedOn()).as("seed " + seed).isEqualTo(control.toByteArray());
    }
  }

  @Test
  void dataIsHeardBeforeTheCloseBehindIt() {
    byte[] data = frame(0x82, new byte[] {1, 2, 3}, 0x01020304);
    byte[] close = frame(0x88, new byte[] {3, (byte) 0xe8}, 0x05060708);
    byte[] both = Arrays.copyOf(data, data.length + close.length);
    System.arraycopy(close, 0, both, data.length, close.length);
    send(both);
    assertThat(heard.toByteArray()).containsExactly(1, 2, 3);
    assertThat(passedOn()).isEqualTo(close);
  }

  // Unmasked, reserved bits, text, continuation of nothing, too long, a length below zero.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "820100",
        "c28100000000 00",
        "818100000000 00",
        "808100000000 00",
        "82ff0000000000011171 00000000 00",
        "82ffffffffffffffffff 00000000 00",
        "89fe0080 00000000 00",
      })
  void whatBreaksTheRulesIsJudgedBehindWithAllThatFollows(String hex) {
    byte[] good = frame(0x82, new byte[] {9}, 1);
    byte[] bad = HexFormat.of().parseHex(hex.replace(" ", ""));
    byte[] all = Arrays.copyOf(good, good.length + bad.length);
    System.arraycopy(bad, 0, all, good.length, bad.length);
    send(all);
    send(good);
    assertThat(heard.toByteArray()).containsExactly(9);
    byte[] rest = Arrays.copyOf(bad, bad.length + good.length);
    System.arraycopy(good, 0, rest, bad.length, good.length);
    assertThat(passedOn()).isEqualTo(rest);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 125, 126, 65_535, 65_536})
  void writtenFrameIsOneBinaryMessage(int length) {
    byte[] bytes = new byte[length + 2];
    new Random(1).nextBytes(bytes);
    WebSocketLane.write(channel.pipeline().firstContext(), bytes, 1, length);
    channel.flush();
    ByteBuf frame = channel.readOutbound();
    int header = length < 126 ? 2 : length <= 0xffff ? 4 : 10;
    assertThat(frame.readableBytes()).isEqualTo(header + length);
    assertThat(frame.getUnsignedByte(0)).isEqualTo((short) 0x82);
    byte[] payload = new byte[length];
    frame.getBytes(header, payload);
    assertThat(payload).isEqualTo(Arrays.copyOfRange(bytes, 1, length + 1));
    frame.release();
  }
}
