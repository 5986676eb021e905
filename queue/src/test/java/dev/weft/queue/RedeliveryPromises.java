// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promises about the pause before a returned message comes back (D8, R-402, R-411, R-412). */
interface RedeliveryPromises extends EngineKit {
  Redelivery.Paced STRICT =
      new Redelivery.Paced(
          Duration.ofSeconds(1), 2, Duration.ofMinutes(5), Redelivery.Order.STRICT);

  private void declareStrict() {
    declare(ORDERS, settings -> settings.redelivery(STRICT));
  }

  // D8: every return is paced, released included.
  @ParameterizedTest
  @MethodSource("dev.weft.queue.SettlementPromises#countedReturns")
  default void returnedMessageWaitsForItsPause(Settlement outcome) {
    declare(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);

    consumer.settle(consumer.next(), outcome);

    awaitStats(ORDERS, stats -> stats.delayedMessages() == 1);
    advanceMillis(799);
    assertNothingMore(consumer);
    advanceMillis(402);
    assertThat(consumer.next().acquiredCount()).isEqualTo(1);
  }

  //
  @Test
  default void pauseGrowsByItsFactorUpToItsMaximum() {
    declare(
        ORDERS,
        settings ->
            settings.redelivery(
                new Redelivery.Paced(
                    Duration.ofSeconds(1), 3, Duration.ofSeconds(5), Redelivery.Order.PARALLEL)));
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);

    for (long pauseMillis : new long[] {1000, 3000, 5000, 5000}) {
      consumer.settle(consumer.next(), REJECTED);
      advanceMillis(pauseMillis * 8 / 10 - 1);
      assertNothingMore(consumer);
      advanceMillis(pauseMillis * 4 / 10 + 1);
    }

