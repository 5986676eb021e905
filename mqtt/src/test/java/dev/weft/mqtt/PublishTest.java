// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.ORDERS;
import static dev.weft.mqtt.DoorUnderTest.topic;
import static dev.weft.mqtt.MqttPeer.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.access.TopicPattern;
import dev.weft.broker.MessageContent;
import dev.weft.broker.QueueAttributes;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What clients publish. Source: MQTT 3.1.1, 3.3, 3.4, 4.3; wire 5. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishTest {
  private static final String ORDER = topic("orders/created");

  private DoorUnderTest mesh;

  @BeforeAll
  void open(@TempDir Path directory) {
    mesh = DoorUnderTest.open(directory, TestSettings.withheldFor(Duration.ofMillis(300)));
  }

  @BeforeEach
  void purge() {
    mesh.engine.purge(ORDERS);
  }

  @AfterAll
  void close() {
    mesh.close();
  }

  // MQTT-3.3.4-1, MQTT-2.3.1-6, MQTT-4.3.2-2, MQTT-4.5.0-1; promise sheet: PUBACK after the force.
  @Test
  void aPublishOfQosOneIsStoredAndThenAcknowledged() {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.send(publish(2, ORDER, 2_000, "{\"order\":4711}"));
      assertThat(peer.next(MqttPeer.PUBACK).hex()).isEqualTo("07d0");
      assertThat(mesh.bodies(ORDERS)).containsExactly("{\"order\":4711}");
    }
  }

  // Wire 4.8, 5: to and subject name the topic, there is no content type, the bytes are kept.
  @Test
  void theStoredMessageIsTheOneThatEveryDoorStores() {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.published(ORDER, "Grüße \u0001");
      Message stored = mesh.browse(ORDERS).getFirst().message();
      MessageContent content = MessageContent.read(stored);
      assertThat(content.to()).isEqualTo("topic:" + ORDER);
      assertThat(content.subject()).isEqualTo(ORDER);
      assertThat(content.contentType()).isNull();
      assertThat(content.messageId()).isNotBlank();
      assertThat(content.creationTimeMillis()).isEqualTo(mesh.clock.millis());
      assertThat(content.applicationProperties()).isEmpty();
      assertThat(content.body()).isEqualTo("Grüße \u0001".getBytes(UTF_8));
      assertThat(stored.durable()).isTrue();
      assertThat(stored.ttlMillis()).isEqualTo(Message.NO_TTL);
    }
  }

  // MQTT-2.3.1-5, MQTT-4.3.1-1: QoS 0 has no packet id and no answer.
  @Test
  void aPublishOfQosZeroIsRoutedWithoutAnswer() {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.send(publish(0, ORDER, 0, "fire and forget")).expectNothing();
      await().until(() -> mesh.bodies(ORDERS), List.of("fire and forget")::equals);
      assertThat(mesh.browse(ORDERS).getFirst().message().durable()).isFalse();
    }
  }

  // MQTT-4.3.2-2: after the PUBACK the same packet id is a new message, whatever DUP says.
  @Test
  void anIdMayBeUsedAgainAfterItsAcknowledgement() {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      for (String body : List.of("first", "second")) {
        peer.send(publish(2, ORDER, 5, body)).next(MqttPeer.PUBACK);
      }
      peer.send(publish(2 | 8, ORDER, 5, "third")).next(MqttPeer.PUBACK);
      assertThat(mesh.bodies(ORDERS)).containsExactly("first", "second", "third");
    }
  }

  // MQTT-4.6.0-2, -6, R-111: acknowledged and stored in the order in which they came, also when
  // some go to no queue and are done at once.
  @Test
  void acknowledgementsKeepTheOrderOfThePublishes() {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      byte[][] packets = new byte[200][];
      for (int i = 0; i < packets.length; i++) {
        packets[i] = publish(2, i % 2 == 0 ? ORDER : topic("nowhere"), i + 1, "n" + i);
      }
      peer.send(MqttPeer.join(packets));
      for (int i = 0; i < packets.length; i++) {
        assertThat(peer.next(MqttPeer.PUBACK).packetId()).isEqualTo(i + 1);
      }
      List<String> bodies = mesh.bodies(ORDERS);
      for (int i = 0; i < 100; i++) {
        assertThat(bodies.get(i)).isEqualTo("n" + 2 * i);
      }
    }
  }

  // a topic without subscribers takes the message and drops it.
  @Test
  void aPublishThatNobodyWantsIsAcknowledged() {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.published(topic("nobody"), "x");
    }
  }

  // MQTT-3.3.2-2, MQTT-4.7.1-1: no wildcards. MQTT-4.7.3-1: not empty.
  // Wire 1.4: no empty segment, no other characters, 2 to 20 segments, 150 characters.
  // MQTT-4.7.3-4: nothing is normalised. Wire 5: no queues. Paho: topics that begin with $.
  @ParameterizedTest
  @CsvSource({
    "acme/shop/one/+,1002",
    "acme/shop/one/#,1002",
    "acme/shop/one/*,1008",
    "'',1008",
    "acme,1008",
    "/acme/shop/one/x,1008",
    "acme/shop/one/x/,1008",
    "acme/shop/one//x,1008",
    "acme/shop/one/a b,1008",
    "acme/shop/one/ü,1008",
    "$SYS/broker/x,1008",
    "queue:acme/shop/one/orders,1008",
    "topic:acme/shop/one/orders,1008",
    "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21,1008"
  })
  void aTopicThatTheMeshCannotHaveClosesTheConnection(String name, int code) {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.send(publish(2, name, 1, "x"));
      assertThat(peer.nextOrClosed()).isNull();
      assertThat(peer.awaitClosed()).isEqualTo(code);
    }
  }

  // MQTT-3.3.2-1, MQTT-4.7.3-2, MQTT-1.5.3-1, -2.
  @ParameterizedTest
  @CsvSource({"3008 0006 61636d652f00", "3008 0006 61636d652fff", "3009 0007 61636d65eda080"})
  void aTopicThatIsNoTextClosesTheConnection(String packet) {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.send(packet);
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
    }
  }

  // MQTT-3.3.5-2, wire 5: a publish that the rules forbid closes the connection, and says why.
  @ParameterizedTest
  @CsvSource({"0", "2"})
  void aForbiddenTopicClosesTheConnection(int flags) {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.send(publish(flags, "acme/plant/one/x", 1, "x"));
      assertThat(peer.nextOrClosed()).isNull();
      assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
      assertThat(peer.why()).contains("topicRules.publishFilter");
    }
  }

  // Wire 5: QoS 2 closes the connection.
  @Test
  void aPublishOfQosTwoClosesTheConnection() {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.send(publish(4, ORDER, 1, "x"));
      assertThat(peer.awaitClosed()).isEqualTo(Violation.PROTOCOL_ERROR);
      assertThat(peer.why()).contains("QoS 2");
      assertThat(mesh.bodies(ORDERS)).isEmpty();
    }
  }

  // MQTT-4.8.0-2: what may succeed later is not acknowledged, nor what follows; the
  // connection is closed after a while and the client sends again.
  @Test
  void aFullQueueWithholdsTheAcknowledgement() {
    var full = new QueueName(topic("full"));
    mesh.administration.putQueue(
        mesh.instance,
        full,
        QueueAttributes.parse(JsonMapper.shared().readTree("{\"maxQueueMessageCount\":1}")));
    mesh.administration.putSubscription(mesh.instance, full, new TopicPattern(topic("full/*")));
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.published(topic("full/x"), "fits");
      peer.send(publish(2, topic("full/x"), 1, "does not"));
      peer.send(publish(2, ORDER, 2, "behind it"));
      assertThat(peer.nextOrClosed()).isNull();
      assertThat(peer.awaitClosed()).isEqualTo(1013);
      assertThat(peer.why()).contains("limit exceeded");
      assertThat(mesh.bodies(full)).containsExactly("fits");
    }
    try (MqttPeer peer = mesh.peer().connected("one")) {
      // Of QoS 0 nothing is promised.
      peer.send(publish(0, topic("full/x"), 0, "lost")).expectNothing();
    }
  }

  // MQTT-3.3.1-3: DUP of the publisher is not handed on. T-338.
  @Test
  void aDuplicateOfThePublisherIsNoneForTheSubscriber() {
    try (MqttPeer subscriber = mesh.peer().connected("sub");
        MqttPeer publisher = mesh.peer().connected("pub")) {
      subscriber.subscribed(topic("dup"), 1);
      publisher.published(2 | 8, topic("dup"), "again");
      assertThat(subscriber.next(MqttPeer.PUBLISH).dup()).isFalse();
    }
  }

  @Test
  void theMarkOfQosZeroDoesNotChangeWhatOtherDoorsRead() {
    try (MqttPeer peer = mesh.peer().connected("one")) {
      peer.send(publish(0, ORDER, 0, "zero"));
      await().until(() -> mesh.browse(ORDERS).size() == 1);
      BrowsedMessage stored = mesh.browse(ORDERS).getFirst();
      assertThat(OriginalQos.of(stored.message())).isZero();
      assertThat(MessageContent.read(stored.message()).subject()).isEqualTo(ORDER);
    }
  }
}
