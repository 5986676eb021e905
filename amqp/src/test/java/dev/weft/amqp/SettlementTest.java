// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.DeliveryAnnotations;
import org.apache.qpid.protonj2.types.messaging.Header;
import org.apache.qpid.protonj2.types.messaging.Modified;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Released;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.transport.Attach;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.apache.qpid.protonj2.types.transport.Detach;
import org.apache.qpid.protonj2.types.transport.Disposition;
import org.apache.qpid.protonj2.types.transport.End;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.apache.qpid.protonj2.types.transport.Flow;
import org.apache.qpid.protonj2.types.transport.Role;
import org.apache.qpid.protonj2.types.transport.Transfer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a consumer's outcomes do, row by row of the table in wire 4.10. */
class SettlementTest {
  private static final String ORDERS = "queue:" + DoorUnderTest.ORDERS;
  private static final QueueName DEAD = new QueueName("acme/shop/one/dead");

  @TempDir Path directory;
  private DoorUnderTest mesh;
  private RawPeer peer;

  @BeforeEach
  void open() {
    mesh = DoorUnderTest.open(directory);
    mesh.queue(DEAD, QueueSettings.DEFAULT);
    mesh.queue(
        DoorUnderTest.ORDERS,
        QueueSettings.DEFAULT.toBuilder().maxRedeliveries(2).deadMessageQueue(DEAD).build());
    peer = mesh.peer().begun();
  }

  @AfterEach
  void close() {
    peer.close();
    mesh.close();
  }

  private RawPeer.Heard delivery() {
    RawPeer.Heard heard = peer.next();
    assertThat(heard.body()).isInstanceOf(Transfer.class);
    return heard;
  }

  private static long deliveryCount(RawPeer.Heard delivery) {
    return RawPeer.section(delivery.payload(), Header.class).getDeliveryCount();
  }

  private static Rejected failed() {
    return new Rejected()
        .setError(new ErrorCondition(Symbol.valueOf("amqp:internal-error"), "processing failed"));
  }

  private static Modified modified(boolean failed, boolean elsewhere) {
    Modified modified = new Modified();
    modified.setDeliveryFailed(failed);
    modified.setUndeliverableHere(elsewhere);
    return modified;
  }

  @Test
  void acceptedIsRemoved() {
    mesh.publish("a");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    assertThat(deliveryCount(delivery())).isZero();
    peer.settle(0, Accepted.getInstance());
    mesh.awaitQueue(stats -> stats.messages() == 0 && stats.acceptedTotal() == 1);
  }

  static Stream<Arguments> returningOutcomes() {
    return Stream.of(
        Arguments.of("rejected", failed(), 1),
        Arguments.of("rejected without error", new Rejected(), 1),
        Arguments.of("released", Released.getInstance(), 1),
        Arguments.of("modified, failed", modified(true, false), 1),
        Arguments.of("modified, not failed", modified(false, false), 1));
  }

  // The header's count rises by one for each of these, whatever counts against the maximum.
  @ParameterizedTest(name = "{0}")
  @MethodSource("returningOutcomes")
  void returnedComesAgainWithAHigherCount(String name, DeliveryState outcome, int failedCount) {
    mesh.publish("a");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    RawPeer.Heard first = delivery();
    Header header = RawPeer.section(first.payload(), Header.class);
    assertThat(header.isFirstAcquirer()).isTrue();
    peer.settle(0, outcome);

    RawPeer.Heard second = delivery();
    assertThat(deliveryCount(second)).as(name).isEqualTo(1);
    assertThat(RawPeer.section(second.payload(), Header.class).isFirstAcquirer()).isFalse();
    assertThat(RawPeer.section(second.payload(), DeliveryAnnotations.class).getValue())
        .hasToString("{x-opt-acquired-count=1}");
    assertThat(mesh.browse()).extracting(BrowsedMessage::failedCount).containsExactly(failedCount);
    peer.settle(1, Accepted.getInstance());
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  @Test
  void afterTheMaximumItGoesToTheDeadMessageQueue() {
    mesh.publish("poison");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThat(deliveryCount(delivery())).isEqualTo(attempt);
      peer.settle(attempt, failed());
    }
    mesh.awaitQueue(stats -> stats.messages() == 0 && stats.deadTotal() == 1);
    peer.attachSubscriber(1, "queue:" + DEAD);
    peer.send(0, RawPeer.credit(1, 0, 10));
    assertThat(deliveryCount(delivery())).isZero();
  }

  @Test
  void undeliverableHereGoesToTheDeadMessageQueueAtOnce() {
    mesh.publish("elsewhere");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    delivery();
    peer.settle(0, modified(false, true));
    mesh.awaitQueue(stats -> stats.messages() == 0 && stats.deadTotal() == 1);
  }

