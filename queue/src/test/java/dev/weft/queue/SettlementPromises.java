// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promises about outcomes and the two counters. Queues here return messages at once. */
interface SettlementPromises extends EngineKit {
  @Test
  default void acceptedMessageLeavesTheQueue() {
    declareImmediate(ORDERS);
    store(ORDERS, "1", "2");
    RecordingConsumer consumer = attach(ORDERS).grant(1);

    consumer.settle(consumer.next(), Settlement.ACCEPTED);

    awaitStats(ORDERS, stats -> stats.messages() == 1 && stats.acceptedTotal() == 1);
    assertThat(texts(ORDERS)).containsExactly("2");
  }

  // nothing else takes a message away.
  @Test
  default void unsettledMessageStays() {
    declareImmediate(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.next();

    assertNothingMore(consumer);
    assertThat(texts(ORDERS)).containsExactly("1");
  }

  @Test
  default void outcomesMayComeInAnyOrder() {
    declareImmediate(ORDERS);
    store(ORDERS, "1", "2", "3");
    RecordingConsumer consumer = attachOpen(ORDERS);
    List<Delivery> deliveries = consumer.next(3);

    consumer.settle(deliveries.get(2), Settlement.ACCEPTED);
    consumer.settle(deliveries.get(0), Settlement.ACCEPTED);

    awaitMessages(ORDERS, 1);
    assertThat(texts(ORDERS)).containsExactly("2");
  }

  @Test
  default void secondOutcomeIsIgnored() {
    declareImmediate(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);
    Delivery delivery = consumer.next();

    consumer.settle(delivery, Settlement.ACCEPTED);
    consumer.settle(delivery, Settlement.RELEASED);

    awaitMessages(ORDERS, 0);
    assertNothingMore(consumer);
    assertThat(engine().stats(ORDERS).returnedTotal()).isZero();
  }

  // The outcome belongs to the delivery, not to the message.
  @Test
  default void outcomeOfAnEarlierDeliveryDoesNotTouchTheLaterOne() {
    declareImmediate(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);
    Delivery first = consumer.next();
    consumer.settle(first, REJECTED);
    Delivery second = consumer.next();

    consumer.settle(first, Settlement.ACCEPTED);
    assertNothingMore(consumer);
    assertThat(texts(ORDERS)).containsExactly("1");

    consumer.settle(second, Settlement.ACCEPTED);
    awaitMessages(ORDERS, 0);
  }

  @Test
  default void outcomeAfterCloseIsIgnored() {
    declareImmediate(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);
    Delivery delivery = consumer.next();

    consumer.close();
    consumer.settle(delivery, Settlement.ACCEPTED);

    Delivery again = attachOpen(ORDERS).next();
    assertThat(again.sequence()).isEqualTo(delivery.sequence());
  }

  /** Outcomes after which a message comes back as a failed attempt. */
  static List<Settlement> countedReturns() {
    return List.of(REJECTED, FAILED, Settlement.RELEASED, NOT_FAILED);
  }

  // wire 4.10: delivery-count +1 for each of them; R-401
  @ParameterizedTest
  @MethodSource("dev.weft.queue.SettlementPromises#countedReturns")
  default void returnedMessageCountsAnAttempt(Settlement outcome) {
    declareImmediate(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);

    for (int attempt = 0; attempt < 3; attempt++) {
      Delivery delivery = consumer.next();
      assertThat(delivery.failedCount()).isEqualTo(attempt);
      assertThat(delivery.acquiredCount()).isEqualTo(attempt);
      assertThat(RecordingConsumer.text(delivery)).isEqualTo("1");
      consumer.settle(delivery, outcome);
    }

    assertThat(consumer.next().failedCount()).isEqualTo(3);
    assertThat(engine().stats(ORDERS).returnedTotal()).isEqualTo(3);
  }

  // such a queue follows the AMQP text.
  @Test
  default void releaseCountsNoAttemptWhereTheQueueSaysSo() {
    declare(ORDERS, settings -> settings.redelivery(Redelivery.IMMEDIATE).countReleased(false));
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);

    consumer.settle(consumer.next(), Settlement.RELEASED);
    consumer.settle(consumer.next(), NOT_FAILED);
    Delivery third = consumer.next();
    assertThat(third.failedCount()).isZero();
    assertThat(third.acquiredCount()).isEqualTo(2);

    consumer.settle(third, REJECTED);
    assertThat(consumer.next().failedCount()).isEqualTo(1);
  }

  @Test
  default void unreadReleaseCountsAHandOutAndNoAttempt() {
    declareImmediate(ORDERS);
    store(ORDERS, "1");
    RecordingConsumer consumer = attachOpen(ORDERS);

    consumer.settle(consumer.next(), UNREAD);

    Delivery again = consumer.next();
    assertThat(again.failedCount()).isZero();
    assertThat(again.acquiredCount()).isEqualTo(1);
  }

  // wire 4.10, R-401: a lost connection counts.
  @Test
  default void closeReturnsWhatIsUnsettledAsAFailedAttempt() {
    declareImmediate(ORDERS);
    store(ORDERS, "1", "2", "3");
    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.settle(consumer.next(3).get(1), Settlement.ACCEPTED);

    consumer.close();

    List<Delivery> again = attachOpen(ORDERS).next(2);
    assertThat(again.stream().map(RecordingConsumer::text)).containsExactly("1", "3");
    assertThat(again).extracting(Delivery::failedCount).containsOnly(1);
    assertThat(again).extracting(Delivery::acquiredCount).containsOnly(1);
  }

  // wire 4.10: available again at its old position; the sequence is stable.
  @Test
  default void returnedMessageKeepsItsSequenceAndPosition() {
    declareImmediate(ORDERS);
    store(ORDERS, "1", "2", "3");
    RecordingConsumer consumer = attach(ORDERS).grant(1);
    Delivery first = consumer.next();

    consumer.settle(first, Settlement.RELEASED);
    consumer.grant(3);

    List<Delivery> again = consumer.next(3);
    assertThat(again.stream().map(RecordingConsumer::text)).containsExactly("1", "2", "3");
    assertThat(again.getFirst().sequence()).isEqualTo(first.sequence());
  }

  @Test
  default void returnedMessagesComeInTheOrderOfTheQueue() {
    declareImmediate(ORDERS);
    store(ORDERS, "1", "2", "3", "4");
    RecordingConsumer consumer = attach(ORDERS).grant(3);
    List<Delivery> deliveries = consumer.next(3);

    for (int i : new int[] {1, 2, 0}) {
      consumer.settle(deliveries.get(i), Settlement.RELEASED);
    }
    awaitStats(ORDERS, stats -> stats.unsettledMessages() == 0);
    consumer.grant(4);

    assertThat(consumer.nextTexts(4)).containsExactly("1", "2", "3", "4");
  }

  @Test
  default void countersAreKeptPerQueue() {
    declareImmediate(ORDERS);
    declareImmediate(BILLS);
    append(List.of(ORDERS, BILLS), Message.of(bytes("both"))).awaitStored();
    RecordingConsumer orders = attachOpen(ORDERS);

    orders.settle(orders.next(), REJECTED);

    assertThat(orders.next().failedCount()).isEqualTo(1);
    assertThat(attachOpen(BILLS).next().failedCount()).isZero();
  }
}
