// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.topic;
import static dev.weft.mqtt.MqttPeer.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.broker.SystemQueues;
import dev.weft.mqtt.MqttPeer.Packet;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retained messages. Source: MQTT 3.1.1, 3.3.1.3. */
class RetainedTest {
  @TempDir Path directory;

  // MQTT-3.3.1-5, -6, -8; Paho: retained.
  @Test
  void aNewSubscriptionGetsTheLastRetainedMessageOfEachTopic() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer publisher = mesh.peer().connected("pub")) {
      publisher.published(3, topic("r/a"), "old");
      publisher.published(3, topic("r/a"), "new");
      publisher.published(3, topic("r/b"), "other");
      publisher.published(3, topic("s/c"), "elsewhere");
      // MQTT-3.3.1-12: what is not to be retained changes nothing.
      publisher.published(topic("r/a"), "passing");
      try (MqttPeer peer = mesh.peer().connected("sub")) {
        assertThat(peer.subscribed(topic("r/#"), 1)).isEqualTo(1);
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          Packet packet = peer.next(MqttPeer.PUBLISH);
          assertThat(packet.retain()).isTrue();
          assertThat(packet.qos()).isEqualTo(1);
          heard.add(packet.topic() + "=" + packet.body());
        }
        assertThat(heard).containsExactlyInAnyOrder(topic("r/a") + "=new", topic("r/b") + "=other");
        peer.expectNothing();
        // MQTT-3.8.4-3: the same filter again brings them again; a filter without wildcard too.
        peer.subscribed(topic("r/a"), 0);
        assertThat(peer.next(MqttPeer.PUBLISH).qos()).isZero();
      }
    }
  }

  // MQTT-3.3.1-9.
  @Test
  void aSubscriptionThatIsThereGetsItWithoutTheFlag() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer peer = mesh.peer().connected("sub")) {
      peer.subscribed(topic("r"), 1);
      peer.send(publish(3, topic("r"), 4, "x"));
      List<Packet> both = List.of(peer.next(), peer.next());
      assertThat(both)
          .filteredOn(packet -> packet.type() == MqttPeer.PUBLISH)
          .singleElement()
          .satisfies(packet -> assertThat(packet.retain()).isFalse());
    }
  }

  // R-111, MQTT-4.6.0-6: what is kept takes longer, and is not overtaken.
  @Test
  void retainedAndOtherMessagesKeepTheirOrder() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer subscriber = mesh.peer().connected("sub");
        MqttPeer publisher = mesh.peer().connected("pub")) {
      subscriber.subscribed(topic("mixed"), 0);
      byte[][] packets = new byte[40][];
      for (int i = 0; i < packets.length; i++) {
        packets[i] = publish(i % 3 == 0 ? 1 : 0, topic("mixed"), 0, "n" + i);
      }
      // The connection ends before all is done.
      publisher.send(MqttPeer.join(MqttPeer.join(packets), new byte[] {(byte) 0xe0, 0}));
      for (int i = 0; i < packets.length; i++) {
        assertThat(subscriber.next(MqttPeer.PUBLISH).body()).isEqualTo("n" + i);
      }
    }
  }

  // MQTT-3.3.1-10, -11: an empty one is delivered, and takes the retained one away.
  @Test
  void anEmptyMessageTakesTheRetainedOneAway() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer publisher = mesh.peer().connected("pub");
        MqttPeer there = mesh.peer().connected("there")) {
      publisher.published(3, topic("r"), "x");
      there.subscribed(topic("r"), 0);
      assertThat(there.next(MqttPeer.PUBLISH).body()).isEqualTo("x");
      publisher.published(3, topic("r"), "");
      assertThat(there.next(MqttPeer.PUBLISH).body()).isEmpty();
      try (MqttPeer peer = mesh.peer().connected("new")) {
        peer.subscribed(topic("r"), 0);
        peer.expectNothing();
      }
    }
  }

  // MQTT-3.3.1-7: one of QoS 0 replaces one of QoS 1.
  @Test
  void aRetainedMessageOfQosZeroIsKeptToo() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer publisher = mesh.peer().connected("pub")) {
      publisher.published(3, topic("r"), "one");
      publisher.send(publish(1, topic("r"), 0, "zero"));
      publisher.published(topic("other"), "a barrier");
      try (MqttPeer peer = mesh.peer().connected("sub")) {
        peer.subscribed(topic("r"), 1);
        Packet packet = peer.next(MqttPeer.PUBLISH);
        assertThat(packet.body()).isEqualTo("zero");
        assertThat(packet.qos()).isZero();
      }
    }
  }

  // MQTT-3.1.2-7: they belong to no session, and outlive the server's process.
  @Test
  void retainedMessagesOutliveSessionsAndRestarts() {
    var mesh = DoorUnderTest.open(directory);
    try (MqttPeer publisher = mesh.peer().connected("pub")) {
      publisher.published(3, topic("kept"), "old");
      publisher.published(3, topic("kept"), "still here");
      publisher.published(3, topic("taken"), "x");
      publisher.published(3, topic("taken"), "");
    }
    for (int i = 0; i < 2; i++) {
      mesh = mesh.restart(directory);
      try (MqttPeer peer = mesh.peer().connected("sub")) {
        peer.subscribed(topic("#"), 1);
        assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo("still here");
        peer.expectNothing();
      }
    }
    mesh.close();
  }

  // Wire 1.6: what a filter may not match, it does not bring.
  @Test
  void aForbiddenFilterBringsNothing() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer peer = mesh.peer().connected("pub")) {
      peer.published(3, topic("r"), "x");
      assertThat(peer.subscribed("#", 0)).isEqualTo(0x80);
      peer.expectNothing();
    }
  }

  // T-357: a flood finds its limit; what is there can still be replaced.
  @Test
  void theirNumberIsBounded() {
    try (var mesh = DoorUnderTest.open(directory, TestSettings.limits(100, 10_000, 10));
        MqttPeer peer = mesh.peer().connected("pub")) {
      for (int i = 0; i < 10; i++) {
        peer.published(3, topic("flood/" + i), "x");
      }
      peer.published(3, topic("flood/3"), "replaced");
      peer.send(publish(3, topic("flood/10"), 5, "too many"));
      assertThat(peer.awaitClosed()).isEqualTo(1013);
      try (MqttPeer other = mesh.peer().connected("other")) {
        other.published(topic("flood/10"), "not retained");
        other.subscribed(topic("flood/3"), 0);
        assertThat(other.next(MqttPeer.PUBLISH).body()).isEqualTo("replaced");
      }
    }
  }

  // R-501: the queue behind them is the server's own.
  @Test
  void noInstanceCanTouchTheQueuesBehindThem() {
    try (var mesh = DoorUnderTest.open(directory)) {
      mesh.access.putInstance("shop", DoorUnderTest.descriptor("\"*\""));
      QueueName retained = SystemQueues.named("mqtt/retained");
      assertThatThrownBy(() -> mesh.frontDoor.browse(mesh.caller, retained, 0, 10))
          .isInstanceOf(MeshException.NotAllowed.class);
    }
  }
}
