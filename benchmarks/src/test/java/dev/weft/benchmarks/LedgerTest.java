// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
  /** One topic, two queues: each of them has to hold every message. */
  @Test
  void everyQueueOfATopicIsAuditedByItself() {
    Ledger fanOut = new Ledger(1, 7);
    fanOut.accept(0, fanOut.send(0));
    fanOut.receive(7, 0, 0);
    assertThat(fanOut.audit()).isEmpty();

    fanOut.expectAgain();
    assertThat(fanOut.audit()).containsExactly("1 accepted messages were never received");

    fanOut.receive(7, 0, 0);
    assertThat(fanOut.audit()).isEmpty();
  }

  private final Ledger ledger = new Ledger(2, 42);

  @Test
  void aLedgerInBalanceFindsNothing() {
    for (int i = 0; i < 100_000; i++) {
      long sequence = ledger.send(1);
      ledger.accept(1, sequence);
      ledger.receive(42, 1, sequence);
    }

    assertThat(ledger.audit()).isEmpty();
    assertThat(ledger.received()).isEqualTo(100_000);
    assertThat(ledger.outstanding(1)).isZero();
  }

  @Test
  void aLostMessageIsFound() {
    ledger.accept(0, ledger.send(0));

    assertThat(ledger.failures()).isEmpty();
    assertThat(ledger.audit()).containsExactly("1 accepted messages were never received");
  }

  @Test
  void aMessageNeverAcceptedIsFound() {
    ledger.send(0);

    assertThat(ledger.audit()).containsExactly("1 of 1 messages were never accepted");
  }

  @Test
  void doubledAndInventedMessagesAreFound() {
    ledger.accept(0, ledger.send(0));
    ledger.accept(0, 0);
    ledger.receive(42, 0, 0);
    ledger.receive(42, 0, 0);
    ledger.receive(42, 0, 1);
    ledger.receive(41, 0, 0);
    ledger.receive(42, 2, 0);

    assertThat(ledger.audit())
        .containsExactly(
            "publisher 0: message 0 accepted twice or never sent",
            "publisher 0: message 0 received twice or never sent",
            "publisher 0: message 1 received twice or never sent",
            "a message that this run never sent",
            "a message that this run never sent");
  }

  @Test
  void millionsOfFailuresAreCountedNotKept() {
    for (int i = 0; i < 1_000_000; i++) {
      ledger.fail("broken");
    }

    assertThat(ledger.failures()).hasSize(11).last().isEqualTo("999990 failures more");
  }
}
