// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.topic;
import static dev.weft.mqtt.MqttPeer.connect;
import static dev.weft.mqtt.MqttPeer.publish;
import static dev.weft.mqtt.MqttPeer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.MessageContent;
import dev.weft.broker.QueueAttributes;
import dev.weft.mqtt.MqttPeer.Packet;
import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingAppend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that outlive their connection. Source: MQTT 3.1.1, 3.1.2.4, 4.1, 4.4; wire 5. */
class PersistentSessionTest {
  private static final String CLIENT = "device-7";

  @TempDir Path directory;
  private DoorUnderTest mesh;

  @BeforeEach
  void open() {
    mesh = DoorUnderTest.open(directory);
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private MqttPeer resume(boolean present) {
    MqttPeer peer = mesh.peer();
    assertThat(peer.resumed(CLIENT)).isEqualTo(present);
    return peer;
  }

  /** Acknowledges nothing. */
  private MqttPeer resumeSilent(boolean present) {
    MqttPeer peer = mesh.peer().silent();
    assertThat(peer.resumed(CLIENT)).isEqualTo(present);
    return peer;
  }

  private void leave(MqttPeer peer) {
    peer.send("e000").awaitClosed();
    mesh.awaitConnections(0);
  }

  // MQTT-3.1.2-4, -5, MQTT-3.2.2-2, -3, MQTT-4.1.0-1, MQTT-4.5.0-1. Paho: offline queueing.
  @Test
  void whatIsPublishedMeanwhileComesAfterwards() {
    MqttPeer peer = resume(false);
    peer.subscribed(topic("off/#"), 1);
    leave(peer);
    for (int i = 0; i < 5; i++) {
      mesh.publish(topic("off/x"), "n" + i);
    }
    try (MqttPeer back = resume(true)) {
      for (int i = 0; i < 5; i++) {
        Packet packet = back.next(MqttPeer.PUBLISH);
        assertThat(packet.body()).isEqualTo("n" + i);
        assertThat(packet.qos()).isEqualTo(1);
        assertThat(packet.dup()).isFalse();
      }
      back.expectNothing();
      // Acknowledged is acknowledged.
      await().until(() -> mesh.browse(mesh.sessionQueue(CLIENT)).isEmpty());
    }
  }

  // MQTT-4.1.0-1: over a restart of the server, with filters of both QoS.
  @Test
  void aSessionOutlivesTheServersProcess() {
    MqttPeer peer = resume(false);
    peer.subscribed(topic("off/#"), 1);
    peer.subscribed(topic("live/#"), 0);
    leave(peer);
    mesh.publish(topic("off/x"), "stored before");
    mesh = mesh.restart(directory);
    mesh.publish(topic("off/x"), "stored after");
    mesh.publish(topic("live/x"), "of QoS 0, missed");
    try (MqttPeer back = resume(true)) {
      assertThat(back.next(MqttPeer.PUBLISH).body()).isEqualTo("stored before");
      assertThat(back.next(MqttPeer.PUBLISH).body()).isEqualTo("stored after");
      mesh.publish(topic("live/x"), "of QoS 0, heard");
      assertThat(back.next(MqttPeer.PUBLISH).body()).isEqualTo("of QoS 0, heard");
      back.expectNothing();
    }
  }

  // MQTT-4.4.0-1, MQTT-3.3.1-1, MQTT-4.6.0-1: again, in order, with the same ids and DUP.
  // Paho: redelivery on reconnect.
  @Test
  void whatWasNotAcknowledgedComesAgainWithItsPacketId() {
    MqttPeer peer = resumeSilent(false);
    peer.subscribed(topic("again"), 1);
    for (int i = 0; i < 4; i++) {
      mesh.publish(topic("again"), "n" + i);
    }
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Packet packet = peer.next(MqttPeer.PUBLISH);
      assertThat(packet.dup()).isFalse();
      ids.add(packet.packetId());
    }
    assertThat(ids).doesNotHaveDuplicates();
    peer.puback(ids.get(1));
    await().until(() -> mesh.browse(mesh.sessionQueue(CLIENT)).size() == 3);
    peer.close();
    mesh.awaitConnections(0);
    mesh.publish(topic("again"), "fresh");
    for (int round = 0; round < 2; round++) {
      MqttPeer back = resumeSilent(true);
      for (int i : new int[] {0, 2, 3}) {
        Packet packet = back.next(MqttPeer.PUBLISH);
        assertThat(packet.body()).isEqualTo("n" + i);
        assertThat(packet.packetId()).isEqualTo(ids.get(i));
        assertThat(packet.dup()).isTrue();
      }
      Packet fresh = back.next(MqttPeer.PUBLISH);
      assertThat(fresh.body()).isEqualTo("fresh");
      assertThat(fresh.dup()).isEqualTo(round > 0);
      assertThat(fresh.packetId()).isNotIn(ids);
      back.close();
      mesh.awaitConnections(0);
    }
    try (MqttPeer last = resume(true)) {
      for (int i = 0; i < 4; i++) {
        last.next(MqttPeer.PUBLISH);
      }
      await().until(() -> mesh.browse(mesh.sessionQueue(CLIENT)).isEmpty());
    }
  }

