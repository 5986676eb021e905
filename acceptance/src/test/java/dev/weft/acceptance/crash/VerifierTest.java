// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.acceptance.crash.Fault.Kind;
import dev.weft.acceptance.crash.Verifier.Answer;
import dev.weft.acceptance.crash.Verifier.Seen;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** T-323: the verifier is worth what it detects. */
class VerifierTest {
  private static final String ORDERS = "orders";
  private static final String AUDIT = "audit";
  private static final String DEAD = "dead";
  private static final long HASH = 42;

  private long nanos;
  private final Verifier verifier = new Verifier(DEAD, ORDERS, () -> nanos);

  private static MessageId id(int number) {
    return new MessageId(1, number);
  }

  private void publish(int number, Answer answer) {
    verifier.publishing(id(number), HASH, Set.of(ORDERS));
    verifier.answered(id(number), answer);
  }

  private void deliver(int number, String queue, long deliveryCount) {
    deliver(1, number, queue, deliveryCount);
  }

  private void deliver(int consumer, int number, String queue, long deliveryCount) {
    verifier.delivered(
        new Seen(consumer, id(number), queue, HASH, deliveryCount, deliveryCount == 0));
  }

  private void consume(int number, String queue, long deliveryCount) {
    deliver(number, queue, deliveryCount);
    verifier.accepting(id(number), queue);
  }

  private void assertFaults(Kind... kinds) {
    assertThat(verifier.faults()).extracting(Fault::kind).containsExactly(kinds);
  }

  @Test
  void anOrderlyRunHasNoFault() {
    publish(0, Answer.ACCEPTED);
    publish(1, Answer.ACCEPTED);
    publish(2, Answer.REFUSED);
    publish(3, Answer.UNKNOWN); // never stored
    publish(4, Answer.UNKNOWN); // stored
    consume(0, ORDERS, 0);
    deliver(1, ORDERS, 0);
    deliver(1, ORDERS, 1);
    consume(1, DEAD, 0);
    consume(4, ORDERS, 0);

    verifier.finish();

    assertFaults();
    assertThat(verifier.waiting()).isZero();
    assertThat(verifier.summary())
        .contains("messages=5 accepted=2 refused=1 unknown=2")
        .contains("deliveries=5 redeliveries=1 dead=1 faults=0");
  }

  @Test
  void acceptedMessageThatNobodyGotIsLost() {
    publish(0, Answer.ACCEPTED);
    assertThat(verifier.waiting()).isEqualTo(1);

    verifier.finish();

    assertFaults(Kind.LOST);
    assertThat(verifier.firstFault()).hasToString("LOST message 1:0 in orders: gone");
  }

  @Test
  void messageThatVanishedAfterAReturnIsLost() {
    publish(0, Answer.ACCEPTED);
    deliver(0, ORDERS, 0);

    verifier.finish();

    assertFaults(Kind.LOST);
  }

  @Test
  void messageThatNobodySentIsInvented() {
    deliver(7, ORDERS, 0);
    assertFaults(Kind.INVENTED);
  }

  @Test
  void refusedMessageThatIsDeliveredIsInvented() {
    publish(0, Answer.REFUSED);
    deliver(0, ORDERS, 0);
    assertFaults(Kind.INVENTED);
  }

  @Test
  void messageThatIsRefusedAfterItsDeliveryIsInvented() {
    verifier.publishing(id(0), HASH, Set.of(ORDERS));
    deliver(0, ORDERS, 0);
    assertFaults();

    verifier.answered(id(0), Answer.REFUSED);

    assertFaults(Kind.INVENTED);
  }

  @Test
  void refusedMessageMayBeAcceptedWhenItIsTriedAgain() {
    publish(0, Answer.REFUSED);
    publish(0, Answer.ACCEPTED);
    consume(0, ORDERS, 0);

    verifier.finish();

    assertFaults();
  }

  @Test
  void messageWithOtherBytesIsAltered() {
    publish(0, Answer.ACCEPTED);
    verifier.delivered(new Seen(1, id(0), ORDERS, HASH + 1, 0, true));
    assertFaults(Kind.ALTERED);
  }

  @Test
  void messageInAForeignQueueIsMisrouted() {
    publish(0, Answer.ACCEPTED);
    deliver(0, AUDIT, 0);
    assertFaults(Kind.MISROUTED);
  }

  @Test
  void messageInSomeOfItsQueuesIsSplit() {
    verifier.publishing(id(0), HASH, Set.of(ORDERS, AUDIT));
    verifier.answered(id(0), Answer.UNKNOWN);
    consume(0, ORDERS, 0);

    verifier.finish();

    assertFaults(Kind.SPLIT);
  }

