// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What clients were promised and what they know (T-300). {@link Audit} holds it against a store.
 */
final class Ledger {
  /** A call whose answer did not come yet. */
  sealed interface Pending {
    QueueName name();

    record Declaration(QueueName name, QueueSettings settings) implements Pending {}

    record Deletion(QueueName name) implements Pending {}
  }

  final SortedMap<QueueName, QueueLife> queues = new TreeMap<>();
  final List<Publication> publications = new ArrayList<>();
  @Nullable Pending pending;

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final LongConsumer trace;
  private @Nullable String fault;
  private int life;
  private long clockMaxMillis;
  private long nanosSeen;
  private boolean leapt;
  private long beforeLeapMillis;

  /**
   * @param clock the wall clock
   * @param nanos monotonic time, which begins anew with each life
   * @param trace hears of everything that two runs of one seed must agree on
   */
  Ledger(InstantSource clock, LongSupplier nanos, LongConsumer trace) {
    this.clock = clock;
    this.nanos = nanos;
    this.trace = trace;
  }

  /** Number of the engine's present life; listeners of another one are deaf. */
  int life() {
    return life;
  }

  void nextLife() {
    life++;
    nanosSeen = Long.MAX_VALUE;
    leapt = false;
    queues.values().forEach(queue -> queue.freshSequence = 0);
  }

  long clockMillis() {
    return clock.millis();
  }

  /**
   * The latest time by which the engine may act: it goes on at its own pace when the clock falls
   * back.
   */
  long clockMaxMillis() {
    long now = nanos.getAsLong();
    long passed = nanosSeen > now ? 0 : now - nanosSeen;
    nanosSeen = now;
    clockMaxMillis = Math.max(clockMaxMillis + (passed + 999_999) / 1_000_000, clock.millis());
    return clockMaxMillis;
  }

  /** The clock is about to leap ahead: expiry may be held from now on. */
  void leap() {
    beforeLeapMillis = Math.min(clock.millis(), leapt ? beforeLeapMillis : Long.MAX_VALUE);
    leapt = true;
  }

  /** The earliest time by which the engine may stamp what is published now. */
  long stampMinMillis() {
    return leapt ? Math.min(beforeLeapMillis, clock.millis()) : clock.millis();
  }

  boolean leapt() {
    return leapt;
  }

  void trace(long what) {
    trace.accept(what);
  }

  void note(Publication answered) {
    trace(31L * answered.number + answered.answer.name().hashCode());
  }

  /** The first broken promise is kept: the engine swallows what its listeners throw. */
  void require(boolean holds, Supplier<String> what) {
    if (!holds && fault == null) {
      fault = what.get();
    }
  }

  @Nullable String fault() {
    return fault;
  }

  void check() {
    if (fault != null) {
      throw new AssertionError(fault);
    }
  }

  /** Publications that have no answer yet. */
  long unanswered() {
    return publications.stream()
        .filter(publication -> publication.answer == Publication.Answer.NONE)
        .count();
  }

  /** Their size. */
  long bytesUnanswered() {
    return publications.stream()
        .filter(publication -> publication.answer == Publication.Answer.NONE)
        .mapToLong(publication -> publication.message.size())
        .sum();
  }

  /** A queue was deleted: nothing of it may come back, but what went elsewhere before. */
  void end(QueueLife queue) {
    for (Publication publication : publications) {
      for (Copy copy : publication.copies) {
        if (copy.at == queue) {
          copy.held = null;
          copy.purgeAsked = true;
          copy.gone |= !copy.mayMove(clockMaxMillis());
        } else if (copy.mayMove(queue.name, clockMaxMillis())) {
          copy.purgeAsked = true;
        }
      }
    }
  }

  /** What is in the queue may go. */
  void purgeAsked(QueueLife queue) {
    for (Publication publication : publications) {
      for (Copy copy : publication.copies) {
        copy.purgeAsked |= copy.at == queue || copy.mayMove(queue.name, clockMaxMillis());
      }
    }
  }

  @Nullable Publication publication(byte[] body) {
    int number = Publication.number(body);
    return number < 0 || number >= publications.size() ? null : publications.get(number);
  }
}
