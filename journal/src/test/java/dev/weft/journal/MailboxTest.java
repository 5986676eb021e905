// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private static final int CAPACITY = 8;

  private final TurnByTurn threads = new TurnByTurn(new SplittableRandom(1));
  private final AtomicInteger wakes = new AtomicInteger();
  private final List<String> late = new ArrayList<>();
  private final Mailbox<String> mailbox =
      new Mailbox<>(CAPACITY, threads, new CountingLoop(), late::add);

  @Test
  void urgentCommandWakesAnOwnerThatWaitsForCompany() {
    mailbox.awake();
    assertThat(mailbox.sleepUntilUrgent(1_000)).isEqualTo(1_000);
    mailbox.offer("an outcome", false);
    assertThat(wakes).hasValue(0);

    mailbox.offer("a message", true);

    assertThat(wakes).hasValue(1);
  }

  @Test
  void urgentCommandThatCameJustBeforeTheOwnerSleepsIsNotMissed() {
    mailbox.awake();
    mailbox.offer("a message", true);

    assertThat(mailbox.sleepUntilUrgent(1_000)).isZero();
  }

  @Test
  void pausingOwnerIsWokenByNameOnly() {
    mailbox.awake();
    assertThat(mailbox.pause(1_000)).isEqualTo(1_000);
    mailbox.offer("a message", true);
    assertThat(wakes).hasValue(0);

    mailbox.wake();

    assertThat(wakes).hasValue(1);
  }

  @Test
  void whatIsLeftAtTheEndAndWhatComesAfterIsHandedOutInOrder() {
    mailbox.offer("left", false);
    mailbox.end();

    mailbox.put("late");

    assertThat(late).containsExactly("left", "late");
  }

  // A full mailbox that nobody empties any more used to hold its caller for ever.
  @Test
  void putIntoAFullMailboxEndsWhenItsOwnerHasEnded() {
    for (int i = 0; i < CAPACITY; i++) {
      assertThat(mailbox.offer("left", false)).isTrue();
    }
    assertThat(mailbox.offer("too much", false)).isFalse();
    mailbox.end();
    for (int i = 0; i < 2 * CAPACITY; i++) {
      mailbox.put("late");
    }

    assertThat(late).hasSize(3 * CAPACITY);
  }

  private final class CountingLoop implements Threads.Loop {
    @Override
    public void start() {}

    @Override
    public void wake() {
      wakes.incrementAndGet();
    }

    @Override
    public boolean join(Duration atMost) {
      return true;
    }
  }
}