  @Test
  void acceptedMessageMissingInOneOfItsQueuesIsLost() {
    verifier.publishing(id(0), HASH, Set.of(ORDERS, AUDIT));
    verifier.answered(id(0), Answer.ACCEPTED);
    consume(0, ORDERS, 0);
    assertThat(verifier.waiting()).isEqualTo(1);

    verifier.finish();

    assertFaults(Kind.LOST);
  }

  @Test
  void firstDeliveriesToOneConsumerOutOfOrderAreTold() {
    publish(0, Answer.ACCEPTED);
    publish(1, Answer.ACCEPTED);
    deliver(1, ORDERS, 0);
    deliver(0, ORDERS, 0);
    assertFaults(Kind.OUT_OF_ORDER);
  }

  @Test
  void competingConsumersAndRedeliveriesMayOvertake() {
    publish(0, Answer.ACCEPTED);
    publish(1, Answer.ACCEPTED);
    publish(2, Answer.ACCEPTED);
    deliver(1, 0, ORDERS, 0);
    deliver(2, 1, ORDERS, 0);
    deliver(1, 2, ORDERS, 0);
    deliver(1, 1, ORDERS, 1);
    deliver(2, 0, ORDERS, 1);
    assertFaults();
  }

  @Test
  void messagePublishedAgainMayArriveLate() {
    publish(0, Answer.UNKNOWN);
    publish(1, Answer.ACCEPTED);
    deliver(1, ORDERS, 0);
    publish(0, Answer.ACCEPTED);
    deliver(0, ORDERS, 0);
    assertFaults();
  }

  @Test
  void smallerDeliveryCountIsTold() {
    publish(0, Answer.ACCEPTED);
    deliver(0, ORDERS, 0);
    deliver(0, ORDERS, 2);
    deliver(0, ORDERS, 1);
    assertFaults(Kind.COUNT_DECREASED);
  }

  @Test
  void deadCopyCountsAnew() {
    publish(0, Answer.ACCEPTED);
    deliver(0, ORDERS, 0);
    deliver(0, ORDERS, 1);
    deliver(0, DEAD, 0);
    deliver(0, DEAD, 1);
    assertFaults();
  }

  @Test
  void messageBackInItsQueueAfterItsDeathIsInBoth() {
    publish(0, Answer.ACCEPTED);
    deliver(0, ORDERS, 0);
    deliver(0, DEAD, 0);
    deliver(0, ORDERS, 1);
    assertFaults(Kind.IN_BOTH);
  }

  @Test
  void secondDeliveryWithoutTheMarkIsADuplicate() {
    publish(0, Answer.ACCEPTED);
    deliver(1, 0, ORDERS, 0);
    deliver(2, 0, ORDERS, 0);
    assertFaults(Kind.DUPLICATED);
  }

  @Test
  void secondDeadCopyIsADuplicate() {
    publish(0, Answer.ACCEPTED);
    deliver(0, DEAD, 0);
    deliver(0, DEAD, 0);
    assertFaults(Kind.DUPLICATED);
  }

  @Test
  void unknownPublishThatIsTriedAgainMayBeThereTwiceButNotThreeTimes() {
    publish(0, Answer.UNKNOWN);
    publish(0, Answer.ACCEPTED);
    consume(0, ORDERS, 0);
    consume(0, ORDERS, 0);
    verifier.finish();
    assertFaults();

    deliver(0, ORDERS, 0);
    assertFaults(Kind.DUPLICATED);
  }

  @Test
  void acceptedMessageThatComesBackWithoutACrashIsTold() {
    publish(0, Answer.ACCEPTED);
    consume(0, ORDERS, 0);
    deliver(0, ORDERS, 1);
    assertFaults(Kind.CAME_BACK);
  }

  @Test
  void acceptanceOfTheLastMomentMayBeLostInACrash() {
    publish(0, Answer.ACCEPTED);
    consume(0, ORDERS, 0);
    verifier.crashed(nanos);
    consume(0, ORDERS, 1);
    assertFaults();

    deliver(0, ORDERS, 2);
    assertFaults(Kind.CAME_BACK);
  }

  @Test
  void acceptanceOfLongBeforeTheCrashMustNotBeLost() {
    publish(0, Answer.ACCEPTED);
    publish(1, Answer.ACCEPTED);
    consume(0, ORDERS, 0);
    nanos = Verifier.LAST_MOMENT.toNanos() + 1;
    consume(1, ORDERS, 0);
    verifier.crashed(nanos);

    consume(1, ORDERS, 1);
    assertFaults();
    consume(0, ORDERS, 1);

    assertFaults(Kind.CAME_BACK);
  }