  // MQTT-4.4.0-1 for retained messages, which belong to no queue.
  @Test
  void anUnacknowledgedRetainedMessageComesAgainToo() {
    try (MqttPeer publisher = mesh.peer().connected("pub")) {
      publisher.published(3, topic("kept"), "x");
    }
    MqttPeer peer = resumeSilent(false);
    peer.send(MqttPeer.subscribe(1, topic("kept"), 1)).next(MqttPeer.SUBACK);
    int id = peer.next(MqttPeer.PUBLISH).packetId();
    peer.close();
    mesh.awaitConnections(0);
    try (MqttPeer back = resume(true)) {
      Packet packet = back.next(MqttPeer.PUBLISH);
      assertThat(packet.packetId()).isEqualTo(id);
      assertThat(packet.dup()).isTrue();
      assertThat(packet.body()).isEqualTo("x");
    }
    mesh.awaitConnections(0);
    try (MqttPeer back = resume(true)) {
      back.expectNothing();
    }
  }

  // MQTT-3.1.2-6, MQTT-3.1.4-3, MQTT-3.2.2-1: clean discards what was, and leaves nothing.
  @Test
  void aCleanConnectDiscardsTheSession() {
    MqttPeer peer = resume(false);
    peer.subscribed(topic("off"), 1);
    leave(peer);
    mesh.publish(topic("off"), "discarded");
    try (MqttPeer clean = mesh.peer()) {
      assertThat(clean.connack(connect(2, 0, text(CLIENT)))).isEqualTo("0000");
      clean.expectNothing();
      assertThat(mesh.engine.queues()).doesNotContainKey(mesh.sessionQueue(CLIENT));
      mesh.publish(topic("off"), "nobody");
      clean.expectNothing();
    }
    mesh.awaitConnections(0);
    try (MqttPeer fresh = resume(false)) {
      fresh.expectNothing();
    }
  }

  // MQTT-3.1.4-2 with a session that stays: the messages in hand move to the next connection.
  @Test
  void aTakeOverBringsTheMessagesAlong() {
    MqttPeer former = resumeSilent(false);
    former.subscribed(topic("over"), 1);
    mesh.publish(topic("over"), "in hand");
    int id = former.next(MqttPeer.PUBLISH).packetId();
    try (MqttPeer next = resume(true)) {
      assertThat(former.awaitClosed()).isEqualTo(Violation.POLICY);
      Packet packet = next.next(MqttPeer.PUBLISH);
      assertThat(packet.packetId()).isEqualTo(id);
      assertThat(packet.dup()).isTrue();
      mesh.publish(topic("over"), "more");
      assertThat(next.next(MqttPeer.PUBLISH).body()).isEqualTo("more");
    }
  }

