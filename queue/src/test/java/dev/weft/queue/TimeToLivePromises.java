// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Promises about times to live (R-113, wire 8.2, 9.2). */
interface TimeToLivePromises extends EngineKit {
  private void declareMortal(UnaryOperator<QueueSettings.Builder> settings) {
    declare(ORDERS, builder -> settings.apply(builder.respectTtl(true)));
  }

  @Test
  default void timesToLiveAreIgnoredUnlessTheQueueRespectsThem() {
    declare(ORDERS, settings -> settings.maxTtl(Duration.ofSeconds(5)));
    store(ORDERS, "old", Duration.ofSeconds(1));

    advance(Duration.ofSeconds(10));

    assertThat(attachOpen(ORDERS).nextTexts(1)).containsExactly("old");
  }

  @Test
  default void messageExpiresByItsOwnTimeToLive() {
    declareMortal(settings -> settings);
    store(ORDERS, "short", Duration.ofSeconds(5));
    store(ORDERS, "long", Duration.ofSeconds(50));
    store(ORDERS, "without");

    advance(Duration.ofSeconds(6));

    awaitMessages(ORDERS, 2);
    assertThat(attachOpen(ORDERS).nextTexts(2)).containsExactly("long", "without");
    assertThat(engine().stats(ORDERS).expiredTotal()).isEqualTo(1);
  }

  @Test
  default void messageExpiresByTheQueuesTimeToLiveWhenThatIsShorter() {
    declareMortal(settings -> settings.maxTtl(Duration.ofSeconds(5)));
    store(ORDERS, "long", Duration.ofSeconds(50));
    store(ORDERS, "without");

    advance(Duration.ofSeconds(4));
    assertThat(texts(ORDERS)).containsExactly("long", "without");
    advance(Duration.ofSeconds(2));

    awaitMessages(ORDERS, 0);
    assertThat(engine().stats(ORDERS).bytes()).isZero();
  }

  @Test
  default void zeroIsNoLimitOfTheQueue() {
    declareMortal(settings -> settings.maxTtl(Duration.ZERO));
    store(ORDERS, "without");

    advance(Duration.ofMinutes(10));

    assertThat(attachOpen(ORDERS).nextTexts(1)).containsExactly("without");
  }

  //
  @Test
  default void expiredMessageIsNotDelivered() {
    declareMortal(settings -> settings);
    RecordingConsumer consumer = attach(ORDERS);
    store(ORDERS, "expires", Duration.ofSeconds(5));
    store(ORDERS, "stays");
    advance(Duration.ofSeconds(6));

    consumer.grant(5);

    assertThat(consumer.nextTexts(1)).containsExactly("stays");
  }

  // expiry moves like death.
  @Test
  default void expiredMessageGoesToTheDeadMessageQueue() {
    declare(DEAD);
    declareMortal(settings -> settings.deadMessageQueue(DEAD));
    store(ORDERS, "expired", Duration.ofSeconds(5));

    advance(Duration.ofSeconds(6));

    awaitMessages(DEAD, 1);
    awaitMessages(ORDERS, 0);
    assertThat(RecordingConsumer.text(attachOpen(DEAD).next())).isEqualTo("expired");
  }

  //
  @Test
  default void expiredMessageStaysWhileItsDeadMessageQueueIsFull() {
    declare(DEAD, settings -> settings.maxMessages(1));
    store(DEAD, "fills it");
    declareMortal(settings -> settings.deadMessageQueue(DEAD));
    store(ORDERS, "expired", Duration.ofSeconds(5));

    advance(Duration.ofSeconds(6));

    awaitStats(ORDERS, stats -> stats.deadPendingMessages() == 1);
    assertNothingMore(attachOpen(ORDERS));
    assertThat(texts(ORDERS)).containsExactly("expired");
  }

