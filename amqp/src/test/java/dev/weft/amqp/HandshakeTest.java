// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.access.ServiceKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.apache.qpid.protonj2.types.security.SaslMechanisms;
import org.apache.qpid.protonj2.types.security.SaslOutcome;
import org.apache.qpid.protonj2.types.transport.Attach;
import org.apache.qpid.protonj2.types.transport.Begin;
import org.apache.qpid.protonj2.types.transport.Close;
import org.apache.qpid.protonj2.types.transport.Detach;
import org.apache.qpid.protonj2.types.transport.End;
import org.apache.qpid.protonj2.types.transport.Open;
import org.apache.qpid.protonj2.types.transport.Transfer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a connection begins, lives and ends (wire 4.1 to 4.4, 4.12; ). */
class HandshakeTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir Path directory;

  private static String condition(Close close) {
    return close.getError().getCondition().toString();
  }

  // Rule 11: bytes that come with the 101 are lost to the vendor's client.
  @Test
  void doorIsSilentUntilTheClientSpeaks() {
    try (var mesh = DoorUnderTest.open(directory, Settings.timeouts(LONG, SHORT));
        RawPeer peer = mesh.peer()) {
      assertThat(peer.awaitClosed()).isEqualTo(1000);
      assertThat(peer.quiet()).isTrue();
      await().until(() -> mesh.door.connections() == 0 && mesh.quota.current(mesh.instance) == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"414d51500301", "414d515003010000", "414d515000010000"})
  void unfinishedHandshakeIsClosed(String bytes) {
    try (var mesh = DoorUnderTest.open(directory, Settings.timeouts(LONG, SHORT));
        RawPeer peer = mesh.peer()) {
      peer.send(bytes);
      assertThat(peer.awaitClosed()).isEqualTo(1000);
    }
  }

  @Test
  void clientMaySkipSaslOverWebSocket() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer()) {
      peer.send(RawPeer.AMQP_HEADER);
      peer.expectText(RawPeer.AMQP_HEADER);
      peer.send(0, new Open().setContainerId("no sasl"));
      peer.expect(Open.class);
      peer.begin(0, 10);
      peer.attachPublisher(0, DoorUnderTest.TOPIC);
    }
  }

  @Test
  void otherMechanismThanTheOfferedOneIsRefused() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer()) {
      peer.send(RawPeer.SASL_HEADER);
      peer.expectText(RawPeer.SASL_HEADER);
      peer.expect(SaslMechanisms.class);
      peer.send(plain("guest", "guest"));
      assertThat(peer.expect(SaslOutcome.class).getCode().getValue().intValue()).isEqualTo(1);
      assertThat(peer.awaitClosed()).isEqualTo(1000);
    }
  }

  private static String plain(String user, String secret) {
    String response = "\0" + user + "\0" + secret;
    byte[] bytes = response.getBytes(StandardCharsets.UTF_8);
    String list =
        "02 a305 504c41494e b0 %08x %s".formatted(bytes.length, HexFormat.of().formatHex(bytes));
    int listLength = list.replace(" ", "").length() / 2;
    String body = "005341 d0 %08x 00000002".formatted(listLength - 1 + 4) + list.substring(2);
    int length = 8 + body.replace(" ", "").length() / 2;
    return "%08x 02010000 %s".formatted(length, body);
  }

  @Test
  void textFrameClosesTheSocket() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer()) {
      peer.webSocket().writeTextMessage("AMQP");
      assertThat(peer.awaitClosed()).isEqualTo(1003);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Not a header, a frame before a header, a size below eight, a size beyond the limit.
    "474554202f20485454502f312e310d0a",
    "0000000c 02000000 005318 45",
    "00000004",
    "7fffffff 02000000",
    "00100000 02010000",
  })
  void noiseClosesTheSocket(String bytes) {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer()) {
      peer.send(bytes);
      if (bytes.startsWith("0010")) {
        peer.send(RawPeer.SASL_HEADER);
        peer.send(new byte[1 << 20]);
      }
      peer.awaitClosed();
      await().until(() -> mesh.door.connections() == 0);
    }
  }

  @Test
  void oversizedFrameIsAFramingError() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer().begun()) {
      peer.send("00100001 02000000");
      assertThat(condition(peer.expect(Close.class))).isEqualTo("amqp:connection:framing-error");
      peer.awaitClosed();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Data offset outside of the frame, unknown channel, lists longer than their frame.
    "00000008 ff000000,amqp:connection:framing-error",
    "0000000c 02000007 005313 45,amqp:connection:framing-error",
    "0000000e 02000000 005313 c0ff01,amqp:decode-error",
    "00000012 02000000 005315 c006 06 4141 4141,amqp:decode-error",
    "00000010 02000000 005314 c003 05 a0ff,amqp:decode-error",
  })
  void malformedFrameClosesWithItsCondition(String bytes, String condition) {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer().begun()) {
      peer.attachPublisher(0, DoorUnderTest.TOPIC);
      peer.send(bytes);
      assertThat(condition(peer.expect(Close.class))).isEqualTo(condition);
      assertThat(peer.awaitClosed()).isEqualTo(1000);
    }
  }

  @Test
  void garbageInARareFrameClosesTheConnection() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer().begun()) {
      peer.send("00000010 02000000 005312 c003 05 a0ff");
      peer.expect(Close.class);
      peer.awaitClosed();
      await().until(() -> mesh.door.connections() == 0);
    }
  }

  @Test
  void closeIsAnsweredAndTheSocketClosedCleanly() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer().begun()) {
      peer.send(0, new Close());
      assertThat(peer.expect(Close.class).getError()).isNull();
      assertThat(peer.awaitClosed()).isEqualTo(1000);
      await().until(() -> mesh.quota.current(mesh.instance) == 0);
    }
  }

  @Test
  void shutdownIsAnnouncedAsForced() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer().begun()) {
      var closed = mesh.door.close();
      assertThat(condition(peer.expect(Close.class))).isEqualTo("amqp:connection:forced");
      peer.send(0, new Close());
      assertThat(peer.awaitClosed()).isEqualTo(1000);
      DoorUnderTest.get(closed);
    }
  }

  @Test
  void shutdownDoesNotWaitForASilentPeer() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer().begun()) {
      DoorUnderTest.get(mesh.door.close());
      assertThat(peer.awaitClosed()).isEqualTo(1000);
    }
  }

  @Test
  void silentPeerIsClosedAndIdleTimeOutAnnounced() {
    try (var mesh = DoorUnderTest.open(directory, Settings.timeouts(SHORT, LONG));
        RawPeer peer = mesh.peer()) {
      peer.opened();
      assertThat(condition(peer.expect(Close.class))).isEqualTo("amqp:resource-limit-exceeded");
      peer.awaitClosed();
    }
  }

  @Test
  void peerThatWantsHeartbeatsGetsThem() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer()) {
      peer.opened(new Open().setIdleTimeout(300));
      peer.expectText("heartbeat");
      peer.expectText("heartbeat");
      peer.begin(0, 10);
    }
  }

  @Test
  void sessionsAndLinksAreLimited() {
    try (var mesh = DoorUnderTest.open(directory, Settings.limits(2, 2));
        RawPeer peer = mesh.peer().begun()) {
      peer.begin(1, 10);
      peer.begin(2, 10);
      assertThat(peer.expect(End.class).getError().getCondition().toString())
          .isEqualTo("amqp:resource-limit-exceeded");
      peer.send(2, new End());
      peer.attachPublisher(0, DoorUnderTest.TOPIC);
      peer.attachPublisher(1, DoorUnderTest.TOPIC);
      peer.send(0, RawPeer.publisher("third", 2, RawPeer.target(DoorUnderTest.TOPIC)));
      peer.expect(Attach.class);
      assertThat(peer.expect(Detach.class).getError().getCondition().toString())
          .isEqualTo("amqp:resource-limit-exceeded");
      peer.send(0, new Detach().setHandle(2).setClosed(true));
      peer.send(0, new Detach().setHandle(1).setClosed(true));
      peer.expect(Detach.class);
      peer.attachPublisher(1, DoorUnderTest.TOPIC);
      peer.send(1, new End());
      peer.expect(End.class);
      peer.begin(1, 10);
    }
  }

  @Test
  void deletedKeyClosesItsConnections() {
    try (var mesh = DoorUnderTest.open(directory)) {
      ServiceKey key = mesh.access.createKey("shop", "default", null);
      try (RawPeer peer = RawPeer.overTcp(mesh.vertx, mesh.listenTcp())) {
        login(peer, key.clientId(), key.clientSecret());
        peer.expectText(RawPeer.AMQP_HEADER);
        peer.send(0, new Open().setContainerId("tcp"));
        peer.expect(Open.class);
        assertThat(mesh.quota.current(mesh.instance)).isEqualTo(1);
        mesh.access.deleteKey("shop", "default");
        assertThat(condition(peer.expect(Close.class))).isEqualTo("amqp:unauthorized-access");
        peer.awaitClosed();
        await().until(() -> mesh.quota.current(mesh.instance) == 0);
      }
    }
  }

  private static void login(RawPeer peer, String user, String secret) {
    peer.send(RawPeer.SASL_HEADER);
    peer.expectText(RawPeer.SASL_HEADER);
    assertThat(peer.expect(SaslMechanisms.class).getSaslServerMechanisms())
        .extracting(Object::toString)
        .containsExactly("PLAIN");
    // The next header may come before the outcome.
    peer.send(plain(user, secret)).send(RawPeer.AMQP_HEADER);
    assertThat(peer.expect(SaslOutcome.class).getCode().getValue().intValue()).isZero();
  }

  @Test
  void tcpNeedsClientIdAndSecret() {
    try (var mesh = DoorUnderTest.open(directory)) {
      ServiceKey key = mesh.access.createKey("shop", "default", null);
      int port = mesh.listenTcp();
      try (RawPeer peer = RawPeer.overTcp(mesh.vertx, port)) {
        peer.send(RawPeer.SASL_HEADER);
        peer.expectText(RawPeer.SASL_HEADER);
        peer.expect(SaslMechanisms.class);
        peer.send(plain(key.clientId(), "wrong"));
        assertThat(peer.expect(SaslOutcome.class).getCode().getValue().intValue()).isEqualTo(1);
        peer.awaitClosed();
      }
      try (RawPeer peer = RawPeer.overTcp(mesh.vertx, port)) {
        login(peer, key.clientId(), key.clientSecret());
        peer.expectText(RawPeer.AMQP_HEADER);
        peer.send(0, new Open().setContainerId("tcp"));
        peer.expect(Open.class);
        peer.begin(0, 10);
        peer.attachPublisher(0, DoorUnderTest.TOPIC);
      }
    }
  }

  @Test
  void tcpWithoutSaslIsToldWhatIsNeeded() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = RawPeer.overTcp(mesh.vertx, mesh.listenTcp())) {
      peer.send(RawPeer.AMQP_HEADER);
      peer.expectText(RawPeer.SASL_HEADER);
      peer.awaitClosed();
    }
  }

  // before the login a frame has at most 512 bytes.
  @Test
  void largeFrameBeforeTheLoginIsRefused() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = RawPeer.overTcp(mesh.vertx, mesh.listenTcp())) {
      peer.send(RawPeer.SASL_HEADER);
      peer.expectText(RawPeer.SASL_HEADER);
      peer.expect(SaslMechanisms.class);
      peer.send("00000201 02010000");
      peer.awaitClosed();
    }
  }

  // AMQP 1.0, transport, 2.6.1: a link attached again under its name takes over.
  @Test
  void stolenLinkEndsAndTheNewOneWorks() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer().begun()) {
      String orders = "queue:" + DoorUnderTest.ORDERS;
      peer.send(0, RawPeer.subscriber("same", 0, RawPeer.source(orders)));
      peer.expect(Attach.class);
      peer.send(0, RawPeer.subscriber("same", 1, RawPeer.source(orders)));
      Detach stolen = peer.expect(Detach.class);
      assertThat(stolen.getError().getCondition().toString()).isEqualTo("amqp:link:stolen");
      assertThat(peer.expect(Attach.class).getName()).isEqualTo("same");
      peer.send(0, RawPeer.subscriber("same", 2, RawPeer.source(orders)));
      peer.expect(Detach.class);
      assertThat(peer.expect(Attach.class).getName()).isEqualTo("same");
      peer.send(0, new Detach().setHandle(0).setClosed(true));
      peer.send(0, new Detach().setHandle(1).setClosed(true));
      mesh.publish("for the last");
      peer.send(0, RawPeer.credit(2, 0, 1));
      peer.expect(Transfer.class);
      peer.send(0, new Detach().setHandle(2).setClosed(true));
      peer.expect(Detach.class);
      peer.attachSubscriber(0, orders);
    }
  }

  @Test
  void beginOnAUsedChannelClosesTheConnection() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer().begun()) {
      peer.send(0, new Begin().setNextOutgoingId(0).setIncomingWindow(1).setOutgoingWindow(1));
      peer.expect(Close.class);
      peer.awaitClosed();
    }
  }
}