  // MQTT-3.8.4-3, MQTT-3.10.4-1: changes of a session are kept.
  @Test
  void changesOfFiltersAreKept() {
    MqttPeer peer = resume(false);
    for (String last : List.of("up", "down", "off", "gone")) {
      peer.subscribed(topic(last), last.equals("up") || last.equals("off") ? 0 : 1);
    }
    peer.subscribed(topic("up"), 1);
    peer.subscribed(topic("down"), 0);
    peer.send(MqttPeer.unsubscribe(3, topic("off"))).next(MqttPeer.UNSUBACK);
    peer.send(MqttPeer.unsubscribe(4, topic("gone"))).next(MqttPeer.UNSUBACK);
    leave(peer);
    mesh = mesh.restart(directory);
    assertThat(mesh.administration.subscriptions(mesh.instance, mesh.sessionQueue(CLIENT)))
        .containsExactly(new TopicPattern(topic("up")));
    for (String last : List.of("up", "down", "off", "gone")) {
      mesh.publish(topic(last), "missed " + last);
    }
    try (MqttPeer back = resume(true)) {
      assertThat(back.next(MqttPeer.PUBLISH).body()).isEqualTo("missed up");
      for (String last : List.of("off", "gone", "down")) {
        mesh.publish(topic(last), "live " + last);
      }
      assertThat(back.next(MqttPeer.PUBLISH).body()).isEqualTo("live down");
      back.expectNothing();
    }
  }

  // MQTT-3.3.5-1: a filter of QoS 0 beside one of QoS 1 brings no second copy.
  @Test
  void overlappingFiltersOfBothQosBringOneCopy() {
    try (MqttPeer peer = resume(false)) {
      peer.subscribed(topic("both/#"), 0);
      peer.subscribed(topic("both/+"), 1);
      mesh.publish(topic("both/x"), "once");
      assertThat(peer.next(MqttPeer.PUBLISH).qos()).isEqualTo(1);
      mesh.publish(topic("both/x/y"), "live");
      assertThat(peer.next(MqttPeer.PUBLISH).qos()).isZero();
      peer.expectNothing();
    }
  }

  // MQTT-3.8.4-6 through the queue: what was published with QoS 0 comes with QoS 0.
  @Test
  void aMessageOfQosZeroLeavesTheQueueWithQosZero() {
    MqttPeer peer = resume(false);
    peer.subscribed(topic("zero"), 1);
    leave(peer);
    try (MqttPeer publisher = mesh.peer().connected("pub")) {
      publisher.send(publish(0, topic("zero"), 0, "zero"));
      publisher.published(topic("zero"), "one");
    }
    mesh.awaitConnections(0);
    try (MqttPeer back = resume(true)) {
      assertThat(back.next(MqttPeer.PUBLISH).qos()).isZero();
      assertThat(back.next(MqttPeer.PUBLISH).qos()).isEqualTo(1);
      await().until(() -> mesh.browse(mesh.sessionQueue(CLIENT)).isEmpty());
    }
  }

  // Wire 5: a queue is no topic, and no filter matches what was sent to it.
  @Test
  void whatWasPublishedToTheQueueItselfIsNotSent() {
    try (MqttPeer peer = resume(false)) {
      peer.subscribed(topic("t"), 1);
      QueueName queue = mesh.sessionQueue(CLIENT);
      var address = new Address.OfQueue(queue);
      var answer = new RecordingAppend();
      mesh.frontDoor.publish(
          mesh.caller,
          address,
          MessageContent.of(null, new byte[] {1}).toMessage(address, true, -1),
          answer);
      answer.awaitStored();
      mesh.publish(topic("t"), "sent");
      assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo("sent");
      await().until(() -> mesh.browse(queue).isEmpty());
    }
  }

  // A queue that somebody made, or that a restored catalogue has, is no clean client's to delete;
  // a client that wants a session takes it over with what it holds.
  @Test
  void aQueueOfThatNameIsTakenOverAndNeverDeletedBefore() {
    QueueName queue = mesh.sessionQueue(CLIENT);
    mesh.administration.putQueue(mesh.instance, queue, QueueAttributes.NONE);
    mesh.administration.putSubscription(mesh.instance, queue, new TopicPattern(topic("t")));
    try (MqttPeer peer = mesh.peer().connected(CLIENT)) {
      peer.expectNothing();
    }
    mesh.publish(topic("t"), "waits");
    try (MqttPeer peer = resume(true)) {
      assertThat(peer.next(MqttPeer.PUBLISH).body()).isEqualTo("waits");
    }
  }

  // The operator's hand: a deleted queue ends the connection, and the session with it.
  @Test
  void deletingTheQueueEndsTheSession() {
    MqttPeer peer = resume(false);
    peer.subscribed(topic("t"), 1);
    mesh.administration.deleteQueue(mesh.instance, mesh.sessionQueue(CLIENT));
    assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
    mesh.awaitConnections(0);
    try (MqttPeer fresh = resume(false)) {
      fresh.expectNothing();
    }
  }

