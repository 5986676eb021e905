// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Runs the loops of an engine and has their time. The seam for tests: {@link #platform()} gives
 * each loop a thread of its own; a simulation runs all loops turn by turn on one thread, in an
 * order and at a time of its choice.
 *
 * <p>Loops never wait inside a turn, so an implementation needs no second thread to let one go on.
 */
public interface Threads {
  /** What a loop does over and over. */
  interface Turn {
    /** Answer of the last turn. */
    long ENDED = -1;

    /**
     * One pass over what there is to do. Never waits for another loop, and never throws. It may
     * come at any time, also before the time it asked for last.
     *
     * @return nanoseconds until the next turn unless {@link Loop#wake} comes before, 0 for at once,
     *     {@link #ENDED} for never again
     */
    long turn();
  }

  /** A loop, made but not started. */
  interface Loop {
    /** Lets the turns begin. Once. */
    void start();

    /** The next turn comes soon. Any thread, before the start as well. */
    void wake();

    /**
     * Waits for the last turn, from outside of the loops. An interrupt is kept for later.
     *
     * @return whether the last turn is over; true at once on the loop's own thread
     */
    boolean join(Duration atMost);
  }

  /** One thread per loop, and the system's clock for durations. */
  static Threads platform() {
    return PlatformThreads.INSTANCE;
  }

  /**
   * @param name of the loop, for logs and thread dumps
   */
  Loop loop(String name, Turn turn);

  /** Monotonic time, for durations only. */
  long nanoTime();

  /** Waits, outside of the loops, until it is completed either way. */
  void await(CompletableFuture<?> future);

  /** Lets the loops go on for a moment, outside of them, while a mailbox is full. */
  void giveWay();
}
