// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Header;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.transactions.Coordinator;
import org.apache.qpid.protonj2.types.transport.Attach;
import org.apache.qpid.protonj2.types.transport.Close;
import org.apache.qpid.protonj2.types.transport.Detach;
import org.apache.qpid.protonj2.types.transport.Disposition;
import org.apache.qpid.protonj2.types.transport.End;
import org.apache.qpid.protonj2.types.transport.Flow;
import org.apache.qpid.protonj2.types.transport.Role;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a publisher hears, row by row of the table in wire 4.7, and how its link behaves (4.6). */
class PublishOutcomeTest {
  private static final int SMALL_CREDIT = 20;

  @TempDir Path directory;
  private DoorUnderTest mesh;
  private RawPeer peer;

  @BeforeEach
  void open() {
    mesh = DoorUnderTest.open(directory);
    peer = mesh.peer().begun();
  }

  @AfterEach
  void close() {
    peer.close();
    mesh.close();
  }

  private static Properties to(@Nullable String address) {
    Properties properties = new Properties();
    if (address != null) {
      properties.setTo(address);
    }
    return properties;
  }

  private static Data body(String text) {
    return new Data(text.getBytes(UTF_8));
  }

  private void expectAccepted() {
    Disposition disposition = peer.expect(Disposition.class);
    assertThat(disposition.getState()).isInstanceOf(Accepted.class);
    assertThat(disposition.getSettled()).isTrue();
    assertThat(disposition.getRole()).isEqualTo(Role.RECEIVER);
  }

  private void expectRejected(String condition) {
    Disposition disposition = peer.expect(Disposition.class);
    assertThat(disposition.getSettled()).isTrue();
    assertThat(disposition.getState()).isInstanceOf(Rejected.class);
    var error = ((Rejected) disposition.getState()).getError();
    assertThat(error.getCondition().toString()).isEqualTo(condition);
    assertThat(error.getDescription()).isNotBlank();
  }

