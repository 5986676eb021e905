// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.topic;
import static dev.weft.mqtt.MqttPeer.connect;
import static dev.weft.mqtt.MqttPeer.publish;
import static dev.weft.mqtt.MqttPeer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * T-331, T-336: conversations with changed bytes. Whatever they say, nothing but the protocol's own
 * refusals comes of it, the connection is closed at most, and others are served (R-534). Each seed
 * is an iteration and stands in the message of a failure.
 */
class HostileBytesTest {
  private static final int DECODER_SEEDS = 30_000;
  private static final int SESSION_SEEDS = 300;

  @TempDir Path directory;

  private static List<byte[]> conversation(int client) {
    return List.of(
        connect(
            client % 2 == 0 ? 0xe6 : 4,
            60,
            text("c" + client % 5),
            text(topic("w")),
            text("w"),
            text("u"),
            text("p")),
        MqttPeer.subscribe(1, topic("#"), 1),
        MqttPeer.subscribe(2, topic("+/b"), 0),
        publish(2, topic("a/b"), 3, "one"),
        publish(3, topic("a/b"), 4, "retained"),
        publish(0, topic("a/b"), 0, "zero"),
        publish(1, topic("a/b"), 0, ""),
        MqttPeer.packet(0x40, MqttPeer.number(1)),
        MqttPeer.packet(0x40, MqttPeer.number(7)),
        MqttPeer.unsubscribe(5, topic("+/b")),
        new byte[] {(byte) 0xc0, 0},
        publish(2, "Grüße/" + topic("x"), 6, "x".repeat(200)),
        new byte[] {(byte) 0xe0, 0});
  }

  /**
   * Some bytes changed, left out, doubled or put in; whole packets dropped, swapped or repeated.
   */
  private static byte[] mutated(int seed) {
    Random random = new Random(seed);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<byte[]> packets = conversation(seed);
    for (int i = 0; i < packets.size(); i++) {
      byte[] packet =
          packets.get(random.nextInt(10) == 0 ? random.nextInt(packets.size()) : i).clone();
      if (i > 0 && random.nextInt(8) == 0) {
        for (int k = random.nextInt(3); k >= 0; k--) {
          int at = random.nextInt(3) == 0 ? random.nextInt(2) : random.nextInt(packet.length);
          packet[at] =
              (byte)
                  (random.nextBoolean() ? random.nextInt() : packet[at] ^ 1 << random.nextInt(8));
        }
      }
      switch (random.nextInt(40)) {
        case 0 -> bytes.write(packet, 0, random.nextInt(packet.length));
        case 1 -> {
          bytes.writeBytes(packet);
          bytes.writeBytes(packet);
        }
        case 2 -> {
          byte[] noise = new byte[random.nextInt(20)];
          random.nextBytes(noise);
          bytes.writeBytes(noise);
          bytes.writeBytes(packet);
        }
        case 3 -> {}
        default -> bytes.writeBytes(packet);
      }
    }
    return bytes.toByteArray();
  }

  // The gate and the codec alone: many more iterations in the same time.
  @Test
  void changedBytesAreDecodedOrRefused() {
    for (int seed = 0; seed < DECODER_SEEDS; seed++) {
      byte[] bytes = seed % 7 == 0 ? noise(seed) : mutated(seed);
      EmbeddedChannel channel =
          new EmbeddedChannel(new PacketGate(() -> true, 5_000), new MqttDecoder(5_100, 1_000));
      Random cuts = new Random(seed);
      try {
        for (int at = 0; at < bytes.length; ) {
          int length = Math.min(bytes.length - at, 1 + cuts.nextInt(40));
          channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
          at += length;
        }
      } catch (Violation | DecoderException refused) {
        Throwable cause = refused instanceof DecoderException ? refused.getCause() : refused;
        assertThat(cause).as("seed " + seed).isInstanceOf(Violation.class);
      }
      for (Object packet = channel.readInbound(); packet != null; packet = channel.readInbound()) {
        assertThat(packet).as("seed " + seed).isInstanceOf(MqttMessage.class);
        ReferenceCountUtil.release(packet);
      }
    }
  }

  private static byte[] noise(int seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  // The door as a whole.
  @Test
  void changedBytesEndTheirOwnConnectionAtMost() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer bystander = mesh.peer().connected("bystander")) {
      bystander.subscribed("acme/shop/one/bystander", 1);
      for (int seed = 0; seed < SESSION_SEEDS; seed++) {
        try (MqttPeer peer = mesh.peer()) {
          peer.send(mutated(seed)).send(new byte[] {(byte) 0xe0, 0}).socket().close();
          peer.awaitClosed();
          assertThat(peer.why()).as("seed " + seed).doesNotContain("Internal error");
        }
        if (seed % 20 == 0) {
          mesh.publish("acme/shop/one/bystander", "seed " + seed);
          assertThat(bystander.next(MqttPeer.PUBLISH).body()).isEqualTo("seed " + seed);
        }
      }
      mesh.awaitConnections(1);
      // What the persistent sessions of the conversation hold is in their queues, not in hands.
      for (int client = 0; client < 5; client++) {
        var queue = mesh.sessionQueue("c" + client);
        if (mesh.engine.queues().containsKey(queue)) {
          await()
              .atMost(DoorUnderTest.PATIENCE)
              .until(
                  () -> mesh.engine.stats(queue),
                  stats -> stats.unsettledMessages() == 0 && stats.consumers() == 0);
        }
      }
    }
  }
}
