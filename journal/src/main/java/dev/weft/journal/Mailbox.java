// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscChunkedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of commands to one thread, which sleeps on it. Any thread offers; one thread, the
 * owner, polls and sleeps.
 *
 * @param <T> command
 */
final class Mailbox<T> {
  private static final int AWAKE = 0;
  private static final int ASLEEP = 1;
  private static final int ASLEEP_UNTIL_URGENT = 2;

  private final MpscChunkedVarHandleArrayQueue<T> queue;
  private final Thread owner;
  private volatile int sleep = AWAKE;

  Mailbox(int capacity, Thread owner) {
    this.queue = new MpscChunkedVarHandleArrayQueue<>(Math.min(1024, capacity / 2), capacity);
    this.owner = owner;
  }

  /**
   * @param urgent wakes an owner that waits for company only
   * @return false if the mailbox is full; the command was not taken
   */
  boolean offer(T command, boolean urgent) {
    if (!queue.offer(command)) {
      return false;
    }
    int state = sleep;
    if (state == ASLEEP || (state == ASLEEP_UNTIL_URGENT && urgent)) {
      sleep = AWAKE;
      LockSupport.unpark(owner);
    }
    return true;
  }

  /**
   * Like {@link #offer}, but waits while the mailbox is full. Not for the loops among themselves,
   * but for those who feed them.
   */
  void put(T command) {
    while (!offer(command, true)) {
      LockSupport.parkNanos(50_000);
    }
  }

  @Nullable T poll() {
    return queue.poll();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Sleeps until something is offered or the time is over. */
  void sleep(long nanos) {
    park(nanos, ASLEEP);
  }

  /** Sleeps until something urgent is offered or the time is over. */
  void sleepUntilUrgent(long nanos) {
    park(nanos, ASLEEP_UNTIL_URGENT);
  }

  /** Sleeps until the time is over. */
  static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Wakes the owner without a command, to look at its timers. */
  void wake() {
    sleep = AWAKE;
    LockSupport.unpark(owner);
  }

  private void park(long nanos, int state) {
    sleep = state;
    // An offer in between has advanced the queue's index before it looked at `sleep`: it is seen
    // here or sees us asleep.
    if (queue.isEmpty() || state == ASLEEP_UNTIL_URGENT) {
      LockSupport.parkNanos(this, nanos);
    }
    sleep = AWAKE;
  }
}