  // The empty address, a null target and an absent one are an anonymous relay (rule 14).
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "topic:acme/shop/one/x,accepted",
        "queue:acme/shop/one/orders,accepted",
        "topic:acme/shop/one/nobody/listens,accepted",
        "topic:other/shop/one/x,amqp:not-allowed",
        "queue:other/shop/one/orders,amqp:not-allowed",
        "queue:acme/shop/one/none,amqp:not-found",
        "-,amqp:invalid-field",
        "orders,amqp:invalid-field",
        "topic:,amqp:invalid-field",
        "topic:a//b,amqp:invalid-field",
        "queue:a b,amqp:invalid-field",
        "topic:acme/shop/one/+,amqp:invalid-field",
        "topic:acme/shop/one/*,amqp:invalid-field",
      })
  void anonymousRelayRoutesByTheMessagesOwnAddress(@Nullable String address, String outcome) {
    peer.attachPublisher(3, "");
    peer.publish(3, to(address), body("{}"));
    if (outcome.equals("accepted")) {
      expectAccepted();
    } else {
      expectRejected(outcome);
    }
    peer.publish(3, to("topic:acme/shop/one/x"), body("{}"));
    expectAccepted();
  }

  @Test
  void nullTargetIsAnAnonymousRelayToo() {
    peer.send(0, RawPeer.publisher("null-target", 0, null));
    assertThat(peer.expect(Attach.class).<Target>getTarget()).isNotNull();
    peer.expect(Flow.class);
    peer.publish(0, to(DoorUnderTest.TOPIC), body("{}"));
    expectAccepted();
    assertThat(mesh.browse()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"topic:acme/shop/one/x", "queue:acme/shop/one/orders"})
  void withoutAnAddressOfItsOwnTheMessageGoesToTheLinksTarget(String target) {
    peer.attachPublisher(1, target);
    peer.publish(1, body("plain"));
    expectAccepted();
    peer.publish(1, to("not one of our prefixes"), body("plain"));
    expectAccepted();
    assertThat(mesh.browse()).hasSize(2);
  }

  @Test
  void whenBothAreGivenTheMessagesAddressWins() {
    mesh.queue(new QueueName("acme/shop/one/other"), QueueSettings.DEFAULT);
    peer.attachPublisher(1, "queue:acme/shop/one/other");
    peer.publish(1, to(DoorUnderTest.TOPIC), body("plain"));
    expectAccepted();
    assertThat(mesh.browse()).hasSize(1);
  }

  @Test
  void linkToAForbiddenQueueSaysSoOnEachMessage() {
    peer.attachPublisher(1, "queue:foreign/shop/one/orders");
    peer.publish(1, body("plain"));
    expectRejected("amqp:not-allowed");
  }

  @Test
  void messageAboveTheLimitIsRejectedAndTheLinkStays() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    peer.publish(1, new Data(new byte[1_000_001]));
    expectRejected("amqp:link:message-size-exceeded");
    peer.publish(1, new Data(new byte[999_000]));
    expectAccepted();
  }

  // Wire 4.7: bounded while it arrives, in many frames.
  @Test
  void messageOfManyFramesAboveTheLimitIsRejectedWhenItEnds() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    var first = peer.transfer(1).setMore(true);
    byte[] start = RawPeer.encode(new Data(new byte[3_000_000]));
    peer.send(0, first, Arrays.copyOf(start, 500_000));
    for (int i = 1; i < 6; i++) {
      peer.send(
          0, peer.continued(1, i < 5), Arrays.copyOfRange(start, i * 500_000, (i + 1) * 500_000));
    }
    expectRejected("amqp:link:message-size-exceeded");
    peer.publish(1, body("next"));
    expectAccepted();
    assertThat(mesh.browse()).hasSize(1);
  }

  @Test
  void messageOfManyFramesIsPutTogether() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    byte[] message = RawPeer.encode(to(DoorUnderTest.TOPIC), body("y".repeat(5_000)));
    peer.send(0, peer.transfer(1).setMore(true), Arrays.copyOf(message, 10));
    peer.send(0, peer.continued(1, true), new byte[0]);
    for (int at = 10; at < message.length; at += 1_000) {
      int end = Math.min(message.length, at + 1_000);
      peer.send(0, peer.continued(1, end < message.length), Arrays.copyOfRange(message, at, end));
    }
    expectAccepted();
    assertThat(DoorUnderTest.body(mesh.browse().getFirst().message())).isEqualTo("y".repeat(5_000));
  }

  @Test
  void abortedMessageIsForgotten() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    peer.send(0, peer.transfer(1).setMore(true), new byte[100]);
    peer.send(0, peer.continued(1, false).setAborted(true), new byte[0]);
    peer.publish(1, body("kept"));
    expectAccepted();
    assertThat(mesh.browse()).hasSize(1);
  }

  @Test
  void fullQueueIsALimitForTheMoment() {
    mesh.queue(DoorUnderTest.ORDERS, QueueSettings.DEFAULT.toBuilder().maxMessages(1).build());
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    peer.publish(1, body("fits"));
    expectAccepted();
    peer.publish(1, body("does not"));
    expectRejected("amqp:resource-limit-exceeded");
  }

  @Test
  void queueWithoutIngressIsALimitForTheMoment() {
    mesh.queue(
        DoorUnderTest.ORDERS, QueueSettings.DEFAULT.toBuilder().ingressDisabled(true).build());
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    peer.publish(1, body("not now"));
    expectRejected("amqp:resource-limit-exceeded");
  }

  @Test
  void bytesThatAreNoMessageAreRejected() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    peer.send(0, peer.transfer(1), new byte[] {1, 2, 3});
    expectRejected("amqp:decode-error");
    peer.send(0, peer.transfer(1), new byte[0]);
    expectRejected("amqp:decode-error");
    peer.send(0, peer.transfer(1).setMessageFormat(7), RawPeer.encode(body("x")));
    expectRejected("amqp:decode-error");
    peer.publish(1, body("next"));
    expectAccepted();
  }

  @Test
  void preSettledMessageIsStoredWithoutAnAnswer() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    peer.send(0, peer.transfer(1).setSettled(true), RawPeer.encode(body("fire and forget")));
    mesh.awaitQueue(stats -> stats.messages() == 1);
    peer.publish(1, body("with answer"));
    Disposition answer = peer.expect(Disposition.class);
    assertThat(answer.getFirst()).isEqualTo(1);
  }

  // Wire 4.8: AmqpValue bodies become Data; priority, durability and time to live are kept.
  @Test
  void headerAndTextBodyAreTakenOver() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    Header header = new Header();
    header.setDurable(true);
    header.setPriority((byte) 8);
    header.setTimeToLive(60_000);
    peer.publish(1, header, new AmqpValue<>("text"));
    expectAccepted();
    var message = mesh.browse().getFirst().message();
    assertThat(message.durable()).isTrue();
    assertThat(message.priority()).isEqualTo(8);
    assertThat(message.ttlMillis()).isEqualTo(60_000);
    assertThat(RawPeer.section(message.encoded(), Data.class).getValue())
        .isEqualTo("text".getBytes(UTF_8));
  }

  @Test
  void answersOfOneHandOverAreRanges() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    byte[] message = RawPeer.encode(body("many"));
    var batch = new ByteArrayOutputStream();
    for (int i = 0; i < 400; i++) {
      batch.writeBytes(RawPeer.frame(0, peer.transfer(1), message));
    }
    peer.send(batch.toByteArray());
    long answered = 0;
    while (answered < 400) {
      Disposition disposition = peer.expect(Disposition.class);
      assertThat(disposition.getFirst()).isEqualTo(answered);
      answered = (disposition.hasLast() ? disposition.getLast() : disposition.getFirst()) + 1;
    }
    assertThat(mesh.browse()).hasSize(400);
  }

  @Test
  void unknownQueueAsTargetIsRefusedAtTheAttach() {
    refused(RawPeer.target("queue:acme/shop/one/none"), "amqp:not-found");
  }

  @Test
  void malformedTargetIsRefusedAtTheAttach() {
    refused(RawPeer.target("nonsense"), "amqp:invalid-field");
  }

  @Test
  void dynamicTargetIsRefused() {
    refused(new Target().setDynamic(true), "amqp:not-implemented");
  }

  private void refused(Target target, String condition) {
    peer.send(0, RawPeer.publisher("refused", 0, target));
    expectRefusal(condition);
    peer.send(0, new Detach().setHandle(0).setClosed(true));
    // The session lives on, and the handle is free again.
    peer.attachPublisher(0, DoorUnderTest.TOPIC);
    peer.publish(0, body("x"));
    expectAccepted();
  }

  private void expectRefusal(String condition) {
    Attach attach = peer.expect(Attach.class);
    assertThat(attach.<Target>getTarget()).isNull();
    Detach detach = peer.expect(Detach.class);
    assertThat(detach.getClosed()).isTrue();
    assertThat(detach.getError().getCondition().toString()).isEqualTo(condition);
  }

  // JMS transactions (wire 4.6).
  @Test
  void coordinatorIsRefused() {
    peer.send(
        0,
        new Attach()
            .setName("tx")
            .setHandle(0)
            .setRole(Role.SENDER)
            .setInitialDeliveryCount(0)
            .setSource(RawPeer.source("x"))
            .setTarget(new Coordinator()));
    expectRefusal("amqp:not-implemented");
  }

  @Test
  void creditIsRenewedAtHalf() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    for (int i = 0; i < 600; i++) {
      peer.send(0, peer.transfer(1), RawPeer.encode(body("x")));
    }
    Flow renewal = null;
    long answered = 0;
    while (renewal == null || answered < 600) {
      Object heard = peer.next().body();
      if (heard instanceof Flow flow) {
        renewal = flow;
      } else if (heard instanceof Disposition disposition) {
        answered = (disposition.hasLast() ? disposition.getLast() : disposition.getFirst()) + 1;
      }
    }
    assertThat(renewal.getDeliveryCount()).isBetween(500L, 600L);
    assertThat(renewal.getLinkCredit()).isGreaterThan(500);
  }

  @Test
  void publisherBeyondItsCreditLosesTheLink() {
    peer.close();
    mesh.close();
    mesh = DoorUnderTest.open(directory, Settings.publisherCredit(SMALL_CREDIT));
    mesh.queue(DoorUnderTest.ORDERS, QueueSettings.DEFAULT.toBuilder().maxMessages(1_000).build());
    peer = mesh.peer().begun();
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    var batch = new ByteArrayOutputStream();
    for (int i = 0; i < 40; i++) {
      batch.writeBytes(RawPeer.frame(0, peer.transfer(1), RawPeer.encode(body("x"))));
    }
    peer.send(batch.toByteArray());
    Object heard = peer.next().body();
    while (!(heard instanceof Detach)) {
      heard = peer.next().body();
    }
    assertThat(((Detach) heard).getError().getCondition().toString())
        .isEqualTo("amqp:link:transfer-limit-exceeded");
  }

  @Test
  void echoIsAnswered() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    peer.send(
        0,
        new Flow()
            .setNextIncomingId(0)
            .setIncomingWindow(10)
            .setNextOutgoingId(0)
            .setOutgoingWindow(10)
            .setHandle(1)
            .setDeliveryCount(0)
            .setEcho(true));
    assertThat(peer.expect(Flow.class).getLinkCredit()).isEqualTo(1_000);
    peer.send(
        0,
        new Flow()
            .setNextIncomingId(0)
            .setIncomingWindow(10)
            .setNextOutgoingId(0)
            .setOutgoingWindow(10)
            .setEcho(true));
    assertThat(peer.expect(Flow.class).hasHandle()).isFalse();
  }

  @Test
  void transferOnAnUnknownHandleEndsTheSession() {
    peer.send(0, peer.transfer(9), RawPeer.encode(body("x")));
    var end = peer.expect(End.class);
    assertThat(end.getError().getCondition().toString())
        .isEqualTo("amqp:session:unattached-handle");
  }

  @Test
  void firstTransferWithoutDeliveryIdClosesTheConnection() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    peer.send(0, peer.continued(1, false), RawPeer.encode(body("x")));
    Close close = peer.expect(Close.class);
    assertThat(close.getError().getCondition().toString())
        .isEqualTo("amqp:connection:framing-error");
    assertThat(peer.awaitClosed()).isEqualTo(1000);
  }

  @Test
  void messagesOfOneLinkKeepTheirOrder() {
    peer.attachPublisher(1, DoorUnderTest.TOPIC);
    for (int i = 0; i < 50; i++) {
      peer.publish(1, body("m" + i));
    }
    mesh.awaitQueue(stats -> stats.messages() == 50);
    assertThat(mesh.browse())
        .extracting(browsed -> DoorUnderTest.body(browsed.message()))
        .containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(i -> "m" + i).toList());
  }
}