  @Test
  void linkEndReturnsWhatWasNotSettled() {
    mesh.publish("a");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    delivery();
    peer.send(0, new Detach().setHandle(0).setClosed(true));
    assertThat(peer.expect(Detach.class).getClosed()).isTrue();
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    assertThat(deliveryCount(delivery())).isEqualTo(1);
    assertThat(mesh.browse()).extracting(BrowsedMessage::failedCount).containsExactly(1);
  }

  @Test
  void sessionEndReturnsWhatWasNotSettled() {
    mesh.publish("a");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    delivery();
    peer.send(0, new End());
    peer.expect(End.class);
    peer.begin(0, 100);
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    assertThat(deliveryCount(delivery())).isEqualTo(1);
  }

  // CAP processes often just drop the connection (wire 4.12).
  @Test
  void droppedConnectionReturnsWhatWasNotSettled() {
    mesh.publish("a");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    delivery();
    peer.close();
    mesh.awaitQueue(stats -> stats.unsettledMessages() == 0 && stats.consumers() == 0);
    peer = mesh.peer().begun();
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    assertThat(deliveryCount(delivery())).isEqualTo(1);
  }

  // qpid gives back unread what it prefetched, after a drain: no attempt (wire 4.10).
  @Test
  void releasedAfterADrainWasNeverLookedAt() {
    mesh.publish("a");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    delivery();
    peer.send(0, RawPeer.credit(0, 1, 9).setDrain(true));
    assertThat(peer.expect(Flow.class).getDrain()).isTrue();
    peer.settle(0, Released.getInstance());
    mesh.awaitQueue(stats -> stats.returnedTotal() == 1);
    assertThat(mesh.browse()).extracting(BrowsedMessage::failedCount).containsExactly(0);
  }

  @Test
  void releasedAfterNewCreditCountsAgain() {
    mesh.publish("a");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    delivery();
    peer.send(0, RawPeer.credit(0, 1, 9).setDrain(true));
    peer.expect(Flow.class);
    peer.send(0, RawPeer.credit(0, 10, 5).setNextIncomingId(1));
    peer.settle(0, Released.getInstance());
    delivery();
    assertThat(mesh.browse()).extracting(BrowsedMessage::failedCount).containsExactly(1);
  }

  @Test
  void unsettledOutcomeIsAnsweredWithASettledOne() {
    mesh.publish("a");
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    delivery();
    peer.send(
        0,
        new Disposition()
            .setRole(Role.RECEIVER)
            .setFirst(0)
            .setSettled(false)
            .setState(Accepted.getInstance()));
    Disposition answer = peer.expect(Disposition.class);
    assertThat(answer.getRole()).isEqualTo(Role.SENDER);
    assertThat(answer.getSettled()).isTrue();
    assertThat(answer.getFirst()).isZero();
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void rangesSettleAllTheyCover(long first, @Nullable Long last, int left) {
    for (int i = 0; i < 10; i++) {
      mesh.publish("m" + i);
    }
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    for (int i = 0; i < 10; i++) {
      delivery();
    }
    var disposition =
        new Disposition()
            .setRole(Role.RECEIVER)
            .setFirst(first)
            .setSettled(true)
            .setState(Accepted.getInstance());
    if (last != null) {
      disposition.setLast(last);
    }
    peer.send(0, disposition);
    mesh.awaitQueue(stats -> stats.messages() == left);
  }

  static Stream<Arguments> ranges() {
    return Stream.of(
        Arguments.of(0L, 9L, 0),
        Arguments.of(2L, 4L, 7),
        Arguments.of(9L, null, 9),
        // Wider than anything open, as a hostile client might send.
        Arguments.of(0L, 4_294_967_294L, 0),
        Arguments.of(4_294_967_000L, 4L, 5));
  }

  @Test
  void settledWithoutOutcomeTakesTheDefaultOfTheLink() {
    mesh.publish("a");
    peer.send(
        0,
        RawPeer.subscriber(
            "with-default",
            0,
            new Source().setAddress(ORDERS).setDefaultOutcome(Accepted.getInstance())));
    peer.expect(Attach.class);
    peer.send(0, RawPeer.credit(0, 0, 10));
    delivery();
    peer.send(0, new Disposition().setRole(Role.RECEIVER).setFirst(0).setSettled(true));
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  // Cloud Integration stops on a count above its maximum and releases until then (wire 4.10).
  @Test
  void everyReleaseRaisesTheCountThatTheClientSees() {
    mesh.queue(DoorUnderTest.ORDERS, QueueSettings.DEFAULT);
    mesh.publish("a");
    peer.attachSubscriber(0, ORDERS);
    for (int attempt = 0; attempt < 8; attempt++) {
      peer.send(0, RawPeer.credit(0, attempt, 1));
      assertThat(deliveryCount(delivery())).isEqualTo(attempt);
      peer.settle(attempt, Released.getInstance());
    }
  }
}