  //
  @Test
  void powerLossMayForgetTheDeliveriesOfTheLastMoment() {
    publish(0, Answer.ACCEPTED);
    publish(1, Answer.ACCEPTED);
    deliver(0, ORDERS, 0);
    deliver(1, ORDERS, 0);
    deliver(0, ORDERS, 3);
    verifier.lostPower(nanos);

    deliver(0, ORDERS, 0);
    deliver(1, ORDERS, 0);
    deliver(0, ORDERS, 1);

    assertFaults();
    verifier.crashed(nanos);
    deliver(0, ORDERS, 0);
    assertFaults(Kind.COUNT_DECREASED, Kind.OUT_OF_ORDER, Kind.DUPLICATED);
  }

  //
  @Test
  void powerLossForgetsNoOlderDelivery() {
    publish(0, Answer.ACCEPTED);
    publish(1, Answer.ACCEPTED);
    deliver(0, ORDERS, 0);
    deliver(1, ORDERS, 0);
    deliver(1, ORDERS, 2);
    nanos = Verifier.LAST_MOMENT.toNanos() + 1;
    deliver(1, ORDERS, 3);
    verifier.lostPower(nanos);

    deliver(1, ORDERS, 2);
    assertFaults();
    deliver(0, ORDERS, 0);
    assertFaults(Kind.DUPLICATED);
    deliver(1, ORDERS, 1);
    assertFaults(Kind.DUPLICATED, Kind.COUNT_DECREASED);
  }

  //
  @Test
  void powerLossBringsNoDeadMessageBack() {
    publish(0, Answer.ACCEPTED);
    deliver(0, ORDERS, 0);
    deliver(0, DEAD, 0);
    verifier.lostPower(nanos);

    deliver(0, DEAD, 0);
    deliver(0, ORDERS, 0);

    assertFaults(Kind.IN_BOTH);
  }

  @Test
  void messageThatWasAcceptedAndIsDeadWithoutACrashIsTold() {
    publish(0, Answer.ACCEPTED);
    consume(0, ORDERS, 0);
    deliver(0, DEAD, 0);
    assertFaults(Kind.CAME_BACK);
  }

  @Test
  void faultsAreCountedAndTheFirstHundredKept() {
    for (int number = 0; number < 150; number++) {
      deliver(number, ORDERS, 0);
    }
    assertThat(verifier.faults()).hasSize(100);
    assertThat(verifier.summary()).contains("faults=150");
  }

  @Test
  void misuseIsRefused() {
    publish(0, Answer.ACCEPTED);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> verifier.publishing(id(0), HASH + 1, Set.of(ORDERS)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> verifier.answered(id(9), Answer.ACCEPTED));
  }

  // T-317
  @Test
  void restoredStoreMayLackWhatCameAfterTheBackupBeganAndNothingElse() {
    publish(0, Answer.ACCEPTED);
    verifier.publishing(id(1), HASH, Set.of(ORDERS));
    verifier.backupBegins();
    verifier.answered(id(1), Answer.ACCEPTED);
    publish(2, Answer.ACCEPTED);
    verifier.restored(nanos, nanos);

    verifier.finish();

    assertFaults(Kind.LOST);
    assertThat(verifier.firstFault()).hasToString("LOST message 1:0 in orders: gone");
  }

  // T-317
  @Test
  void restoredStoreForgetsAcceptancesThatCameAfterTheBackup() {
    publish(0, Answer.ACCEPTED);
    publish(1, Answer.ACCEPTED);
    verifier.backupBegins();
    consume(0, ORDERS, 0); // The backup may know of it.
    nanos = 10;
    verifier.restored(0, 5);
    nanos = 11;
    consume(1, ORDERS, 0);
    verifier.finish();
    assertFaults();
  }

  // T-317
  @Test
  void acceptanceAfterTheBackupDoesNotExcuseTheRestoredStore() {
    publish(0, Answer.ACCEPTED);
    verifier.backupBegins();
    nanos = 10;
    consume(0, ORDERS, 0);
    verifier.restored(0, 5);

    verifier.finish();

    assertFaults(Kind.LOST);
  }

  // T-317
  @Test
  void acceptanceOfLongBeforeTheBackupMustNotBeForgotten() {
    publish(0, Answer.ACCEPTED);
    consume(0, ORDERS, 0);
    nanos = Verifier.LAST_MOMENT.toNanos() + 1;
    verifier.backupBegins();
    verifier.restored(nanos, nanos);

    deliver(0, ORDERS, 1);

    assertFaults(Kind.CAME_BACK);
  }
}
