// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Promises about credit, drain, and which consumer gets what. */
interface CreditPromises extends EngineKit {
  @Test
  default void consumerStartsWithoutCredit() {
    declare(ORDERS);
    RecordingConsumer consumer = attach(ORDERS);
    store(ORDERS, "1");

    assertNothingMore(consumer);

    consumer.grant(1);
    assertThat(consumer.nextTexts(1)).containsExactly("1");
  }

  @Test
  default void creditIsNeverExceededAndAddsUp() {
    declare(ORDERS);
    store(ORDERS, "1", "2", "3", "4", "5");
    RecordingConsumer consumer = attach(ORDERS).grant(1).grant(2);

    assertThat(consumer.nextTexts(3)).containsExactly("1", "2", "3");
    assertNothingMore(consumer);

    consumer.grant(1);
    assertThat(consumer.nextTexts(1)).containsExactly("4");
    assertNothingMore(consumer);
  }

  @Test
  default void settlingGivesNoCredit() {
    declare(ORDERS);
    store(ORDERS, "1", "2");
    RecordingConsumer consumer = attach(ORDERS).grant(1);

    consumer.settle(consumer.next(), Settlement.ACCEPTED);

    awaitMessages(ORDERS, 1);
    assertNothingMore(consumer);
  }

  @Test
  default void creditWaitsForMessages() {
    declare(ORDERS);
    RecordingConsumer consumer = attach(ORDERS).grant(2);

    store(ORDERS, "1");
    assertThat(consumer.nextTexts(1)).containsExactly("1");
    store(ORDERS, "2", "3");
    assertThat(consumer.nextTexts(1)).containsExactly("2");
    assertNothingMore(consumer);
  }

  @Test
  default void hugeCreditDoesNotOverflow() {
    declare(ORDERS);
    RecordingConsumer consumer = attach(ORDERS).grant(Integer.MAX_VALUE).grant(Integer.MAX_VALUE);

    store(ORDERS, "1", "2");

    assertThat(consumer.nextTexts(2)).containsExactly("1", "2");
  }

  // wire 4.9: xb-amqp sets credit 0 while its stream is paused.
  @Test
  default void revokedCreditStopsDeliveriesUntilTheNextGrant() {
    declare(ORDERS);
    RecordingConsumer consumer = attach(ORDERS).grant(10);
    store(ORDERS, "1");
    consumer.next();

    consumer.consumer().revokeCredit();
    store(ORDERS, "2");
    assertNothingMore(consumer);

    consumer.grant(1);
    assertThat(consumer.nextTexts(1)).containsExactly("2");
  }

  // wire 4.9
  @Test
  default void drainDeliversWhatIsThereAndTellsTheRest() {
    declare(ORDERS);
    store(ORDERS, "1", "2");
    RecordingConsumer consumer = attach(ORDERS).grant(5);

    consumer.drain();

    assertThat(consumer.awaitDrained(1)).isEqualTo(3);
    // Deliveries come before the answer.
    assertThat(consumer.untaken()).hasSize(2);
    store(ORDERS, "3");
    consumer.next(2);
    assertNothingMore(consumer);
  }

  @Test
  default void drainOfAnEmptyQueueAnswersAtOnce() {
    declare(ORDERS);
    RecordingConsumer consumer = attach(ORDERS).grant(7);

    consumer.drain();

    assertThat(consumer.awaitDrained(1)).isEqualTo(7);
  }

  @Test
  default void drainUsesNoMoreThanTheCredit() {
    declare(ORDERS);
    store(ORDERS, "1", "2", "3");
    RecordingConsumer consumer = attach(ORDERS).grant(2);

    consumer.drain();

    assertThat(consumer.awaitDrained(1)).isZero();
    assertThat(consumer.nextTexts(2)).containsExactly("1", "2");
    assertNothingMore(consumer);
  }

  @Test
  default void everyDrainIsAnsweredAndCreditWorksAfterwards() {
    declare(ORDERS);
    RecordingConsumer consumer = attach(ORDERS);

    consumer.drain();
    assertThat(consumer.awaitDrained(1)).isZero();
    consumer.grant(3);
    consumer.drain();
    assertThat(consumer.awaitDrained(2)).isEqualTo(3);
    store(ORDERS, "1");
    consumer.grant(1);

    assertThat(consumer.nextTexts(1)).containsExactly("1");
    assertThat(consumer.drains()).containsExactly(0, 3);
  }

  // A drain answers with what is there now: a message that waits for its pause is not.
  @Test
  default void drainDoesNotWaitForDelayedMessages() {
    declare(ORDERS);
    store(ORDERS, "delayed");
    RecordingConsumer consumer = attach(ORDERS).grant(1);
    consumer.settle(consumer.next(), REJECTED);
    awaitStats(ORDERS, stats -> stats.delayedMessages() == 1);

    consumer.grant(4);
    consumer.drain();

    assertThat(consumer.awaitDrained(1)).isEqualTo(4);
  }

  // wire 8.2 maxDeliveredUnackedMsgsPerFlow, 4.9
  @Test
  default void consumerHoldsNoMoreUnsettledThanAllowed() {
    declare(ORDERS, settings -> settings.maxUnsettledPerConsumer(2));
    store(ORDERS, "1", "2", "3");
    RecordingConsumer consumer = attach(ORDERS).grant(10);
    Delivery first = consumer.next(2).getFirst();
    assertNothingMore(consumer);

    consumer.settle(first, Settlement.ACCEPTED);

    assertThat(consumer.nextTexts(1)).containsExactly("3");
  }

