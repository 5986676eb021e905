// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.topic;
import static dev.weft.mqtt.MqttPeer.connect;
import static dev.weft.mqtt.MqttPeer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.mqtt.MqttPeer.Packet;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wills. Source: MQTT 3.1.1, 3.1.2.5 to 3.1.2.7, 3.14.4. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WillTest {
  private static final int CLEAN = 2;
  private static final int WILL = 4;
  private static final int RETAIN = 0x20;

  private DoorUnderTest mesh;

  @BeforeAll
  void open(@TempDir Path directory) {
    mesh = DoorUnderTest.open(directory);
  }

  @AfterAll
  void close() {
    mesh.close();
  }

  private MqttPeer withWill(int flags, int keepAlive, String name) {
    MqttPeer peer = mesh.peer();
    byte[] connect =
        connect(flags | WILL, keepAlive, text("mortal"), text(topic(name)), text("farewell"));
    assertThat(peer.connack(connect)).isEqualTo("0000");
    return peer;
  }

  private MqttPeer mourner(String name) {
    MqttPeer peer = mesh.peer().connected("mourner");
    peer.subscribed(topic(name), 1);
    return peer;
  }

  // MQTT-3.1.2-8: the socket ends without DISCONNECT. The will has its own QoS; a QoS of 2 is 1.
  // MQTT-3.1.2-16: without the flag it is not retained.
  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,1"})
  void aWillIsPublishedWhenTheSocketEnds(int willQos, int delivered) {
    String name = "will/" + willQos;
    try (MqttPeer mourner = mourner(name)) {
      withWill(CLEAN | willQos << 3, 0, name).close();
      Packet packet = mourner.next(MqttPeer.PUBLISH);
      assertThat(packet.body()).isEqualTo("farewell");
      assertThat(packet.qos()).isEqualTo(delivered);
      assertThat(packet.retain()).isFalse();
      try (MqttPeer late = mourner(name)) {
        late.expectNothing();
      }
    }
  }

  // MQTT-3.1.2-17.
  @Test
  void aWillWithTheFlagIsRetained() {
    try (MqttPeer mourner = mourner("will/retained")) {
      withWill(CLEAN | RETAIN | 8, 0, "will/retained").close();
      assertThat(mourner.next(MqttPeer.PUBLISH).retain()).isFalse();
    }
    try (MqttPeer late = mourner("will/retained")) {
      Packet packet = late.next(MqttPeer.PUBLISH);
      assertThat(packet.retain()).isTrue();
      assertThat(packet.body()).isEqualTo("farewell");
    }
  }

  // MQTT-3.1.2-10, MQTT-3.14.4-3: a DISCONNECT takes the will back.
  @Test
  void aDisconnectTakesTheWillBack() {
    try (MqttPeer mourner = mourner("will/taken")) {
      withWill(CLEAN, 0, "will/taken").send("e000").awaitClosed();
      mourner.expectNothing();
    }
  }

  // MQTT-3.1.2-12.
  @Test
  void withoutWillNothingIsPublished() {
    try (MqttPeer mourner = mesh.peer().connected("mourner")) {
      mourner.subscribed(topic("#"), 0);
      mesh.peer().connected("mortal").close();
      mesh.awaitConnections(1);
      mourner.expectNothing();
    }
  }

  // MQTT-3.1.2-8: closed by the server for a violation.
  @Test
  void aWillIsPublishedAfterAViolation() {
    try (MqttPeer mourner = mourner("will/violation");
        MqttPeer mortal = withWill(CLEAN, 0, "will/violation")) {
      mortal.send("ffff");
      assertThat(mourner.next(MqttPeer.PUBLISH).body()).isEqualTo("farewell");
    }
  }

  // MQTT-3.1.2-8, -24: the keep-alive ran out.
  @Test
  void aWillIsPublishedWhenTheKeepAliveRunsOut() {
    try (MqttPeer mourner = mourner("will/silence");
        MqttPeer mortal = withWill(CLEAN, 1, "will/silence")) {
      assertThat(mourner.next(MqttPeer.PUBLISH).body()).isEqualTo("farewell");
      assertThat(mortal.awaitClosed()).isEqualTo(Violation.POLICY);
    }
  }

  // MQTT-3.1.2-8, MQTT-3.1.4-2: another connection took over.
  @Test
  void aWillIsPublishedAtATakeOver() {
    try (MqttPeer mourner = mourner("will/taken-over");
        MqttPeer mortal = withWill(CLEAN, 0, "will/taken-over");
        MqttPeer next = mesh.peer().connected("mortal")) {
      assertThat(mourner.next(MqttPeer.PUBLISH).body()).isEqualTo("farewell");
      mortal.awaitClosed();
      next.expectNothing();
    }
  }

  // MQTT-3.1.2-10: once published it is gone, from a session that stays too.
  @Test
  void aWillIsPublishedOnce() {
    try (MqttPeer mourner = mourner("will/once")) {
      withWill(0, 0, "will/once").close();
      assertThat(mourner.next(MqttPeer.PUBLISH).body()).isEqualTo("farewell");
      try (MqttPeer again = mesh.peer()) {
        assertThat(again.resumed("mortal")).isTrue();
      }
      mesh.awaitConnections(1);
      mourner.expectNothing();
    }
    mesh.peer().connected("mortal").close();
  }

  // MQTT-3.1.2-9: an empty will is one.
  @Test
  void aWillMayBeEmpty() {
    try (MqttPeer mourner = mourner("will/empty");
        MqttPeer mortal = mesh.peer()) {
      byte[] connect =
          connect(CLEAN | WILL, 0, text("mortal"), text(topic("will/empty")), text(""));
      assertThat(mortal.connack(connect)).isEqualTo("0000");
      mortal.send("ffff");
      assertThat(mourner.next(MqttPeer.PUBLISH).body()).isEmpty();
    }
  }

  // MQTT-3.1.3-10; a will that could never be published is refused while the client listens.
  @ParameterizedTest
  @ValueSource(strings = {"", "acme/+/x", "acme/#", "a b", "$SYS/x"})
  void aWillWithATopicThatTheMeshCannotHaveIsRefused(String name) {
    try (MqttPeer peer = mesh.peer()) {
      assertThat(peer.connack(connect(CLEAN | WILL, 0, text("m"), text(name), text("x"))))
          .isEqualTo("0005");
      peer.awaitClosed();
    }
  }

  // Wire 1.6: the rules hold for wills.
  @Test
  void aWillThatTheRulesForbidIsRefused() {
    try (MqttPeer peer = mesh.peer()) {
      byte[] connect = connect(CLEAN | WILL, 0, text("m"), text("acme/plant/one/x"), text("x"));
      assertThat(peer.connack(connect)).isEqualTo("0005");
      assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
      assertThat(peer.why()).contains("topicRules.publishFilter");
    }
  }
}
