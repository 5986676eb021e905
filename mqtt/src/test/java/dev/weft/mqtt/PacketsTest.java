// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.topic;
import static dev.weft.mqtt.MqttPeer.connect;
import static dev.weft.mqtt.MqttPeer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Form of packets and of the stream. Source: MQTT 3.1.1, 2, 3.12, 3.14, 6. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PacketsTest {
  private DoorUnderTest mesh;

  @BeforeAll
  void open(@TempDir Path directory) {
    mesh = DoorUnderTest.open(directory);
  }

  @AfterAll
  void close() {
    mesh.close();
  }

  // MQTT-2.2.2-1, -2, MQTT-3.8.1-1, MQTT-3.10.1-1, MQTT-3.14.1-1: reserved flags.
  // MQTT-3.3.1-4: QoS 3. MQTT-3.3.1-2: DUP with QoS 0.
  // Wire 5: QoS 2, and with it PUBREC, PUBREL and PUBCOMP.
  // MQTT 3.1.1, 2.2.1: types 0 and 15, and what only servers send.
  // MQTT-2.3.1-1: packet id 0.
  // MQTT-3.8.3-3, MQTT-3.10.3-2: no filter. MQTT-3.8.3-4: QoS 3 and reserved bits of a filter.
  // MQTT 3.1.1, 2.2.3: a remaining length of five bytes, and lengths that a type cannot have.
  @ParameterizedTest
  @CsvSource({
    "c100",
    "e100",
    "41020001",
    "8006000100016100",
    "8306000100016100",
    "a005000100016100",
    "a3050001000161",
    "36070001610001",
    "3804000161",
    "34070001610001",
    "50020001",
    "62020001",
    "70020001",
    "0000",
    "f000",
    "2000",
    "20020000",
    "9003000100",
    "b0020001",
    "d000",
    "8206000000016100",
    "a2050000000161",
    "3206000161000041",
    "82020001",
    "a2020001",
    "8206000100016103",
    "8206000100016104",
    "8206000100016180",
    "8205000100016100",
    "82070001000261",
    "30ffffffff01",
    "3080808080",
    "c00100",
    "e00100",
    "40030001ff",
    "4000",
    "3000",
    "30020001",
    "3003000561"
  })
  void aMalformedPacketClosesTheConnection(String packet) {
    try (MqttPeer peer = mesh.peer().connected("malformed")) {
      // Bytes that follow complete what announces too much.
      peer.send(packet).send("c000c000c000");
      assertThat(peer.nextOrClosed()).isNull();
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
    }
  }

  // MQTT-4.8.0-1: others are not touched. MQTT-4.1.0-2: their sessions last as they do.
  @Test
  void aViolationEndsItsOwnConnectionAlone() {
    try (MqttPeer good = mesh.peer().connected("good")) {
      try (MqttPeer bad = mesh.peer().connected("bad")) {
        bad.send("ffff");
        bad.awaitClosed();
      }
      good.expectNothing();
    }
  }

  // MQTT-3.12.4-1.
  @Test
  void aPingIsAnswered() {
    try (MqttPeer peer = mesh.peer().connected("ping")) {
      peer.send("c000c000");
      assertThat(peer.next(MqttPeer.PINGRESP).content()).isEmpty();
      peer.next(MqttPeer.PINGRESP);
    }
  }

  // MQTT 3.1.1, 3.14.4: the server closes if the client does not.
  @Test
  void aDisconnectClosesTheConnectionCleanly() {
    try (MqttPeer peer = mesh.peer().connected("leaving")) {
      peer.send("e000");
      assertThat(peer.awaitClosed()).isEqualTo(1000);
    }
  }

  // MQTT-6.0.0-1.
  @Test
  void aTextFrameClosesTheConnection() {
    try (MqttPeer peer = mesh.peer().connected("texting")) {
      peer.sendText("hello");
      assertThat(peer.awaitClosed()).isEqualTo(1003);
    }
  }

  // MQTT-6.0.0-2: packets and frames need not begin or end together.
  @Test
  void framesMayHoldPartsOfPacketsAndSeveral() {
    byte[] bytes =
        MqttPeer.join(
            connect(2, 0, text("pieces")),
            MqttPeer.subscribe(7, topic("pieces"), 0),
            MqttPeer.publish(2, topic("pieces"), 9, "x".repeat(300)),
            new byte[] {(byte) 0xc0, 0});
    try (MqttPeer peer = mesh.peer()) {
      for (byte b : bytes) {
        peer.send(new byte[] {b});
      }
      peer.next(MqttPeer.CONNACK);
      peer.next(MqttPeer.SUBACK);
      peer.next(MqttPeer.PINGRESP);
    }
    try (MqttPeer peer = mesh.peer().send(bytes)) {
      peer.next(MqttPeer.CONNACK);
      peer.next(MqttPeer.SUBACK);
      peer.next(MqttPeer.PINGRESP);
    }
  }

  // RFC 6455, 5.4: a message in fragments.
  @Test
  void aPacketMayComeInFragments() {
    try (MqttPeer peer = mesh.peer().connected("fragments")) {
      byte[] publish = MqttPeer.publish(2, topic("fragments"), 5, "in two pieces");
      var socket = peer.socket();
      socket.writeFrame(WebSocketFrame.binaryFrame(Buffer.buffer(publish).slice(0, 10), false));
      socket.writeFrame(
          WebSocketFrame.continuationFrame(Buffer.buffer(publish).slice(10, publish.length), true));
      assertThat(peer.next(MqttPeer.PUBACK).packetId()).isEqualTo(5);
    }
  }

  // R-531, T-351: refused when it is announced, not when it came.
  @Test
  void aPacketAboveTheLimitClosesTheConnectionAtOnce() {
    try (MqttPeer peer = mesh.peer().connected("huge")) {
      peer.send("30ffffff7f");
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
      assertThat(peer.why()).contains("too large");
    }
  }

  // Wire 9.1: 1 MB of the whole message; a little above the limit passes the gate, not the door.
  @Test
  void aMessageAtTheLimitIsTakenAndOneAboveItIsNot() {
    try (MqttPeer peer = mesh.peer().connected("large")) {
      peer.send(MqttPeer.publish(2, topic("large"), 1, "x".repeat(999_800)));
      assertThat(peer.next(MqttPeer.PUBACK).packetId()).isEqualTo(1);
      peer.send(MqttPeer.publish(2, topic("large"), 2, "x".repeat(1_000_000)));
      assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
      assertThat(peer.why()).contains("at most 1000000");
    }
  }
}