  // Wire 1.6: reading the session's queue needs queueRules.subscribeFilter.
  @Test
  void withoutTheRightToReadItsQueueThereIsNoPersistentSession() {
    mesh.access.putInstance(
        "shop",
        DoorUnderTest.descriptor("\"${namespace}/*\"")
            .replace(
                "\"queueRules\":{\"publishFilter\":[\"${namespace}/*\"],\"subscribeFilter\":[\"${namespace}/*\"]}",
                "\"queueRules\":{\"publishFilter\":[],\"subscribeFilter\":[]}"));
    try (MqttPeer peer = mesh.peer()) {
      assertThat(peer.connack(connect(0, 0, text(CLIENT)))).isEqualTo("0005");
      assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
      assertThat(peer.why()).contains("queueRules.subscribeFilter");
    }
    assertThat(mesh.engine.queues()).doesNotContainKey(mesh.sessionQueue(CLIENT));
  }

  // R-515: filters that the rules no longer cover do not come back.
  @Test
  void aWithdrawnFilterIsNotResumed() {
    MqttPeer peer = resume(false);
    peer.subscribed(topic("a/#"), 1);
    peer.subscribed(topic("b/#"), 1);
    peer.subscribed(topic("c/#"), 0);
    leave(peer);
    String filters = "\"${namespace}/a/*\",\"${namespace}/mqtt-session/*\"";
    mesh.access.putInstance("shop", DoorUnderTest.descriptor(filters));
    try (MqttPeer back = resume(true)) {
      assertThat(mesh.administration.subscriptions(mesh.instance, mesh.sessionQueue(CLIENT)))
          .containsExactly(new TopicPattern(topic("a/*")));
      mesh.publish(topic("a/x"), "still");
      assertThat(back.next(MqttPeer.PUBLISH).body()).isEqualTo("still");
    }
  }

  // A session whose client stays away for good does not block its topics for ever.
  @Test
  void aForgottenSessionExpires() {
    MqttPeer peer = resume(false);
    peer.subscribed(topic("t"), 1);
    leave(peer);
    mesh.clock.advance(Duration.ofDays(6));
    mesh.door.expireSessions();
    try (MqttPeer back = resume(true)) {
      mesh.clock.advance(Duration.ofDays(8));
      // Whoever is there does not expire.
      mesh.door.expireSessions();
      mesh.publish(topic("t"), "x");
      assertThat(back.next(MqttPeer.PUBLISH).body()).isEqualTo("x");
    }
    mesh.awaitConnections(0);
    mesh.clock.advance(Duration.ofDays(8));
    mesh.door.expireSessions();
    await().until(() -> !mesh.engine.queues().containsKey(mesh.sessionQueue(CLIENT)));
  }

  // A failure on a worker ends its connection, and the next one gets the session.
  @Test
  void aFailedRequestDoesNotBlockTheSession() {
    try (MqttPeer peer = resume(false)) {
      peer.subscribed(topic("a"), 1);
      mesh.access.putInstance(
          "shop", DoorUnderTest.descriptor("\"${namespace}/a\",\"${namespace}/mqtt-session/*\""));
      mesh.administration.deleteQueue(mesh.instance, mesh.sessionQueue(CLIENT));
      peer.send(MqttPeer.subscribe(3, topic("a"), 1));
      peer.awaitClosed();
    }
    try (MqttPeer next = resume(false)) {
      assertThat(next.subscribed(topic("a"), 1)).isEqualTo(1);
    }
  }

  // Names of queues have letters, digits, '-', '_' and '.', and ids are told apart.
  @Test
  void everyClientIdHasAQueueNameOfItsOwn() {
    List<String> ids =
        List.of("a", "A", "a b", "a_20b", "a/b", "ü", "x".repeat(120), "x".repeat(121), "_h", "+");
    assertThat(ids.stream().map(mesh::sessionQueue).distinct()).hasSameSizeAs(ids);
    assertThat(mesh.sessionQueue("a b").value()).isEqualTo(topic("mqtt-session/a_20b"));
  }
}
