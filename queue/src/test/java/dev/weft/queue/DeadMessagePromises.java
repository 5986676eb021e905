// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.BrowsedMessage.State;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promises about messages whose attempts are used up (R-109, R-403, R-404, wire 9.2). */
interface DeadMessagePromises extends EngineKit {
  /** Long enough for an engine to look again at what is dead and had nowhere to go. */
  Duration SECOND_LOOK = Duration.ofMinutes(1);

  private void declareMortal(UnaryOperator<QueueSettings.Builder> settings) {
    declare(
        ORDERS,
        builder ->
            settings.apply(
                builder
                    .redelivery(Redelivery.IMMEDIATE)
                    .maxRedeliveries(2)
                    .deadMessageQueue(DEAD)));
  }

  private RecordingConsumer consumerThatFails(int times, Settlement outcome) {
    RecordingConsumer consumer = attachOpen(ORDERS);
    for (int i = 0; i < times; i++) {
      consumer.settle(consumer.next(), outcome);
    }
    return consumer;
  }

  // two redeliveries are three hand-outs.
  @ParameterizedTest
  @MethodSource("dev.weft.queue.SettlementPromises#countedReturns")
  default void messageDiesWithTheReturnAfterItsLastRedelivery(Settlement outcome) {
    declare(DEAD);
    declareMortal(settings -> settings);
    store(ORDERS, "poison");

    RecordingConsumer consumer = consumerThatFails(2, outcome);
    Delivery last = consumer.next();
    assertThat(last.failedCount()).isEqualTo(2);
    assertThat(texts(DEAD)).isEmpty();
    consumer.settle(last, outcome);

    awaitMessages(DEAD, 1);
    awaitMessages(ORDERS, 0);
    assertNothingMore(consumer);
    assertThat(engine().stats(ORDERS).deadTotal()).isEqualTo(1);
    assertThat(engine().stats(ORDERS).bytes()).isZero();
  }

  // wire 4.10: a lost connection counts.
  @Test
  default void messageDiesWhenItsConsumersKeepDying() {
    declare(DEAD);
    declareMortal(settings -> settings);
    store(ORDERS, "killer");

    for (int i = 0; i < 3; i++) {
      RecordingConsumer consumer = attachOpen(ORDERS);
      consumer.next();
      consumer.close();
    }

    awaitMessages(DEAD, 1);
    awaitMessages(ORDERS, 0);
  }

  // 0 is the vendor's "until its time to live".
  @Test
  default void zeroMeansNoLimit() {
    declare(DEAD);
    declareMortal(settings -> settings.maxRedeliveries(0));
    store(ORDERS, "again");

    RecordingConsumer consumer = consumerThatFails(300, REJECTED);

    assertThat(consumer.next().failedCount()).isEqualTo(300);
    assertThat(texts(DEAD)).isEmpty();
  }

  //
  @Test
  default void releasedIsNotCountedWhereTheQueueSaysSo() {
    declare(DEAD);
    declareMortal(settings -> settings.countReleased(false));
    store(ORDERS, "again");

    RecordingConsumer consumer = consumerThatFails(20, Settlement.RELEASED);
    for (int i = 0; i < 3; i++) {
      consumer.settle(consumer.next(), REJECTED);
    }

    awaitMessages(DEAD, 1);
  }

  // wire 4.10: what was prefetched and never read must not die of it.
  @Test
  default void unreadReleaseNeverKills() {
    declare(DEAD);
    declareMortal(settings -> settings);
    store(ORDERS, "prefetched");

    RecordingConsumer consumer = consumerThatFails(20, UNREAD);

    assertThat(consumer.next().failedCount()).isZero();
    assertThat(texts(DEAD)).isEmpty();
  }

  //
  @Test
  default void rejectGoesToTheDeadMessageQueueAtOnceWhereTheQueueSaysSo() {
    declare(DEAD);
    declareMortal(settings -> settings.onReject(QueueSettings.OnReject.DEAD));
    store(ORDERS, "never again", "again");

    RecordingConsumer consumer = attachOpen(ORDERS);
    List<Delivery> deliveries = consumer.next(2);
    consumer.settle(deliveries.get(0), REJECTED);
    consumer.settle(deliveries.get(1), FAILED);

    awaitMessages(DEAD, 1);
    assertThat(texts(DEAD)).containsExactly("never again");
    assertThat(consumer.nextTexts(1)).containsExactly("again");
  }

  // wire 4.10: undeliverable-here
  @Test
  default void undeliverableHereGoesToTheDeadMessageQueueAtOnce() {
    declare(DEAD);
    declareMortal(settings -> settings.maxRedeliveries(0));
    store(ORDERS, "not here");

    consumerThatFails(1, ELSEWHERE);

    awaitMessages(DEAD, 1);
    awaitMessages(ORDERS, 0);
  }

  // wire 9.2: the dead copy keeps what it is and starts anew.
  @Test
  default void deadCopyIsUnchangedAndItsCountsStartAnew() {
    declare(DEAD);
    declareMortal(settings -> settings);
    append(List.of(ORDERS), new Message(false, 9, Message.NO_TTL, bytes("poison"))).awaitStored();

    consumerThatFails(3, REJECTED);

    Delivery delivery = attachOpen(DEAD).next();
    assertThat(RecordingConsumer.text(delivery)).isEqualTo("poison");
    assertThat(delivery.message().durable()).isFalse();
    assertThat(delivery.message().priority()).isEqualTo(9);
    assertThat(delivery.failedCount()).isZero();
    assertThat(delivery.acquiredCount()).isZero();
  }

