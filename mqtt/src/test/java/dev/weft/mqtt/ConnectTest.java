// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.topic;
import static dev.weft.mqtt.MqttPeer.connect;
import static dev.weft.mqtt.MqttPeer.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CONNECT and its answers. Source: MQTT 3.1.1, 3.1 and 3.2; statements by their number. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectTest {
  private DoorUnderTest mesh;

  @BeforeAll
  void open(@TempDir Path directory) {
    mesh = DoorUnderTest.open(directory);
  }

  @AfterAll
  void close() {
    mesh.close();
  }

  // MQTT-3.1.4-4, MQTT-3.2.0-1, MQTT-3.2.2-1: the first packet of the server is a CONNACK without
  // session.
  @Test
  void aConnectIsAcknowledged() {
    try (MqttPeer peer = mesh.peer()) {
      assertThat(peer.connack(connect(2, 0, text("one")))).isEqualTo("0000");
    }
  }

  // Wire 0.2, rule 11.
  @Test
  void theServerIsSilentUntilTheClientSpeaks() {
    try (MqttPeer peer = mesh.peer()) {
      peer.connected("one").expectNothing();
    }
  }

  // MQTT-3.1.0-1.
  @ParameterizedTest
  @CsvSource({"c000", "e000", "8206000100016100", "300400016162", "40020001"})
  void anotherFirstPacketClosesTheConnection(String packet) {
    try (MqttPeer peer = mesh.peer()) {
      peer.send(packet);
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
    }
  }

  // MQTT-3.1.0-2.
  @Test
  void aSecondConnectClosesTheConnection() {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.send(connect(2, 0, text("one")));
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
    }
  }

  // MQTT-3.1.2-1.
  @Test
  void anotherProtocolNameClosesTheConnectionWithoutAnswer() {
    try (MqttPeer peer = mesh.peer()) {
      peer.send("100d 0004 4d515454 04 02 0000 0001 61".replace("4d515454", "6d717474"));
      assertThat(peer.nextOrClosed()).isNull();
    }
  }

  // MQTT-3.1.2-2: level 3 under its former name, 3, 5 and 0x84 of bridges are answered with 1.
  @ParameterizedTest
  @CsvSource({
    "100f 0006 4d5149736470 03 02 0000 0001 61",
    "100d 0004 4d515454 03 02 0000 0001 61",
    "100e 0004 4d515454 05 02 0000 00 0001 61",
    "100d 0004 4d515454 84 02 0000 0001 61"
  })
  void anotherProtocolLevelIsAnsweredAndClosed(String packet) {
    try (MqttPeer peer = mesh.peer()) {
      assertThat(peer.send(packet).next(MqttPeer.CONNACK).hex()).isEqualTo("0001");
      peer.awaitClosed();
    }
  }

  // MQTT-3.1.2-3: the reserved flag.
  // MQTT-3.1.2-13, -15: without will no QoS and no retain flag of a will.
  // MQTT-3.1.2-14: no QoS 3.
  // MQTT-3.1.2-22: no password without user name.
  @ParameterizedTest
  @CsvSource({"3", "10", "18", "34", "30", "66"})
  void impossibleFlagsCloseTheConnection(int flags) {
    try (MqttPeer peer = mesh.peer()) {
      peer.send(connect(flags, 0, text("one"), text(topic("w")), text("x"), text("y")));
      assertThat(peer.nextOrClosed()).isNull();
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
    }
  }

  // MQTT-3.1.2-9, -11, -18 to -21: what the flags announce must be there, and nothing else.
  // MQTT-3.1.4-1: without answer.
  // MQTT-3.1.3-1: in this order.
  @Test
  void aPayloadThatDoesNotFitTheFlagsClosesTheConnection() {
    for (byte[] packet :
        new byte[][] {
          connect(2, 0),
          connect(6, 0, text("one")),
          connect(6, 0, text("one"), text(topic("w"))),
          connect(0x82, 0, text("one")),
          connect(0xc2, 0, text("one"), text("user")),
          connect(2, 0, text("one"), text("more"))
        }) {
      try (MqttPeer peer = mesh.peer()) {
        peer.send(packet);
        assertThat(peer.nextOrClosed()).isNull();
      }
    }
  }

  // MQTT-3.1.3-11: a user name and a password may come; the token has proved
  // who calls (wire 5).
  @Test
  void userNameAndPasswordAreReadPast() {
    try (MqttPeer peer = mesh.peer()) {
      assertThat(peer.connack(connect(0xc2, 0, text("one"), text("user"), text("secret"))))
          .isEqualTo("0000");
      peer.expectNothing();
    }
  }

  // MQTT-3.1.3-5: 1 to 23 letters and digits. MQTT-3.1.3-3, -4: UTF-8 of any kind.
  @ParameterizedTest
  @CsvSource({"a", "0123456789abcdefghijklm", "ABCDEFGHIJKLMNOPQRSTUVW", "Grüße / 世界 _.$"})
  void clientIdsOfManyKindsAreTaken(String clientId) {
    try (MqttPeer peer = mesh.peer()) {
      peer.connected(clientId);
      try (MqttPeer persistent = mesh.peer()) {
        assertThat(persistent.resumed(clientId)).isFalse();
      }
    }
  }

  // MQTT-3.1.3-6, -7: each client without id gets one of its own. Paho: empty client id.
  @Test
  void anEmptyClientIdGetsAnIdOfItsOwn() {
    try (MqttPeer first = mesh.peer().connected("");
        MqttPeer second = mesh.peer().connected("")) {
      first.expectNothing();
      second.expectNothing();
    }
  }

  // MQTT-3.1.3-8: with a session that outlives the connection it is rejected, return code 2.
  @Test
  void anEmptyClientIdCannotHaveAPersistentSession() {
    try (MqttPeer peer = mesh.peer()) {
      assertThat(peer.connack(connect(0, 0, text("")))).isEqualTo("0002");
      peer.awaitClosed();
    }
  }

  // MQTT-3.1.3-9, MQTT-3.2.2-4, -5: a refusal has no session, and the connection is closed after.
  @Test
  void aClientIdThatIsTooLongIsRejected() {
    try (MqttPeer peer = mesh.peer()) {
      assertThat(peer.connack(connect(2, 0, text("x".repeat(257))))).isEqualTo("0002");
      assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
    }
  }

  // MQTT-1.5.3-1, -2: no surrogates, no U+0000.
  @ParameterizedTest
  @CsvSource({"eda080", "00", "c080", "ff", "f4908080", "61e282"})
  void aClientIdThatIsNoTextClosesTheConnection(String hex) {
    try (MqttPeer peer = mesh.peer()) {
      byte[] id = HexFormat.of().parseHex(hex);
      peer.send(connect(2, 0, MqttPeer.binary(id)));
      assertThat(peer.nextOrClosed()).isNull();
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
    }
  }

  // MQTT-1.5.3-3: U+FEFF is a character like others: these are two clients.
  @Test
  void aByteOrderMarkIsPartOfTheText() {
    try (MqttPeer plain = mesh.peer().connected("one");
        MqttPeer marked = mesh.peer().connected("\uFEFFone")) {
      plain.expectNothing();
      marked.expectNothing();
    }
  }

  // MQTT-3.1.4-5: what follows a rejected CONNECT is not looked at.
  @Test
  void packetsBehindARejectedConnectAreNotHandled() {
    try (MqttPeer peer = mesh.peer()) {
      byte[] rejected = connect(0, 0, text(""));
      byte[] publish = MqttPeer.publish(0, topic("orders/rejected"), 0, "never");
      peer.send(MqttPeer.join(rejected, publish, new byte[] {(byte) 0xc0, 0}));
      assertThat(peer.next(MqttPeer.CONNACK).hex()).isEqualTo("0002");
      assertThat(peer.nextOrClosed()).isNull();
      assertThat(mesh.bodies(DoorUnderTest.ORDERS)).isEmpty();
    }
  }

  // MQTT 3.1.1, 3.1.4: packets may follow the CONNECT at once, and wait for its answer.
  @Test
  void packetsThatFollowAtOnceAreHandledAfterTheAnswer() {
    try (MqttPeer peer = mesh.peer()) {
      byte[] connect = connect(0, 0, text("eager"));
      byte[] subscribe = MqttPeer.subscribe(1, topic("x"), 1);
      byte[] publish = MqttPeer.publish(2, topic("x"), 2, "hello");
      peer.send(MqttPeer.join(connect, subscribe, publish, new byte[] {(byte) 0xc0, 0}));
      assertThat(peer.next().type()).isEqualTo(MqttPeer.CONNACK);
      assertThat(peer.next().type()).isEqualTo(MqttPeer.SUBACK);
      assertThat(peer.next().type()).isEqualTo(MqttPeer.PINGRESP);
      assertThat(List.of(peer.next(), peer.next()))
          .anySatisfy(packet -> assertThat(new String(packet.content(), UTF_8)).endsWith("hello"));
    }
  }

  // MQTT-3.1.4-2: the same id again closes the former connection; the new one goes on.
  @Test
  void aConnectionWithTheSameIdTakesOver() {
    try (MqttPeer former = mesh.peer().connected("same");
        MqttPeer other = mesh.peer().connected("other")) {
      try (MqttPeer next = mesh.peer().connected("same")) {
        assertThat(former.awaitClosed()).isEqualTo(Violation.POLICY);
        assertThat(former.why()).contains("same client id");
        next.expectNothing();
        other.expectNothing();
      }
    }
  }

  // T-331 beside it: many connections with one id at once leave one.
  @Test
  void aStormOfTakeOversLeavesOneConnection() {
    MqttPeer[] peers = new MqttPeer[20];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = mesh.peer().send(connect(i % 2 == 0 ? 0 : 2, 0, text("storm")));
    }
    mesh.awaitConnections(1);
    for (MqttPeer peer : peers) {
      peer.close();
    }
    mesh.awaitConnections(0);
    try (MqttPeer last = mesh.peer().connected("storm")) {
      last.expectNothing();
    }
  }
}
