// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTest {
  private final Recorder recorder = new Recorder();
  private final WebSocketReader reader = new WebSocketReader(recorder);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 125, 126, 1024, 65_535, 65_536, 70_001})
  void aMaskedFrameUnmasksToItsPayload(int length) {
    byte[] payload = new byte[length];
    new Random(length).nextBytes(payload);
    ByteBuffer out = ByteBuffer.allocate(WebSocketWriter.size(length));

    WebSocketWriter.write(out, WebSocketWriter.BINARY, payload, length, 0xa1b2c3d4);

    assertThat(out.hasRemaining()).isFalse();
    assertThat(out.get(0)).isEqualTo((byte) 0x82);
    assertThat(out.get(1) & 0x80).isEqualTo(0x80);
    assertThat(unmasked(out.array(), length)).isEqualTo(payload);
  }

  /**
   * Any framing (wire reference 4.1): a thousand AMQP frames in one stream, cut at random into
   * WebSocket frames, and those cut at random again into reads.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyAmqpFrameArrivesHoweverItWasCut(long seed) {
    Random random = new Random(seed);
    List<byte[]> frames = new ArrayList<>(List.of(Performatives.AMQP_HEADER));
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(Performatives.AMQP_HEADER);
    for (int i = 0; i < 1000; i++) {
      byte[] frame = amqp(random, 8 + random.nextInt(random.nextInt(20) == 0 ? 200_000 : 300));
      frames.add(frame);
      stream.writeBytes(frame);
    }

    ByteBuffer wire = ByteBuffer.wrap(webSocket(random, stream.toByteArray()));
    ByteBuffer in = ByteBuffer.allocate(64 * 1024);
    while (wire.hasRemaining()) {
      int read = 1 + random.nextInt(Math.min(in.remaining(), 5000));
      for (int i = 0; i < read && wire.hasRemaining(); i++) {
        in.put(wire.get());
      }
      reader.read(in.flip());
      in.compact();
    }

    assertThat(recorder.frames).hasSameSizeAs(frames);
    for (int i = 0; i < frames.size(); i++) {
      assertThat(recorder.frames.get(i)).as("frame %d", i).isEqualTo(frames.get(i));
    }
  }

  @Test
  void pingsAndTheCloseAreToldBetweenTheFrames() {
    reader.read(ByteBuffer.wrap(new byte[] {(byte) 0x89, 2, 'h', 'i', (byte) 0x88, 0}));

    assertThat(recorder.pings).containsExactly("hi");
    assertThat(recorder.closed).isTrue();
  }

  @Test
  void aFrameLongerThanAnnouncedIsAViolation() {
    byte[] huge = {(byte) 0x82, 8, 0x7f, 0, 0, 0, 2, 0, 0, 0};

    assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(huge)))
        .isInstanceOf(ProtocolViolation.class);
  }

  private static byte[] amqp(Random random, int size) {
    byte[] frame = new byte[size];
    random.nextBytes(frame);
    ByteBuffer.wrap(frame).putInt(0, size);
    return frame;
  }

  private static byte[] webSocket(Random random, byte[] stream) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < stream.length) {
      int length =
          Math.min(stream.length - at, random.nextInt(random.nextInt(4) == 0 ? 90_000 : 400));
      out.write(random.nextBoolean() ? 0x82 : 0x80);
      if (length < 126) {
        out.write(length);
      } else if (length < 65_536) {
        out.write(126);
        out.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
      } else {
        out.write(127);
        out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
      }
      out.write(stream, at, length);
      at += length;
    }
    return out.toByteArray();
  }

  private static byte[] unmasked(byte[] frame, int length) {
    int header = frame.length - length;
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) (frame[header + i] ^ frame[header - 4 + (i & 3)]);
    }
    return payload;
  }

  private static final class Recorder implements Framing.Listener {
    private final List<byte[]> frames = new ArrayList<>();
    private final List<String> pings = new ArrayList<>();
    private boolean closed;

    @Override
    public void frame(ByteBuffer frame) {
      byte[] bytes = new byte[frame.remaining()];
      frame.get(bytes);
      frames.add(bytes);
    }

    @Override
    public void ping(byte[] payload) {
      pings.add(new String(payload, java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Override
    public void closed(String reason) {
      closed = true;
    }
  }
}