  @Test
  default void deadMessagesWakeAConsumerOfTheirQueueInOrder() {
    declare(DEAD);
    declareMortal(settings -> settings);
    RecordingConsumer reader = attachOpen(DEAD);
    store(ORDERS, "1", "2");

    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.next(2).forEach(delivery -> consumer.settle(delivery, ELSEWHERE));

    assertThat(reader.nextTexts(2)).containsExactly("1", "2");
    reader.deliveries().forEach(delivery -> reader.settle(delivery, Settlement.ACCEPTED));
    awaitMessages(DEAD, 0);
  }

  //
  @Test
  default void deadMessageStaysWhileItsQueueIsMissing() {
    declareMortal(settings -> settings);
    store(ORDERS, "dead", "alive");

    RecordingConsumer consumer = attach(ORDERS).grant(1);
    consumer.settle(consumer.next(), ELSEWHERE);

    QueueStats stats = awaitStats(ORDERS, now -> now.deadPendingMessages() == 1);
    assertThat(stats.messages()).isEqualTo(2);
    assertThat(stats.deadTotal()).isEqualTo(1);
    assertThat(browse(ORDERS))
        .extracting(BrowsedMessage::state)
        .containsExactly(State.DEAD_PENDING, State.READY);
    consumer.grant(5);
    assertThat(consumer.nextTexts(1)).containsExactly("alive");
    assertNothingMore(consumer);
  }

  //
  @Test
  default void deadMessageStaysWhileItsQueueIsFull() {
    declare(DEAD, settings -> settings.maxMessages(1));
    declareMortal(settings -> settings);
    store(ORDERS, "1", "2");

    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.next(2).forEach(delivery -> consumer.settle(delivery, ELSEWHERE));

    awaitStats(ORDERS, stats -> stats.deadPendingMessages() == 1);
    awaitMessages(DEAD, 1);
    assertThat(texts(DEAD)).containsExactly("1");
    assertThat(texts(ORDERS)).containsExactly("2");
  }

  @Test
  default void deadMessageMovesOnceItsQueueHasRoom() {
    declare(DEAD, settings -> settings.maxMessages(1));
    declareMortal(settings -> settings);
    store(ORDERS, "1", "2");
    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.next(2).forEach(delivery -> consumer.settle(delivery, ELSEWHERE));
    awaitStats(ORDERS, stats -> stats.deadPendingMessages() == 1);

    RecordingConsumer reader = attachOpen(DEAD);
    reader.settle(reader.next(), Settlement.ACCEPTED);
    awaitStats(DEAD, stats -> stats.acceptedTotal() == 1);
    advance(SECOND_LOOK);

    assertThat(reader.nextTexts(1)).containsExactly("2");
    awaitMessages(ORDERS, 0);
    assertThat(engine().stats(ORDERS).deadPendingMessages()).isZero();
  }

  @Test
  default void deadMessageMovesOnceItsQueueExists() {
    declareMortal(settings -> settings);
    store(ORDERS, "dead");
    consumerThatFails(1, ELSEWHERE);
    awaitStats(ORDERS, stats -> stats.deadPendingMessages() == 1);

    declare(DEAD);
    advance(SECOND_LOOK);

    awaitMessages(DEAD, 1);
    awaitMessages(ORDERS, 0);
  }

  //
  @Test
  default void deadMessageWithoutANamedQueueIsKept() {
    declareMortal(settings -> settings.deadMessageQueue(null));
    store(ORDERS, "dead");

    RecordingConsumer consumer = consumerThatFails(3, REJECTED);

    awaitStats(ORDERS, stats -> stats.deadPendingMessages() == 1);
    assertThat(texts(ORDERS)).containsExactly("dead");
    assertNothingMore(consumer);
  }

  // The original's behaviour, when asked for.
  @Test
  default void deadMessageWithoutANamedQueueIsDiscardedWhereTheQueueSaysSo() {
    declareMortal(settings -> settings.deadMessageQueue(null).onDead(QueueSettings.OnDead.DISCARD));
    store(ORDERS, "dead");

    consumerThatFails(3, REJECTED);

    awaitMessages(ORDERS, 0);
    assertThat(engine().stats(ORDERS).deadTotal()).isEqualTo(1);
    assertThat(engine().stats(ORDERS).bytes()).isZero();
  }

  // DISCARD is about queues that name none; a full one still loses nothing.
  @Test
  default void discardDoesNotApplyWhenTheNamedQueueIsFull() {
    declare(DEAD, settings -> settings.maxMessages(1));
    store(DEAD, "fills it");
    declareMortal(settings -> settings.onDead(QueueSettings.OnDead.DISCARD));
    store(ORDERS, "dead");

    consumerThatFails(1, ELSEWHERE);

    awaitStats(ORDERS, stats -> stats.deadPendingMessages() == 1);
  }

  @Test
  default void queueNamedAsItsOwnDeadMessageQueueKeepsItsDead() {
    declareMortal(settings -> settings.deadMessageQueue(ORDERS));
    store(ORDERS, "dead");

    RecordingConsumer consumer = consumerThatFails(1, ELSEWHERE);

    awaitStats(ORDERS, stats -> stats.deadPendingMessages() == 1);
    assertNothingMore(consumer);
  }
}
