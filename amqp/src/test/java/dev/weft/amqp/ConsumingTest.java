// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.AccessType;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Header;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.transport.Attach;
import org.apache.qpid.protonj2.types.transport.Detach;
import org.apache.qpid.protonj2.types.transport.Flow;
import org.apache.qpid.protonj2.types.transport.Open;
import org.apache.qpid.protonj2.types.transport.ReceiverSettleMode;
import org.apache.qpid.protonj2.types.transport.SenderSettleMode;
import org.apache.qpid.protonj2.types.transport.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attach, credit, drain, windows and browsing of consumers (wire 4.4, 4.5, 4.8, 4.9, 4.13). */
class ConsumingTest {
  private static final String ORDERS = "queue:" + DoorUnderTest.ORDERS;

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

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      mesh.publish("m" + i);
    }
  }

  private RawPeer.Heard delivery() {
    RawPeer.Heard heard = peer.next();
    assertThat(heard.body()).isInstanceOf(Transfer.class);
    return heard;
  }

  private static String body(byte[] payload) {
    return new String(RawPeer.section(payload, Data.class).getValue(), UTF_8);
  }

  /** An exchange behind which nothing that was on its way can hide. */
  private void expectNothingBefore() {
    peer.send(
        0,
        new Flow()
            .setNextIncomingId(0)
            .setIncomingWindow(2_000)
            .setNextOutgoingId(0)
            .setOutgoingWindow(10)
            .setEcho(true));
    assertThat(peer.expect(Flow.class).hasHandle()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "queue:acme/shop/one/none,amqp:not-found",
    "queue:other/shop/one/orders,amqp:not-allowed",
    "topic:other/shop/one/*,amqp:not-allowed",
    "nonsense,amqp:invalid-field",
    "'',amqp:invalid-field",
  })
  void refusedAttachHasNoSourceAndADetachWithTheReason(String address, String condition) {
    peer.send(0, RawPeer.subscriber("refused", 0, RawPeer.source(address)));
    Attach attach = peer.expect(Attach.class);
    assertThat(attach.getSource()).isNull();
    assertThat(attach.hasInitialDeliveryCount()).isTrue();
    Detach detach = peer.expect(Detach.class);
    assertThat(detach.getClosed()).isTrue();
    assertThat(detach.getError().getCondition().toString()).isEqualTo(condition);
    peer.send(0, RawPeer.credit(0, 0, 10));
    peer.send(0, new Detach().setHandle(0).setClosed(true));
    peer.attachSubscriber(0, ORDERS);
  }

  @Test
  void sourceIsEchoedWithoutAFilterThatIsNotApplied() {
    Source source =
        RawPeer.source(ORDERS)
            .setFilter(Map.of(Symbol.valueOf("jms-selector"), "a = 1"))
            .setCapabilities(Symbol.valueOf("queue"));
    peer.send(
        0,
        RawPeer.subscriber("echo", 0, source)
            .setTarget(RawPeer.target(""))
            .setReceiverSettleMode(ReceiverSettleMode.SECOND));
    Attach attach = peer.expect(Attach.class);
    assertThat(attach.getName()).isEqualTo("echo");
    assertThat(attach.getSource().getAddress()).isEqualTo(ORDERS);
    assertThat(attach.getSource().getFilter()).isNull();
    assertThat(attach.getSource().getCapabilities()).hasSize(1);
    assertThat(attach.getReceiverSettleMode()).isEqualTo(ReceiverSettleMode.SECOND);
    assertThat(attach.getSenderSettleMode()).isEqualTo(SenderSettleMode.UNSETTLED);
  }

  @Test
  void creditIsNeverExceeded() {
    publish(5);
    peer.attachSubscriber(0, ORDERS);
    expectNothingBefore();
    peer.send(0, RawPeer.credit(0, 0, 2));
    assertThat(body(delivery().payload())).isEqualTo("m0");
    assertThat(body(delivery().payload())).isEqualTo("m1");
    expectNothingBefore();
    peer.send(0, RawPeer.credit(0, 2, 1));
    assertThat(body(delivery().payload())).isEqualTo("m2");
    expectNothingBefore();
  }

  @Test
  void creditTakenBackStopsDeliveries() {
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 100));
    peer.send(0, RawPeer.credit(0, 0, 0));
    expectNothingBefore();
    publish(3);
    expectNothingBefore();
    peer.send(0, RawPeer.credit(0, 0, 100));
    for (int i = 0; i < 3; i++) {
      assertThat(body(delivery().payload())).isEqualTo("m" + i);
    }
  }

  @Test
  void creditMayShrink() {
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 100));
    peer.send(0, RawPeer.credit(0, 0, 2));
    expectNothingBefore();
    publish(5);
    delivery();
    delivery();
    mesh.awaitQueue(stats -> stats.unsettledMessages() == 2);
    expectNothingBefore();
  }

  @Test
  void drainOfAnEmptyQueueIsAnsweredAtOnce() {
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 1_000).setDrain(true));
    Flow answer = peer.expect(Flow.class);
    assertThat(answer.getDrain()).isTrue();
    assertThat(answer.getLinkCredit()).isZero();
    assertThat(answer.getDeliveryCount()).isEqualTo(1_000);
  }

  @Test
  void drainSendsWhatIsThereAndReturnsTheRest() {
    publish(3);
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10).setDrain(true));
    for (int i = 0; i < 3; i++) {
      assertThat(body(delivery().payload())).isEqualTo("m" + i);
    }
    Flow answer = peer.expect(Flow.class);
    assertThat(answer.getLinkCredit()).isZero();
    assertThat(answer.getDeliveryCount()).isEqualTo(10);
    publish(1);
    expectNothingBefore();
    peer.send(0, RawPeer.credit(0, 10, 1).setNextIncomingId(3));
    delivery();
  }

  @Test
  void drainLargerThanTheWindowDeliversAllThatIsThere() {
    publish(3_000);
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10_000).setIncomingWindow(100_000).setDrain(true));
    for (int i = 0; i < 3_000; i++) {
      delivery();
    }
    assertThat(peer.expect(Flow.class).getDeliveryCount()).isEqualTo(10_000);
  }

  @Test
  void drainWithoutCreditIsAnsweredToo() {
    publish(1);
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 0).setDrain(true));
    assertThat(peer.expect(Flow.class).getDrain()).isTrue();
    expectNothingBefore();
  }

  @Test
  void drainThatUsesAllCreditIsAnswered() {
    publish(2);
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 2).setDrain(true));
    delivery();
    delivery();
    Flow answer = peer.expect(Flow.class);
    assertThat(answer.getLinkCredit()).isZero();
    assertThat(answer.getDeliveryCount()).isEqualTo(2);
  }

  // capire tells users to limit load with the session's incoming window (wire 4.4).
  @Test
  void incomingWindowOfTheSessionIsHonoured() {
    peer.begin(5, 2);
    publish(5);
    peer.send(5, RawPeer.subscriber("windowed", 0, RawPeer.source(ORDERS)));
    peer.expect(Attach.class);
    peer.send(5, credit(0, 2));
    delivery();
    delivery();
    expectNothingBefore();
    // What the window holds back stays with others.
    mesh.awaitQueue(stats -> stats.unsettledMessages() == 2);
    peer.send(5, sessionWindow(2, 2));
    delivery();
    delivery();
    expectNothingBefore();
  }

  private static Flow credit(int nextIncomingId, int window) {
    return RawPeer.credit(0, 0, 100).setNextIncomingId(nextIncomingId).setIncomingWindow(window);
  }

  private static Flow sessionWindow(int nextIncomingId, int window) {
    return new Flow()
        .setNextIncomingId(nextIncomingId)
        .setIncomingWindow(window)
        .setNextOutgoingId(0)
        .setOutgoingWindow(10);
  }

  @Test
  void largeMessageComesInFramesThatThePeerTakes() {
    peer.close();
    peer = mesh.peer().opened(new Open().setMaxFrameSize(4_096));
    peer.begin(0, 3);
    String text = "z".repeat(50_000);
    mesh.publish(text);
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, credit(0, 3));
    var message = new ByteArrayOutputStream();
    int frames = 0;
    boolean more = true;
    while (more) {
      RawPeer.Heard heard = delivery();
      assertThat(heard.frame().length).isLessThanOrEqualTo(4_096);
      message.writeBytes(heard.payload());
      Transfer transfer = (Transfer) heard.body();
      assertThat(transfer.hasDeliveryTag()).isEqualTo(frames == 0);
      more = transfer.getMore();
      frames++;
      if (frames % 3 == 0) {
        expectQuietSession();
        peer.send(0, sessionWindow(frames, 3));
      }
    }
    assertThat(body(message.toByteArray())).isEqualTo(text);
    peer.settle(0, Accepted.getInstance());
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  private void expectQuietSession() {
    assertThat(peer.quiet()).isTrue();
  }

  @Test
  void remainingTimeToLiveAndPriorityAreInTheHeader() {
    mesh.publish("short-lived", 60_000);
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 1));
    Header header = RawPeer.section(delivery().payload(), Header.class);
    assertThat(header.isDurable()).isTrue();
    assertThat(header.getTimeToLive()).isBetween(30_000L, 60_000L);
    assertThat(header.getPriority()).isEqualTo((byte) 4);
    assertThat(header.getDeliveryCount()).isZero();
  }

  @Test
  void settledLinkNeedsNoOutcome() {
    publish(2);
    peer.send(
        0,
        RawPeer.subscriber("settled", 0, RawPeer.source(ORDERS))
            .setSenderSettleMode(SenderSettleMode.SETTLED));
    assertThat(peer.expect(Attach.class).getSenderSettleMode()).isEqualTo(SenderSettleMode.SETTLED);
    peer.send(0, RawPeer.credit(0, 0, 10));
    assertThat(((Transfer) delivery().body()).getSettled()).isTrue();
    delivery();
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  @Test
  void topicPatternHandsOutWhatIsPublishedFromNowOn() {
    mesh.publish("before");
    peer.attachSubscriber(0, "topic:acme/shop/one/*");
    mesh.publish("without credit");
    peer.send(0, RawPeer.credit(0, 0, 10));
    expectNothingBefore();
    mesh.publish("live");
    assertThat(body(delivery().payload())).isEqualTo("live");
    peer.settle(0, Accepted.getInstance());
    expectNothingBefore();
  }

  // Wire 4.11: a second consumer of an exclusive queue stands by and takes over.
  @Test
  void exclusiveQueueTakesOverOnTheSameConnection() {
    mesh.queue(
        DoorUnderTest.ORDERS,
        QueueSettings.DEFAULT.toBuilder().accessType(AccessType.EXCLUSIVE).build());
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    peer.attachSubscriber(1, ORDERS);
    peer.send(0, RawPeer.credit(1, 0, 10));
    publish(1);
    assertThat(((Transfer) delivery().body()).getHandle()).isZero();
    peer.send(0, new Detach().setHandle(0).setClosed(true));
    List<Object> heard = new ArrayList<>(List.of(peer.next().body(), peer.next().body()));
    assertThat(heard).hasAtLeastOneElementOfType(Detach.class);
    assertThat(heard).hasAtLeastOneElementOfType(Transfer.class);
  }

  @Test
  void deletedQueueDetachesItsLinks() {
    peer.attachSubscriber(0, ORDERS);
    peer.send(0, RawPeer.credit(0, 0, 10));
    mesh.engine.delete(DoorUnderTest.ORDERS);
    Detach detach = peer.expect(Detach.class);
    assertThat(detach.getClosed()).isTrue();
    assertThat(detach.getError().getCondition().toString()).isEqualTo("amqp:resource-deleted");
    // What the client says before it knows is not an error.
    peer.send(0, RawPeer.credit(0, 0, 10));
    peer.send(0, new Detach().setHandle(0).setClosed(true));
    mesh.queue(DoorUnderTest.ORDERS, QueueSettings.DEFAULT);
    peer.attachSubscriber(0, ORDERS);
  }

  // Wire 4.13.
  @Test
  void browserSeesAllAndTakesNothing() {
    publish(100);
    peer.send(
        0,
        RawPeer.subscriber(
                "browser", 0, RawPeer.source(ORDERS).setDistributionMode(Symbol.valueOf("copy")))
            .setSenderSettleMode(SenderSettleMode.SETTLED));
    assertThat(peer.expect(Attach.class).getSenderSettleMode()).isEqualTo(SenderSettleMode.SETTLED);
    peer.send(0, RawPeer.credit(0, 0, 60));
    for (int i = 0; i < 60; i++) {
      assertThat(body(delivery().payload())).isEqualTo("m" + i);
    }
    peer.send(0, RawPeer.credit(0, 60, 1_000).setDrain(true));
    for (int i = 60; i < 100; i++) {
      RawPeer.Heard heard = delivery();
      assertThat(body(heard.payload())).isEqualTo("m" + i);
      assertThat(((Transfer) heard.body()).getSettled()).isTrue();
    }
    Flow end = peer.expect(Flow.class);
    assertThat(end.getLinkCredit()).isZero();
    assertThat(end.getDeliveryCount()).isEqualTo(1_060);
    assertThat(mesh.engine.stats(DoorUnderTest.ORDERS).messages()).isEqualTo(100);
    assertThat(mesh.engine.stats(DoorUnderTest.ORDERS).deliveredTotal()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "queue:acme/shop/one/none,amqp:not-found",
    "queue:other/shop/one/x,amqp:not-allowed",
    "topic:acme/shop/one/x,amqp:not-implemented"
  })
  void browserIsRefusedAsAConsumerIs(String address, String condition) {
    peer.send(
        0,
        RawPeer.subscriber(
            "browser", 0, RawPeer.source(address).setDistributionMode(Symbol.valueOf("copy"))));
    assertThat(peer.expect(Attach.class).getSource()).isNull();
    assertThat(peer.expect(Detach.class).getError().getCondition().toString()).isEqualTo(condition);
  }

  @Test
  void dynamicSourceAndNoSourceAreRefused() {
    peer.send(0, RawPeer.subscriber("dynamic", 0, new Source().setDynamic(true)));
    peer.expect(Attach.class);
    assertThat(peer.expect(Detach.class).getError().getCondition().toString())
        .isEqualTo("amqp:not-implemented");
    peer.send(0, RawPeer.subscriber("none", 1, null));
    peer.expect(Attach.class);
    assertThat(peer.expect(Detach.class).getError().getCondition().toString())
        .isEqualTo("amqp:invalid-field");
  }

  @Test
  void queuesOfSeveralSessionsAreKeptApart() {
    mesh.queue(new QueueName("acme/shop/one/other"), QueueSettings.DEFAULT);
    peer.begin(1, 100);
    peer.begin(2, 100);
    peer.send(1, RawPeer.subscriber("same name", 0, RawPeer.source(ORDERS)));
    peer.expect(Attach.class);
    peer.send(2, RawPeer.subscriber("same name", 0, RawPeer.source(ORDERS)));
    peer.expect(Attach.class);
    peer.send(1, RawPeer.credit(0, 0, 1));
    peer.send(2, RawPeer.credit(0, 0, 1));
    publish(2);
    List<Integer> channels = new ArrayList<>(List.of(delivery().channel(), delivery().channel()));
    assertThat(channels).doesNotHaveDuplicates();
  }
}
