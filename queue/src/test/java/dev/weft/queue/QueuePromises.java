// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.BrowsedMessage.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Promises about a queue's life, its statistics, and looking at it. */
interface QueuePromises extends EngineKit {
  @Test
  default void declareMakesAQueueOnceAndChangesItThen() {
    QueueSettings settings = QueueSettings.DEFAULT.toBuilder().maxRedeliveries(3).build();

    assertThat(engine().declare(ORDERS, QueueSettings.DEFAULT)).isTrue();
    assertThat(engine().declare(ORDERS, settings)).isFalse();

    assertThat(engine().queues()).containsOnlyKeys(ORDERS).containsEntry(ORDERS, settings);
  }

  @Test
  default void declareAgainKeepsTheMessages() {
    declare(ORDERS);
    store(ORDERS, "kept");

    declare(ORDERS, settings -> settings.maxMessages(10));

    assertThat(texts(ORDERS)).containsExactly("kept");
  }

  @Test
  default void changeTakesEffect() {
    declare(ORDERS);

    engine().change(ORDERS, QueueSettings.DEFAULT.toBuilder().maxMessageBytes(1).build());

    assertThat(append(ORDERS, "22").awaitRefused())
        .isInstanceOf(MeshException.MessageTooLarge.class);
  }

  @Test
  default void unknownQueueIsNamedByEveryOperation() {
    assertUnknown(() -> engine().change(ORDERS, QueueSettings.DEFAULT));
    assertUnknown(() -> engine().purge(ORDERS));
    assertUnknown(() -> engine().stats(ORDERS));
    assertUnknown(() -> engine().browse(ORDERS, 0, 1));
    assertUnknown(() -> attach(ORDERS));
    assertThat(engine().delete(ORDERS)).isFalse();
  }

  private static void assertUnknown(ThrowingCallable operation) {
    assertThatThrownBy(operation)
        .isInstanceOfSatisfying(
            MeshException.UnknownQueue.class,
            unknown -> assertThat(unknown.queue()).isEqualTo(ORDERS));
  }

  //
  @Test
  default void deletedQueueIsGoneWithItsMessages() {
    declare(ORDERS);
    store(ORDERS, "gone");

    assertThat(engine().delete(ORDERS)).isTrue();

    assertThat(engine().queues()).isEmpty();
    assertThat(append(ORDERS, "x").awaitRefused()).isInstanceOf(MeshException.UnknownQueue.class);
    declare(ORDERS);
    assertThat(texts(ORDERS)).isEmpty();
    assertNothingMore(attachOpen(ORDERS));
  }

  @Test
  default void deleteClosesConsumersAndLaterOutcomesAreIgnored() {
    declare(ORDERS);
    store(ORDERS, "held");
    RecordingConsumer consumer = attachOpen(ORDERS);
    Delivery held = consumer.next();

    engine().delete(ORDERS);

    assertThat(consumer.awaitClosed()).isInstanceOf(MeshException.QueueDeleted.class);
    declare(ORDERS);
    consumer.settle(held, Settlement.RELEASED);
    consumer.grant(5);
    consumer.close();
    store(ORDERS, "new");
    assertNothingMore(consumer);
    assertThat(texts(ORDERS)).containsExactly("new");
    assertThat(consumer.closings()).hasSize(1);
  }

  // A message in two queues lives on in the other.
  @Test
  default void deleteLeavesTheOtherQueuesOfAMessageAlone() {
    declare(ORDERS);
    declare(BILLS);
    append(List.of(ORDERS, BILLS), Message.of(bytes("both"))).awaitStored();

    engine().delete(ORDERS);

    assertThat(attachOpen(BILLS).nextTexts(1)).containsExactly("both");
  }

  //
  @Test
  default void purgeRemovesWhatWaitsAndLeavesWhatIsHandedOut() {
    declareImmediate(ORDERS);
    store(ORDERS, "held", "waits", "waits too");
    RecordingConsumer consumer = attach(ORDERS).grant(1);
    Delivery held = consumer.next();

    assertThat(engine().purge(ORDERS)).isEqualTo(2);

    assertThat(texts(ORDERS)).containsExactly("held");
    consumer.settle(held, Settlement.RELEASED);
    consumer.grant(5);
    assertThat(consumer.nextTexts(1)).containsExactly("held");
    assertNothingMore(consumer);
  }

  @Test
  default void purgeRemovesDelayedAndDeadMessages() {
    declare(ORDERS);
    store(ORDERS, "delayed", "dead");
    RecordingConsumer consumer = attach(ORDERS).grant(2);
    consumer.settle(consumer.next(), REJECTED);
    consumer.settle(consumer.next(), ELSEWHERE);
    awaitStats(ORDERS, stats -> stats.delayedMessages() == 1 && stats.deadPendingMessages() == 1);

    assertThat(engine().purge(ORDERS)).isEqualTo(2);

    QueueStats stats = engine().stats(ORDERS);
    assertThat(stats.messages()).isZero();
    assertThat(stats.bytes()).isZero();
    assertThat(stats.delayedMessages()).isZero();
    assertThat(stats.deadPendingMessages()).isZero();
  }

