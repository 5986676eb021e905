// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** A thread per loop, parked between turns. Stateless. */
final class PlatformThreads implements Threads {
  static final PlatformThreads INSTANCE = new PlatformThreads();

  private static final long GIVE_WAY_NANOS = 50_000;

  private PlatformThreads() {}

  @Override
  public Loop loop(String name, Turn turn) {
    return new ThreadLoop(name, turn);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void await(CompletableFuture<?> future) {
    future.handle((_, _) -> true).join();
  }

  @Override
  public void giveWay() {
    LockSupport.parkNanos(GIVE_WAY_NANOS);
  }

  private static final class ThreadLoop implements Loop {
    private final Turn turn;
    private final Thread thread;

    ThreadLoop(String name, Turn turn) {
      this.turn = turn;
      this.thread = new Thread(this::run, name);
    }

    private void run() {
      for (long nanos = turn.turn(); nanos != Turn.ENDED; nanos = turn.turn()) {
        if (nanos > 0) {
          // A wake that came since the turn looked has left a permit: the thread passes.
          LockSupport.parkNanos(this, nanos);
        }
      }
    }

    @Override
    public void start() {
      thread.start();
    }

    @Override
    public void wake() {
      LockSupport.unpark(thread);
    }

    @Override
    public boolean join(Duration atMost) {
      boolean interrupted = Thread.interrupted();
      long end = System.nanoTime() + atMost.toNanos();
      while (thread != Thread.currentThread() && thread.isAlive()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          break;
        }
        try {
          thread.join(Duration.ofNanos(left));
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return thread == Thread.currentThread() || !thread.isAlive();
    }
  }
}
