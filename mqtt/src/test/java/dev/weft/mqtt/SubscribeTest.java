// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.topic;
import static dev.weft.mqtt.MqttPeer.number;
import static dev.weft.mqtt.MqttPeer.packet;
import static dev.weft.mqtt.MqttPeer.publish;
import static dev.weft.mqtt.MqttPeer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.mqtt.MqttPeer.Packet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters, and what they bring. Source: MQTT 3.1.1, 3.8 to 3.11, 4.7; wire 1.5, 1.6, 5. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscribeTest {
  private DoorUnderTest mesh;

  @BeforeAll
  void open(@TempDir Path directory) {
    mesh = DoorUnderTest.open(directory);
  }

  @AfterAll
  void close() {
    mesh.close();
  }

  // MQTT-3.8.4-1, -2, -6, MQTT-2.3.1-7, MQTT-3.9.3-2. Wire 5: min(requested, 1).
  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,1"})
  void aSubscriptionIsGrantedAtMostQosOne(int requested, int granted) {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      assertThat(peer.subscribed(topic("x"), requested)).isEqualTo(granted);
    }
  }

  // MQTT-3.8.4-6: the lower of the two. MQTT-3.3.4-1, MQTT-4.3.1-1, MQTT-4.3.2-1.
  @ParameterizedTest
  @CsvSource({"0,0,0", "0,1,0", "1,0,0", "1,1,1", "1,2,1"})
  void aMessageComesWithTheLowerOfBothQos(int published, int requested, int delivered) {
    String name = topic("lower/" + published + requested);
    try (MqttPeer subscriber = mesh.peer().connected("sub");
        MqttPeer publisher = mesh.peer().connected("pub")) {
      subscriber.subscribed(name, requested);
      publisher.send(publish(published << 1, name, 3, "body"));
      Packet packet = subscriber.next(MqttPeer.PUBLISH);
      assertThat(packet.qos()).isEqualTo(delivered);
      assertThat(packet.topic()).isEqualTo(name);
      assertThat(packet.body()).isEqualTo("body");
      assertThat(packet.dup()).isFalse();
      assertThat(packet.retain()).isFalse();
      if (delivered > 0) {
        // MQTT-2.3.1-4.
        assertThat(packet.packetId()).isPositive();
      }
    }
  }

  // Other protocols promise at least once, whatever their header says of durability.
  @Test
  void aMessageOfAnotherDoorComesWithQosOne() {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.subscribed(topic("other/door"), 1);
      mesh.publish(topic("other/door"), "from AMQP");
      Packet packet = peer.next(MqttPeer.PUBLISH);
      assertThat(packet.qos()).isEqualTo(1);
      assertThat(packet.body()).isEqualTo("from AMQP");
    }
  }

  // Wire 1.5, 5. MQTT-3.3.2-3: the topic of what comes matches the filter.
  // MQTT-4.7.1-2, -3: what matches. The parent of '#' is part of it.
  @ParameterizedTest
  @CsvSource({
    "acme/shop/one/#, acme/shop/one/w1/a, true",
    "acme/shop/one/#, acme/shop/one/w1/a/b/c, true",
    "acme/shop/one/w2/#, acme/shop/one/w2, true",
    "acme/shop/one/+/b, acme/shop/one/w3/b, true",
    "acme/shop/one/+/b, acme/shop/one/w3/b/c, false",
    "acme/shop/one/w4/+, acme/shop/one/w4, false",
    "acme/shop/one/+/+/#, acme/shop/one/w5/b, true",
    "acme/shop/one/w6/b, acme/shop/one/w6/B, false"
  })
  void wildcardsMatchAsTheyShould(String filter, String name, boolean matches) {
    try (MqttPeer subscriber = mesh.peer().connected("sub");
        MqttPeer publisher = mesh.peer().connected("pub")) {
      assertThat(subscriber.subscribed(filter, 0)).isZero();
      publisher.published(name, "x");
      if (matches) {
        assertThat(subscriber.next(MqttPeer.PUBLISH).topic()).isEqualTo(name);
      } else {
        subscriber.expectNothing();
      }
    }
  }

  // MQTT-4.7.1-2, -3, MQTT-4.7.3-1, -2, MQTT-3.8.3-1, MQTT-1.5.3-1, -2: no filter at all.
  @ParameterizedTest
  @ValueSource(strings = {"", "a/#/b", "a#", "#a", "a/b+", "+a/b", "a/++", "##", "a/\u0000"})
  void aMalformedFilterClosesTheConnection(String filter) {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.send(MqttPeer.subscribe(1, filter, 0));
      assertThat(peer.nextOrClosed()).isNull();
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
    }
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.send(MqttPeer.unsubscribe(1, filter));
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
    }
  }

  // Wire 5: 0x80 for what the rules forbid; Paho: subscribe failure, $ topics.
  // A '*' is a literal in MQTT. MQTT-4.7.3-4: an empty level is a level. Wire 5: no queues.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "+/+/+/x",
        "acme/plant/one/#",
        "$SYS/#",
        "$share/group/acme/shop/one/x",
        "acme/shop/one/*",
        "acme/shop/one//x",
        "/acme/shop/one/x",
        "acme/shop/one/x y",
        "queue:acme/shop/one/orders",
        "topic:acme/shop/one/x"
      })
  void aFilterThatIsNotAllowedIsRefusedInItsPlace(String filter) {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      // MQTT-3.8.4-4, -5, MQTT-3.9.3-1: one answer with a code for each, in their order.
      byte[] qosOne = {1};
      byte[] subscribe =
          packet(
              0x82,
              number(11),
              text(topic("before")),
              qosOne,
              text(filter),
              qosOne,
              text(topic("after")),
              new byte[] {0});
      assertThat(peer.send(subscribe).next(MqttPeer.SUBACK).hex()).isEqualTo("000b018000");
      peer.send(publish(0, topic("after"), 0, "still here"));
      assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo("still here");
    }
  }

  // MQTT-3.8.4-3: the same filter again replaces, with the new QoS, and nothing comes twice.
  @Test
  void theSameFilterAgainReplacesTheFormer() {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.subscribed(topic("again"), 0);
      mesh.publish(topic("again"), "first");
      assertThat(peer.next(MqttPeer.PUBLISH).qos()).isZero();
      peer.subscribed(topic("again"), 1);
      mesh.publish(topic("again"), "second");
      assertThat(peer.next(MqttPeer.PUBLISH).qos()).isEqualTo(1);
      peer.expectNothing();
    }
  }

  // MQTT-3.3.5-1. Paho: overlapping subscriptions. One copy, with the highest QoS.
  @Test
  void overlappingFiltersBringOneCopyWithTheHighestQos() {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.subscribed(topic("over/#"), 0);
      peer.subscribed(topic("over/+"), 1);
      peer.subscribed(topic("over/x"), 0);
      mesh.publish(topic("over/x"), "once");
      Packet packet = peer.next(MqttPeer.PUBLISH);
      assertThat(packet.qos()).isEqualTo(1);
      peer.expectNothing();
      mesh.publish(topic("over/x/y"), "by the first alone");
      assertThat(peer.next(MqttPeer.PUBLISH).qos()).isZero();
      peer.expectNothing();
    }
  }

  // MQTT-3.10.4-1, -2, -4: no more of it. MQTT-2.3.1-7. Paho: unsubscribe.
  @Test
  void anUnsubscribeEndsWhatItNames() {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      for (String last : List.of("a", "b", "c")) {
        peer.subscribed(topic("un/" + last), 0);
      }
      peer.send(MqttPeer.unsubscribe(0x1234, topic("un/a")));
      assertThat(peer.next(MqttPeer.UNSUBACK).hex()).isEqualTo("1234");
      mesh.publish(topic("un/a"), "gone");
      mesh.publish(topic("un/b"), "here");
      assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo("here");
      // MQTT-3.10.4-6: several in one packet, one answer.
      peer.send(packet(0xa2, number(9), text(topic("un/b")), text(topic("un/c"))));
      peer.next(MqttPeer.UNSUBACK);
      mesh.publish(topic("un/b"), "gone");
      mesh.publish(topic("un/c"), "gone");
      peer.expectNothing();
    }
  }

  // MQTT-3.10.4-3: what was sent before can still be acknowledged, and makes room.
  @Test
  void anUnsubscribeLeavesWhatIsOnItsWayAlone() {
    try (MqttPeer peer = mesh.peer().silent()) {
      assertThat(peer.resumed("leaving")).isFalse();
      peer.subscribed(topic("way"), 1);
      mesh.publish(topic("way"), "on its way");
      int id = peer.next(MqttPeer.PUBLISH).packetId();
      peer.send(MqttPeer.unsubscribe(9, topic("way"))).next(MqttPeer.UNSUBACK);
      assertThat(mesh.browse(mesh.sessionQueue("leaving"))).hasSize(1);
      peer.puback(id);
      await().until(() -> mesh.browse(mesh.sessionQueue("leaving")).isEmpty());
    }
  }

  // MQTT-3.10.4-5: also when nothing was subscribed; MQTT-3.10.4-1: compared letter by letter.
  @Test
  void anUnsubscribeOfAnotherFilterIsAnsweredAndChangesNothing() {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.subscribed(topic("kept/#"), 0);
      for (String other : List.of(topic("kept/+"), topic("kept"), "never//subscribed")) {
        peer.send(MqttPeer.unsubscribe(8, other)).next(MqttPeer.UNSUBACK);
      }
      mesh.publish(topic("kept/x"), "here");
      assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo("here");
    }
  }

  // MQTT-3.10.3-1.
  @Test
  void anUnsubscribeOfWhatIsNoTextClosesTheConnection() {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.send("a2 06 0001 0002 eda0");
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
    }
  }

  // MQTT-4.6.0-5, -6: in the order in which they were published.
  @Test
  void messagesOfOnePublisherKeepTheirOrder() {
    try (MqttPeer subscriber = mesh.peer().connected("sub");
        MqttPeer publisher = mesh.peer().connected("pub")) {
      subscriber.subscribed(topic("order/#"), 1);
      byte[][] packets = new byte[300][];
      for (int i = 0; i < packets.length; i++) {
        packets[i] = publish(2, topic("order/" + i % 3), i + 1, "n" + i);
      }
      publisher.send(MqttPeer.join(packets));
      for (int i = 0; i < packets.length; i++) {
        assertThat(subscriber.next(MqttPeer.PUBLISH).body()).isEqualTo("n" + i);
      }
    }
  }

  // Capability 26: who is not there when it is published does not get it.
  @Test
  void aCleanSessionHearsOnlyWhatIsPublishedWhileItIsThere() {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.subscribed(topic("live"), 1);
    }
    mesh.awaitConnections(0);
    mesh.publish(topic("live"), "missed");
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.expectNothing();
      peer.subscribed(topic("live"), 1);
      peer.expectNothing();
    }
  }

  // R-533: a bounded number of filters; those that are there may be asked for again.
  @Test
  void moreFiltersThanASessionMayHaveAreRefused() {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      for (int i = 0; i < MqttSettings.DEFAULT.filtersMax(); i++) {
        assertThat(peer.subscribed(topic("many/" + i), 0)).isZero();
      }
      assertThat(peer.subscribed(topic("many/more"), 0)).isEqualTo(0x80);
      assertThat(peer.subscribed(topic("many/0"), 1)).isEqualTo(1);
    }
  }

  // R-515, T-359: a rule that no longer covers a filter ends the connection.
  @Test
  void aWithdrawnPermissionClosesTheConnection() {
    try (MqttPeer peer = mesh.peer().connected("sub")) {
      peer.subscribed(topic("rules/#"), 1);
      mesh.access.putInstance("shop", DoorUnderTest.descriptor("\"${namespace}/orders/*\""));
      assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
      assertThat(peer.why()).contains("topicRules.subscribeFilter");
    } finally {
      mesh.access.putInstance("shop", DoorUnderTest.descriptor("\"${namespace}/*\""));
    }
  }
}
