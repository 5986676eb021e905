// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.mqtt.MqttPeer.Packet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much is on its way to a client at once. Source: MQTT 3.1.1, 4.3, 4.6; T-355. */
class DeliveryTest {
  @TempDir Path directory;

  // MQTT-2.3.1-4, MQTT-4.3.2-1: ids are unused ones, and there are so many at most.
  @Test
  void aClientThatAcknowledgesNothingGetsOneWindow() {
    try (var mesh = DoorUnderTest.open(directory, TestSettings.limits(20, 10_000, 10));
        MqttPeer peer = mesh.peer().connected("silent").silent()) {
      peer.subscribed(topic("t"), 1);
      for (int i = 0; i < 50; i++) {
        mesh.publish(topic("t"), "n" + i);
      }
      List<Packet> window = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        window.add(peer.next(MqttPeer.PUBLISH));
      }
      peer.expectNothing();
      assertThat(window.stream().map(Packet::packetId)).doesNotHaveDuplicates();
      // One acknowledgement, one more; an id of nobody changes nothing.
      peer.puback(60_000);
      peer.expectNothing();
      peer.puback(window.get(5).packetId());
      assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo("n20");
      peer.expectNothing();
    }
  }

  @Test
  void packetIdsGoRoundAndStayUnused() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer peer = mesh.peer().silent()) {
      assertThat(peer.resumed("busy")).isFalse();
      peer.subscribed(topic("t"), 1);
      mesh.publish(topic("t"), "kept in hand");
      int held = peer.next(MqttPeer.PUBLISH).packetId();
      var ids = new HashSet<Integer>();
      for (int i = 0; i < 66_000; i += 50) {
        for (int k = 0; k < 50; k++) {
          mesh.publish(topic("t"), "x");
        }
        for (int k = 0; k < 50; k++) {
          int id = peer.next(MqttPeer.PUBLISH).packetId();
          assertThat(id).isPositive().isNotEqualTo(held);
          ids.add(id);
          peer.puback(id);
        }
      }
      assertThat(ids).hasSize(65_534);
    }
  }

  // T-355: a promise of QoS 1 that cannot be kept ends the connection; QoS 0 is dropped.
  @Test
  void aClientThatIsTooSlowForQosOneIsCutOff() {
    try (var mesh = DoorUnderTest.open(directory, TestSettings.limits(10, 50, 10));
        MqttPeer slow = mesh.peer().connected("slow").silent();
        MqttPeer relaxed = mesh.peer().connected("relaxed").silent()) {
      slow.subscribed(topic("t"), 1);
      relaxed.subscribed(topic("t"), 0);
      for (int i = 0; i < 100; i++) {
        mesh.publish(topic("t"), "n" + i);
      }
      assertThat(slow.awaitClosed()).isEqualTo(Violation.POLICY);
      assertThat(slow.why()).contains("too slowly");
      assertThat(relaxed.next(MqttPeer.PUBLISH).body()).isEqualTo("n0");
    }
  }

  // T-355: a client that reads nothing holds back what fits the socket and the backlog, no more.
  @Test
  void aClientThatReadsNothingHoldsBackBoundedMemory() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer peer = mesh.peer().connected("deaf")) {
      peer.subscribed(topic("t"), 0);
      peer.socket().pause();
      String body = "x".repeat(500_000);
      for (int i = 0; i < 100; i++) {
        mesh.publish(topic("t"), body);
      }
      mesh.publish(topic("other"), "others are served");
      peer.socket().resume();
      int heard = 0;
      Packet last = null;
      while (last == null || !last.body().equals("the end")) {
        last = peer.nextSoon();
        if (last == null) {
          mesh.publish(topic("t"), "the end");
        } else {
          heard++;
        }
      }
      assertThat(heard).isBetween(10, 100);
    }
  }

  // a session's queue keeps what its client does not acknowledge.
  @Test
  void theQueueOfASessionHandsOutOneWindow() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer peer = mesh.peer().silent()) {
      assertThat(peer.resumed("window")).isFalse();
      peer.subscribed(topic("t"), 1);
      for (int i = 0; i < 300; i++) {
        mesh.publish(topic("t"), "n" + i);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo("n" + i);
      }
      peer.expectNothing();
      assertThat(mesh.engine.stats(mesh.sessionQueue("window")).unsettledMessages()).isEqualTo(100);
      for (int i = 0; i < 100; i++) {
        peer.puback(i + 1);
      }
      for (int i = 100; i < 200; i++) {
        assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo("n" + i);
      }
      await().until(() -> mesh.browse(mesh.sessionQueue("window")).size() == 200);
    }
  }

  // Frames of at most 65 535 bytes, which every client takes.
  @Test
  void aLargeMessageComesInFramesThatEveryClientTakes() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer peer = mesh.peer().connected("large")) {
      peer.subscribed(topic("t"), 1);
      String body = "x".repeat(900_000);
      mesh.publish(topic("t"), body);
      assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo(body);
    }
  }
}
