// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static dev.weft.mqtt.DoorUnderTest.topic;
import static dev.weft.mqtt.MqttPeer.connect;
import static dev.weft.mqtt.MqttPeer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.access.Caller;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Silence and stops. Source: MQTT 3.1.1, 3.1.2.10, T-350. */
class KeepAliveTest {
  @TempDir Path directory;

  // MQTT-3.1.2-24. Paho: keep-alive. Bytes that make no packet are silence.
  @Test
  void silenceForOneAndAHalfPeriodsClosesTheConnection() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer peer = mesh.peer()) {
      long start = System.nanoTime();
      assertThat(peer.connack(connect(2, 1, text("quiet")))).isEqualTo("0000");
      peer.send("30");
      assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofMillis(1_500));
    }
  }

  @Test
  void anyPacketKeepsTheConnection() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer peer = mesh.peer();
        MqttPeer other = mesh.peer()) {
      assertThat(peer.connack(connect(2, 1, text("alive")))).isEqualTo("0000");
      assertThat(other.connack(connect(2, 1, text("quiet")))).isEqualTo("0000");
      await()
          .pollInterval(Duration.ofMillis(200))
          .atMost(DoorUnderTest.PATIENCE)
          .until(
              () -> {
                peer.send(MqttPeer.publish(0, topic("beat"), 0, ""));
                return mesh.door.connections() == 1;
              });
      peer.expectNothing();
    }
  }

  // R-530, T-350: who connects and does not speak is sent away.
  @Test
  void aClientThatSendsNoConnectIsCutOff() {
    try (var mesh =
            DoorUnderTest.open(directory, TestSettings.connectWithin(Duration.ofMillis(200)));
        MqttPeer silent = mesh.peer();
        MqttPeer half = mesh.peer().send("100d00044d")) {
      assertThat(silent.awaitClosed()).isEqualTo(Violation.POLICY);
      assertThat(half.awaitClosed()).isEqualTo(Violation.POLICY);
      mesh.awaitConnections(0);
    }
  }

  // R-512, T-359: a deleted key takes its connections along.
  @Test
  void aDeletedKeyClosesItsConnections() {
    try (var mesh = DoorUnderTest.open(directory)) {
      var key = mesh.access.createKey("shop", "default", null);
      try (MqttPeer other = mesh.peer().connected("other")) {
        mesh.caller = new Caller(mesh.instance, key.clientId(), Instant.MAX);
        try (MqttPeer peer = mesh.peer().connected("one")) {
          mesh.access.deleteKey("shop", "default");
          assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
          assertThat(peer.why()).contains("service key");
        }
        other.expectNothing();
      }
    }
  }

  // An instance that is gone takes no publishes, from connections that are open either.
  @Test
  void aDeletedInstanceTakesNothing() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer peer = mesh.peer().connected("one")) {
      mesh.administration.deleteEverything(mesh.instance);
      mesh.access.deleteInstance("shop");
      peer.send(MqttPeer.publish(2, topic("x"), 1, "x"));
      assertThat(peer.awaitClosed()).isEqualTo(Violation.POLICY);
    }
  }

  // the stop of the server.
  @Test
  void aStopClosesEveryConnection() {
    try (var mesh = DoorUnderTest.open(directory);
        MqttPeer one = mesh.peer().connected("one");
        MqttPeer two = mesh.peer()) {
      assertThat(two.resumed("two")).isFalse();
      DoorUnderTest.get(mesh.door.close());
      assertThat(one.awaitClosed()).isEqualTo(MqttConnection.GOING_AWAY);
      assertThat(two.awaitClosed()).isEqualTo(MqttConnection.GOING_AWAY);
      assertThat(mesh.quota.current(mesh.instance)).isZero();
    }
  }

  // Wire 9.1: a connection that ends gives its place back.
  @Test
  void theLeaseOfAConnectionIsGivenBack() {
    try (var mesh = DoorUnderTest.open(directory)) {
      try (MqttPeer peer = mesh.peer().connected("one")) {
        assertThat(mesh.quota.current(mesh.instance)).isEqualTo(1);
        peer.send("ff");
        peer.awaitClosed();
      }
      await().until(() -> mesh.quota.current(mesh.instance) == 0);
    }
  }
}
