// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs the loops of an engine turn by turn on the calling thread, in an order drawn from a seed.
 * Time stands still while any loop has something to do and jumps to the next deadline when none
 * has; the wall clock goes with it. Belongs to one thread; a listener may call the engine, and what
 * it may not is wait.
 */
public final class SeededLoops implements Threads {
  /** Turns that an answer may take; more means that nobody will ever give it. */
  private static final int TURNS_MAX = 100_000;

  private final FakeClock clock;
  private final RandomGenerator random;
  private final List<TurnLoop> loops = new ArrayList<>();
  private long nanos = 1_000_000_000_000L;
  private long unseenNanos;
  private boolean inTurn;
  private long turns;
  private long trace;

  /**
   * @param random draws whose turn it is
   */
  public SeededLoops(FakeClock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  private static final class TurnLoop implements Loop {
    final String name;
    final Turn turn;
    boolean started;
    boolean awake = true;
    boolean ended;
    long dueNanos;
    private final SeededLoops threads;

    TurnLoop(SeededLoops threads, String name, Turn turn) {
      this.threads = threads;
      this.name = name;
      this.turn = turn;
    }

    @Override
    public String toString() {
      return name + (ended ? " ended" : " due at " + dueNanos);
    }

    @Override
    public void start() {
      started = true;
    }

    @Override
    public void wake() {
      awake = true;
    }

    @Override
    public boolean join(Duration atMost) {
      long end = threads.nanos + atMost.toNanos();
      while (!ended && started && !threads.inTurn && threads.nanos < end) {
        threads.turn(end);
      }
      return ended || threads.inTurn;
    }
  }

  @Override
  public Loop loop(String name, Turn turn) {
    TurnLoop loop = new TurnLoop(this, name, turn);
    loops.add(loop);
    return loop;
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void await(CompletableFuture<?> future) {
    for (int i = 0; !future.isDone(); i++) {
      if (i == TURNS_MAX) {
        throw new AssertionError("nobody answers: " + loops);
      }
      giveWay();
    }
  }

  @Override
  public void giveWay() {
    if (inTurn) {
      throw new AssertionError("a listener waits for the engine");
    }
    turn(Long.MAX_VALUE);
  }

  /** Turns so far. */
  public long turns() {
    return turns;
  }

  /** A number that tells two runs apart: whose turns came, when, and what else was noted. */
  public long trace() {
    return trace;
  }

  /** Makes something a part of the {@link #trace()}. */
  public void note(long what) {
    trace = trace * 0x9E3779B97F4A7C15L + what;
    trace ^= trace >>> 29;
  }

  /** Runs that many turns, fewer when nothing is left to do now. */
  public void run(int count) {
    for (int i = 0; i < count; i++) {
      TurnLoop next = pick();
      if (next == null) {
        return;
      }
      turn(next);
    }
  }

  /** Runs everything that is due within that time. */
  public void runFor(Duration time) {
    long end = nanos + time.toNanos();
    for (int i = 0; nanos < end; i++) {
      if (i == TURNS_MAX) {
        throw new AssertionError("the engine does not come to rest: " + loops);
      }
      turn(end);
    }
  }

  /** Gives one loop its turn, or lets the time go to the next deadline, at most until then. */
  private void turn(long untilNanos) {
    TurnLoop next = pick();
    if (next != null) {
      turn(next);
      return;
    }
    long due = untilNanos;
    boolean any = false;
    for (TurnLoop loop : loops) {
      if (loop.started && !loop.ended) {
        due = Math.min(due, loop.dueNanos);
        any = true;
      }
    }
    if (!any && untilNanos == Long.MAX_VALUE) {
      throw new AssertionError("no loop is left to give the answer");
    }
    passTo(due);
  }

  private void passTo(long due) {
    unseenNanos += due - nanos;
    nanos = due;
    // Whole milliseconds only, since that is what the engine's clock counts.
    clock.advance(Duration.ofMillis(unseenNanos / 1_000_000));
    unseenNanos %= 1_000_000;
  }

  private @Nullable TurnLoop pick() {
    int ready = 0;
    TurnLoop chosen = null;
    for (TurnLoop loop : loops) {
      if (loop.started && !loop.ended && (loop.awake || loop.dueNanos <= nanos)) {
        ready++;
        // Each of those that are ready has the same chance.
        if (ready == 1 || random.nextInt(ready) == 0) {
          chosen = loop;
        }
      }
    }
    return chosen;
  }

  private void turn(TurnLoop loop) {
    turns++;
    note(loops.indexOf(loop));
    note(nanos);
    loop.awake = false;
    inTurn = true;
    long answer;
    try {
      answer = loop.turn.turn();
    } finally {
      inTurn = false;
    }
    if (answer == Turn.ENDED) {
      loop.ended = true;
    } else {
      loop.dueNanos = nanos + answer;
    }
  }
}
