// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.MpscChunkedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of commands to one loop, which sleeps on it between its turns. Any thread offers;
 * the loop alone polls, and says how it sleeps. A command that comes after the loop's end is handed
 * to {@code late} at once, on the thread that brings it.
 *
 * @param <T> command
 */
final class Mailbox<T> {
  private static final int AWAKE = 0;
  private static final int ASLEEP = 1;
  private static final int ASLEEP_UNTIL_URGENT = 2;
  private static final int PAUSING = 3;
  private static final int ENDED = 4;

  private final MpscChunkedVarHandleArrayQueue<T> queue;
  private final Threads threads;
  private final Threads.Loop owner;
  private final Consumer<T> late;

  /** Written by the owner, but for the way from asleep to awake. */
  private final AtomicInteger sleep = new AtomicInteger(AWAKE);

  Mailbox(int capacity, Threads threads, Threads.Loop owner, Consumer<T> late) {
    this.queue = new MpscChunkedVarHandleArrayQueue<>(Math.min(1024, capacity / 2), capacity);
    this.threads = threads;
    this.owner = owner;
    this.late = late;
  }

  /**
   * @param urgent wakes an owner that waits for company only
   * @return false if the mailbox is full; the command was not taken
   */
  boolean offer(T command, boolean urgent) {
    if (!queue.offer(command)) {
      return false;
    }
    int state = sleep.get();
    if (state != AWAKE) {
      offeredAsleep(state, urgent);
    }
    return true;
  }

  private void offeredAsleep(int state, boolean urgent) {
    if (state == ENDED) {
      handOutLate();
    } else if (state == ASLEEP || (state == ASLEEP_UNTIL_URGENT && urgent)) {
      wake(state);
    }
  }

  /** Like {@link #offer}, but waits while the mailbox is full. Not for loops. */
  void put(T command) {
    while (!offer(command, true)) {
      if (sleep.get() == ENDED) {
        handOutLate();
      } else {
        threads.giveWay();
      }
    }
  }

  /** Wakes the owner without a command. Any thread. */
  void wake() {
    wake(sleep.get());
  }

  private void wake(int state) {
    if (state != ENDED) {
      sleep.compareAndSet(state, AWAKE);
      owner.wake();
    }
  }

  // The owner's part.

  /** A turn begins. */
  void awake() {
    sleep.set(AWAKE);
  }

  @Nullable T poll() {
    return queue.poll();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** A turn ends: sleep until something is offered or the time is over. */
  long sleep(long nanos) {
    return sleepUnlessOffered(ASLEEP, nanos);
  }

  /** A turn ends: sleep until something urgent is offered or the time is over. */
  long sleepUntilUrgent(long nanos) {
    return sleepUnlessOffered(ASLEEP_UNTIL_URGENT, nanos);
  }

  /** A turn ends: sleep until the time is over or {@link #wake()}. */
  long pause(long nanos) {
    sleep.set(PAUSING);
    return nanos;
  }

  private long sleepUnlessOffered(int state, long nanos) {
    sleep.set(state);
    // An offer in between has advanced the queue's index before it looked at `sleep`: it is seen
    // here or sees us asleep.
    return queue.isEmpty() ? nanos : 0;
  }

  /** The owner ends; what is left and what is still offered comes late. */
  void end() {
    sleep.set(ENDED);
    handOutLate();
  }

  /** Serialised, since the queue knows one reader only. */
  private synchronized void handOutLate() {
    for (T command = queue.poll(); command != null; command = queue.poll()) {
      late.accept(command);
    }
  }
}