  // Else nobody could look at it: it would expire again where it is kept.
  @Test
  default void deadCopyIsNotSubjectToThePublishersTimeToLive() {
    declare(DEAD, settings -> settings.respectTtl(true));
    declareMortal(settings -> settings.deadMessageQueue(DEAD));
    store(ORDERS, "expired", Duration.ofSeconds(5));
    advance(Duration.ofSeconds(6));
    awaitMessages(DEAD, 1);

    advance(Duration.ofSeconds(20));

    assertThat(texts(DEAD)).containsExactly("expired");
  }

  @Test
  default void timeInTheDeadMessageQueueCountsFromTheMove() {
    declare(DEAD, settings -> settings.respectTtl(true).maxTtl(Duration.ofSeconds(10)));
    declareMortal(settings -> settings.deadMessageQueue(DEAD));
    store(ORDERS, "expired", Duration.ofSeconds(8));
    advance(Duration.ofSeconds(9));
    awaitMessages(DEAD, 1);

    advance(Duration.ofSeconds(8));
    assertThat(texts(DEAD)).containsExactly("expired");
    advance(Duration.ofSeconds(3));

    awaitMessages(DEAD, 0);
  }

  @Test
  default void handedOutMessageDoesNotExpireUntilItReturns() {
    declareMortal(settings -> settings.redelivery(Redelivery.IMMEDIATE));
    store(ORDERS, "1", Duration.ofSeconds(5));
    store(ORDERS, "2", Duration.ofSeconds(5));
    RecordingConsumer consumer = attachOpen(ORDERS);
    Delivery first = consumer.next();
    Delivery second = consumer.next();
    advance(Duration.ofSeconds(6));
    assertThat(texts(ORDERS)).containsExactly("1", "2");

    consumer.settle(first, Settlement.ACCEPTED);
    consumer.settle(second, Settlement.RELEASED);

    awaitMessages(ORDERS, 0);
    assertNothingMore(consumer);
    QueueStats stats = engine().stats(ORDERS);
    assertThat(stats.acceptedTotal()).isEqualTo(1);
    assertThat(stats.expiredTotal()).isEqualTo(1);
  }

  @Test
  default void delayedMessageExpires() {
    declareMortal(
        settings ->
            settings.redelivery(
                new Redelivery.Paced(
                    Duration.ofSeconds(20), 1, Duration.ofSeconds(20), Redelivery.Order.PARALLEL)));
    store(ORDERS, "1", Duration.ofSeconds(10));
    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.settle(consumer.next(), REJECTED);
    awaitStats(ORDERS, stats -> stats.delayedMessages() == 1);

    advance(Duration.ofSeconds(11));

    awaitStats(ORDERS, stats -> stats.messages() == 0 && stats.delayedMessages() == 0);
  }

  @Test
  default void expiryMakesRoom() {
    declareMortal(settings -> settings.maxMessages(1));
    store(ORDERS, "expires", Duration.ofSeconds(5));
    append(ORDERS, "no room").awaitRefused();

    advance(Duration.ofSeconds(6));
    awaitMessages(ORDERS, 0);

    store(ORDERS, "room");
  }

  @Test
  default void remainingTimeToLiveIsTold() {
    declareMortal(settings -> settings.redelivery(Redelivery.IMMEDIATE));
    store(ORDERS, "with", Duration.ofSeconds(60));
    store(ORDERS, "without");
    advance(Duration.ofSeconds(20));
    RecordingConsumer consumer = attachOpen(ORDERS);

    Delivery with = consumer.next();
    Delivery without = consumer.next();

    assertThat(with.remainingTtlMillis()).isEqualTo(40_000);
    assertThat(without.remainingTtlMillis()).isEqualTo(Message.NO_TTL);
    advance(Duration.ofSeconds(15));
    consumer.settle(with, Settlement.RELEASED);
    assertThat(consumer.next().remainingTtlMillis()).isEqualTo(25_000);
  }

  @Test
  default void respectingTimesToLiveLaterAppliesToWhatWaits() {
    declare(ORDERS);
    store(ORDERS, "waits", Duration.ofSeconds(5));
    advance(Duration.ofSeconds(6));

    declareMortal(settings -> settings);
    advance(Duration.ofSeconds(1));

    awaitMessages(ORDERS, 0);
  }
}