  @Test
  default void egressDisabledHandsOutNothingUntilEnabled() {
    declare(ORDERS, settings -> settings.egressDisabled(true));
    store(ORDERS, "1");
    RecordingConsumer consumer = attach(ORDERS).grant(5);
    assertNothingMore(consumer);

    declare(ORDERS);

    assertThat(consumer.nextTexts(1)).containsExactly("1");
  }

  @Test
  default void drainIsAnsweredWhileEgressIsDisabled() {
    declare(ORDERS, settings -> settings.egressDisabled(true));
    store(ORDERS, "1");
    RecordingConsumer consumer = attach(ORDERS).grant(5);

    consumer.drain();

    assertThat(consumer.awaitDrained(1)).isEqualTo(5);
  }

  // wire 9.2: round robin over consumers with credit; R-122: held by one at most.
  @Test
  default void consumersWithCreditTakeTurns() {
    declare(ORDERS);
    RecordingConsumer one = attach(ORDERS).grant(10);
    RecordingConsumer two = attach(ORDERS).grant(10);
    advanceMillis(0);

    for (int i = 0; i < 10; i++) {
      store(ORDERS, "m" + i);
    }

    awaitStats(ORDERS, stats -> stats.unsettledMessages() == 10);
    advanceMillis(0);
    assertThat(one.untaken()).hasSize(5);
    assertThat(two.untaken()).hasSize(5);
    assertThat(one.untaken())
        .extracting(Delivery::sequence)
        .doesNotContainAnyElementsOf(two.untaken().stream().map(Delivery::sequence).toList());
  }

  @Test
  default void consumerWithoutCreditIsPassedOver() {
    declare(ORDERS);
    RecordingConsumer idle = attach(ORDERS);
    RecordingConsumer busy = attach(ORDERS).grant(10);

    store(ORDERS, "1", "2", "3");

    busy.next(3);
    assertNothingMore(idle);
  }

  // DESIGN section 7: a consumer with credit goes first, webhooks take what is left.
  @Test
  default void higherPriorityGoesFirstAndLowerTakesWhatIsLeft() {
    declare(ORDERS);
    RecordingConsumer push =
        RecordingConsumer.attach(engine(), ORDERS, ConsumerSettings.PUSH).grant(10);
    RecordingConsumer link = attach(ORDERS).grant(3);
    advanceMillis(0);

    store(ORDERS, "1", "2", "3");
    assertThat(link.nextTexts(3)).containsExactly("1", "2", "3");
    assertNothingMore(push);

    store(ORDERS, "4");
    assertThat(push.nextTexts(1)).containsExactly("4");
  }

  // DESIGN section 7
  @Test
  default void fairQueueIgnoresPriority() {
    declare(ORDERS, settings -> settings.fair(true));
    RecordingConsumer push =
        RecordingConsumer.attach(engine(), ORDERS, ConsumerSettings.PUSH).grant(10);
    RecordingConsumer link = attach(ORDERS).grant(10);
    advanceMillis(0);

    for (int i = 0; i < 6; i++) {
      store(ORDERS, "m" + i);
    }

    assertThat(push.next(3)).hasSize(3);
    assertThat(link.next(3)).hasSize(3);
  }

  // R-112, wire 4.11
  @Test
  default void exclusiveQueueHasOneActiveConsumer() {
    declare(ORDERS, settings -> settings.accessType(AccessType.EXCLUSIVE));
    RecordingConsumer active = attach(ORDERS).grant(2);
    RecordingConsumer standby = attach(ORDERS).grant(10);

    store(ORDERS, "1", "2", "3");

    assertThat(active.nextTexts(2)).containsExactly("1", "2");
    assertNothingMore(standby); // also while the active one has no credit
    standby.drain();
    assertThat(standby.awaitDrained(1)).isEqualTo(10);
    assertThat(engine().stats(ORDERS).consumers()).isEqualTo(2);
  }

  // R-112, wire 4.11: takeover, with what the first held, in order.
  @Test
  default void standbyTakesOverWhenTheActiveConsumerGoes() {
    declare(ORDERS, settings -> settings.accessType(AccessType.EXCLUSIVE));
    store(ORDERS, "1", "2", "3");
    RecordingConsumer active = attach(ORDERS).grant(2);
    RecordingConsumer second = attach(ORDERS).grant(10);
    RecordingConsumer third = attach(ORDERS).grant(10);
    active.next(2);

    active.close();

    assertThat(second.nextTexts(3)).containsExactly("1", "2", "3");
    assertNothingMore(third);
    second.close();
    assertThat(third.nextTexts(1)).containsExactly("3");
  }

  @Test
  default void standbyThatGoesChangesNothing() {
    declare(ORDERS, settings -> settings.accessType(AccessType.EXCLUSIVE));
    RecordingConsumer active = attach(ORDERS).grant(10);
    RecordingConsumer standby = attach(ORDERS).grant(10);

    standby.close();
    store(ORDERS, "1");

    assertThat(active.nextTexts(1)).containsExactly("1");
  }

  @Test
  default void closedConsumerHearsNothing() {
    declare(ORDERS);
    RecordingConsumer consumer = attach(ORDERS).grant(10);

    consumer.close();
    awaitStats(ORDERS, stats -> stats.consumers() == 0);
    store(ORDERS, "1");
    consumer.grant(1);
    consumer.drain();

    assertNothingMore(consumer);
    assertThat(consumer.drains()).isEmpty();
    assertThat(consumer.closings()).isEmpty();
  }
}