  @Test
  default void statisticsCountMessagesByState() {
    declare(ORDERS);
    store(ORDERS, "aa", "bb", "cc", "dd");
    RecordingConsumer consumer = attach(ORDERS).grant(3);
    consumer.settle(consumer.next(), Settlement.ACCEPTED);
    consumer.settle(consumer.next(), REJECTED);
    consumer.next();

    QueueStats stats = awaitStats(ORDERS, now -> now.delayedMessages() == 1);

    assertThat(stats.messages()).isEqualTo(3);
    assertThat(stats.bytes()).isEqualTo(6);
    assertThat(stats.unsettledMessages()).isEqualTo(1);
    assertThat(stats.consumers()).isEqualTo(1);
    assertThat(stats.appendedTotal()).isEqualTo(4);
    assertThat(stats.deliveredTotal()).isEqualTo(3);
    assertThat(stats.acceptedTotal()).isEqualTo(1);
    assertThat(stats.returnedTotal()).isEqualTo(1);
    consumer.close();
    awaitStats(ORDERS, now -> now.consumers() == 0 && now.unsettledMessages() == 0);
  }

  @Test
  default void browseShowsEveryMessageWithItsState() {
    declare(ORDERS);
    store(ORDERS, "delayed", "dead", "held", "ready");
    RecordingConsumer consumer = attach(ORDERS).grant(3);
    consumer.settle(consumer.next(), REJECTED);
    consumer.settle(consumer.next(), ELSEWHERE);
    consumer.next();
    awaitStats(ORDERS, stats -> stats.delayedMessages() == 1 && stats.deadPendingMessages() == 1);

    assertThat(browse(ORDERS))
        .extracting(BrowsedMessage::state)
        .containsExactly(State.DELAYED, State.DEAD_PENDING, State.UNSETTLED, State.READY);
    assertThat(texts(ORDERS)).containsExactly("delayed", "dead", "held", "ready");
    assertThat(browse(ORDERS))
        .extracting(BrowsedMessage::acquiredCount)
        .containsExactly(1, 1, 1, 0);
    assertThat(browse(ORDERS).getFirst().failedCount()).isEqualTo(1);
  }

  @Test
  default void browseTakesNothing() {
    declare(ORDERS);
    store(ORDERS, "1", "2");

    assertThat(texts(ORDERS)).isEqualTo(texts(ORDERS)).containsExactly("1", "2");

    assertThat(engine().stats(ORDERS).unsettledMessages()).isZero();
    Delivery delivery = attachOpen(ORDERS).next();
    assertThat(delivery.acquiredCount()).isZero();
  }

  @Test
  default void browseContinuesWhereItStopped() {
    declare(ORDERS);
    store(ORDERS, "1", "2", "3", "4", "5");

    var page = engine().browse(ORDERS, 0, 2);
    var rest = engine().browse(ORDERS, page.getLast().sequence() + 1, 10);

    assertThat(page).hasSize(2);
    assertThat(rest).hasSize(3);
    assertThat(new String(rest.getFirst().message().encoded(), StandardCharsets.UTF_8))
        .isEqualTo("3");
    assertThat(engine().browse(ORDERS, rest.getLast().sequence() + 1, 10)).isEmpty();
  }

  @Test
  default void browseTellsTheSequenceADeliveryWillHave() {
    declare(ORDERS);
    store(ORDERS, "1", "2");

    assertThat(attachOpen(ORDERS).next(2).stream().map(Delivery::sequence))
        .containsExactlyElementsOf(browse(ORDERS).stream().map(BrowsedMessage::sequence).toList());
  }

  @Test
  default void browseTellsWhenAMessageCame() {
    declare(ORDERS);
    store(ORDERS, "earlier");
    advance(Duration.ofSeconds(5));
    store(ORDERS, "later");

    var page = browse(ORDERS);

    assertThat(page.get(1).appendedAtMillis() - page.get(0).appendedAtMillis()).isEqualTo(5000);
  }

  @Test
  default void browseRefusesUnboundedPages() {
    declare(ORDERS);
    assertThatThrownBy(() -> engine().browse(ORDERS, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> engine().browse(ORDERS, 0, 10_001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  //
  @Test
  default void closeTellsConsumersAndEndsEverything() {
    declare(ORDERS);
    RecordingConsumer consumer = attachOpen(ORDERS);

    engine().close();
    engine().close();

    assertThat(consumer.awaitClosed()).isInstanceOf(MeshException.EngineUnavailable.class);
    assertThat(consumer.closings()).hasSize(1);
    consumer.grant(1);
    consumer.drain();
    consumer.close();
    assertThatThrownBy(() -> engine().declare(BILLS, QueueSettings.DEFAULT))
        .isInstanceOf(MeshException.EngineUnavailable.class);
    assertThatThrownBy(() -> attach(ORDERS)).isInstanceOf(MeshException.EngineUnavailable.class);
  }
}