    assertThat(consumer.next().acquiredCount()).isEqualTo(4);
  }

  // ±20 %, so that what failed together does not return together.
  @Test
  default void pausesAreSpread() {
    declare(ORDERS);
    store(ORDERS, IntStream.range(0, 200).mapToObj(i -> "m" + i).toArray(String[]::new));
    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.next(200).forEach(delivery -> consumer.settle(delivery, REJECTED));

    advanceMillis(1000);

    assertThat(consumer.untaken().size()).isStrictlyBetween(20, 180);
    advanceMillis(201);
    consumer.next(200);
  }

  // T-356: the failing consumer of the reference, on a queue as the vendor declares it.
  @Test
  default void consumerThatReleasesAtOnceMakesAtMostTenAttemptsAMinute() {
    declare(ORDERS);
    RecordingConsumer consumer = attachOpen(ORDERS);
    store(ORDERS, "poison");
    int attempts = 0;
    int others = 0;

    for (int second = 0; second < 60; second++) {
      store(ORDERS, "good " + second);
      for (int step = 0; step < 10; step++) {
        advanceMillis(100);
        int arrived = consumer.untaken().size();
        for (Delivery delivery : consumer.next(arrived)) {
          boolean poison = RecordingConsumer.text(delivery).equals("poison");
          attempts += poison ? 1 : 0;
          others += poison ? 0 : 1;
          consumer.settle(delivery, poison ? Settlement.RELEASED : Settlement.ACCEPTED);
        }
      }
    }

    assertThat(attempts).isBetween(4, 10);
    assertThat(others).isEqualTo(60);
  }

  // The original's behaviour, for whoever must reproduce it.
  @Test
  default void immediateQueueHandsOutAgainAtOnce() {
    declareImmediate(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);

    for (int i = 0; i < 100; i++) {
      consumer.settle(consumer.next(), Settlement.RELEASED);
    }

    assertThat(consumer.next().failedCount()).isEqualTo(100);
  }

  // the consumer died, not the message.
  @Test
  default void firstReturnByALeavingConsumerIsNotPacedTheSecondIs() {
    declare(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer first = attachOpen(ORDERS);
    first.next();
    first.close();

    RecordingConsumer second = attachOpen(ORDERS);
    second.next();
    second.close();

    RecordingConsumer third = attachOpen(ORDERS);
    awaitStats(ORDERS, stats -> stats.delayedMessages() == 1);
    assertNothingMore(third);
    advance(Duration.ofSeconds(3));
    assertThat(third.next().failedCount()).isEqualTo(2);
  }

  @Test
  default void leavingIsFreeOncePerMessageNotPerConsumer() {
    declare(ORDERS);
    store(ORDERS, "1", "2");
    RecordingConsumer first = attach(ORDERS).grant(1);
    first.next();
    first.close();
    RecordingConsumer second = attach(ORDERS).grant(2);
    second.next(2);
    second.close();

    RecordingConsumer third = attachOpen(ORDERS);

    assertThat(third.nextTexts(1)).containsExactly("2");
    assertNothingMore(third);
  }

  @Test
  default void unreadReleaseReturnsAtOnceHoweverOften() {
    declare(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);

    for (int i = 0; i < 5; i++) {
      consumer.settle(consumer.next(), UNREAD);
    }

    assertThat(consumer.next().acquiredCount()).isEqualTo(5);
  }

  @Test
  default void unreadReleaseDoesNotLengthenThePause() {
    declare(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);
    for (int i = 0; i < 5; i++) {
      consumer.settle(consumer.next(), UNREAD);
    }

    consumer.settle(consumer.next(), REJECTED);

    awaitStats(ORDERS, stats -> stats.delayedMessages() == 1);
    advanceMillis(1201);
    consumer.next();
  }

  // a lower maximum takes effect with the next attempt that fails.
  @Test
  default void unreadReleaseKillsNothingUnderALowerMaximum() {
    declareImmediate(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.settle(consumer.next(), Settlement.RELEASED);
    consumer.settle(consumer.next(), Settlement.RELEASED);
    Delivery third = consumer.next();
    engine()
        .change(
            ORDERS,
            QueueSettings.DEFAULT.toBuilder()
                .redelivery(Redelivery.IMMEDIATE)
                .maxRedeliveries(1)
                .build());

    consumer.settle(third, UNREAD);

    assertThat(consumer.next().failedCount()).isEqualTo(2);
  }

  //
  @Test
  default void othersGoOnWhileAMessageWaits() {
    declare(ORDERS);
    store(ORDERS, "bad", "good", "better");
    RecordingConsumer consumer = attach(ORDERS).grant(1);

    consumer.settle(consumer.next(), REJECTED);
    awaitStats(ORDERS, stats -> stats.delayedMessages() == 1);
    consumer.grant(5);

    assertThat(consumer.nextTexts(2)).containsExactly("good", "better");
  }

  @Test
  default void messagesWhosePauseEndedComeBeforeLaterOnes() {
    declare(ORDERS);
    store(ORDERS, "1", "2", "3", "4");
    RecordingConsumer consumer = attach(ORDERS).grant(3);
    List<Delivery> deliveries = consumer.next(3);
    for (int i : new int[] {2, 0, 1}) {
      consumer.settle(deliveries.get(i), REJECTED);
    }
    awaitStats(ORDERS, stats -> stats.delayedMessages() == 3);

    advance(Duration.ofSeconds(2));
    consumer.grant(4);

    assertThat(consumer.nextTexts(4)).containsExactly("1", "2", "3", "4");
  }

  //
  @Test
  default void strictQueueHasOneMessageInFlight() {
    declareStrict();
    store(ORDERS, "1", "2", "3");
    RecordingConsumer one = attachOpen(ORDERS);
    Delivery first = one.next();
    RecordingConsumer two = attachOpen(ORDERS);
    assertNothingMore(one);
    assertNothingMore(two);

    one.settle(first, Settlement.ACCEPTED);

    awaitStats(ORDERS, stats -> stats.messages() == 2 && stats.unsettledMessages() == 1);
    advanceMillis(0);
    assertThat(one.untaken().size() + two.untaken().size()).isEqualTo(1);
  }

  //
  @Test
  default void strictQueueKeepsOrderThroughFailures() {
    declareStrict();
    store(ORDERS, "1", "2", "3");
    RecordingConsumer consumer = attachOpen(ORDERS);

    consumer.settle(consumer.next(), REJECTED);
    awaitStats(ORDERS, stats -> stats.delayedMessages() == 1);
    advanceMillis(799);
    assertNothingMore(consumer); // 2 and 3 wait as well

    advanceMillis(402);
    Delivery again = consumer.next();
    assertThat(RecordingConsumer.text(again)).isEqualTo("1");
    consumer.settle(again, Settlement.ACCEPTED);
    Delivery second = consumer.next();
    assertThat(RecordingConsumer.text(second)).isEqualTo("2");
    consumer.settle(second, Settlement.ACCEPTED);
    assertThat(consumer.nextTexts(1)).containsExactly("3");
  }

  // when the attempts are used up, the next one's turn has come.
  @Test
  default void strictQueueGoesOnWhenAMessageIsDead() {
    declare(DEAD);
    declare(
        ORDERS, settings -> settings.redelivery(STRICT).maxRedeliveries(1).deadMessageQueue(DEAD));
    store(ORDERS, "poison", "2");
    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.settle(consumer.next(), REJECTED);
    advance(Duration.ofSeconds(2));

    consumer.settle(consumer.next(), REJECTED);

    assertThat(consumer.nextTexts(1)).containsExactly("2");
    awaitMessages(DEAD, 1);
    assertThat(texts(DEAD)).containsExactly("poison");
  }

  // R-109 with R-412: dead-pending blocks nobody.
  @Test
  default void strictQueueGoesOnWhenADeadMessageStays() {
    declareStrict();
    store(ORDERS, "dead", "2");
    RecordingConsumer consumer = attachOpen(ORDERS);

    consumer.settle(consumer.next(), ELSEWHERE);

    assertThat(consumer.nextTexts(1)).containsExactly("2");
  }

  @Test
  default void strictQueueReturnsUnreadAtOnce() {
    declareStrict();
    store(ORDERS, "1", "2");
    RecordingConsumer consumer = attachOpen(ORDERS);

    consumer.settle(consumer.next(), UNREAD);

    assertThat(consumer.nextTexts(1)).containsExactly("1");
  }
}
