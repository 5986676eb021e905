// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Every loop on the test's own thread, one turn after another, in an order and at times that the
 * generator chooses. Time moves only while every loop sleeps.
 */
final class TurnByTurn implements Threads {
  private static final int TURNS_MAX = 1_000_000;

  private final RandomGenerator random;
  private final List<SteppedLoop> loops = new ArrayList<>();
  private long nanos;
  private String held = "";
  private int heldTurns;

  TurnByTurn(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public Loop loop(String name, Turn turn) {
    SteppedLoop loop = new SteppedLoop(name, turn);
    loops.add(loop);
    return loop;
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void await(CompletableFuture<?> future) {
    runUntil(future::isDone);
  }

  @Override
  public void giveWay() {
    step();
  }

  /** Runs turns until that holds. */
  void runUntil(BooleanSupplier condition) {
    for (int turns = 0; !condition.getAsBoolean(); turns++) {
      if (turns == TURNS_MAX || !step()) {
        throw new AssertionError("it never comes; loops: " + loops);
      }
    }
  }

  /** Time that passes without a turn. */
  void advance(Duration by) {
    nanos += by.toNanos();
  }

  /** Lets every loop but the one of that name go on for so many turns. */
  void hold(String name, int turns) {
    held = name;
    heldTurns = turns;
  }

  /** One turn of one loop; false if none is left. */
  boolean step() {
    if (heldTurns > 0 && --heldTurns == 0) {
      held = "";
    }
    List<SteppedLoop> running = loops.stream().filter(SteppedLoop::isRunning).toList();
    if (running.isEmpty()) {
      return false;
    }
    List<SteppedLoop> due =
        running.stream().filter(loop -> loop.dueNanos <= nanos && !loop.name.equals(held)).toList();
    if (due.isEmpty()) {
      long next = running.stream().mapToLong(loop -> loop.dueNanos).min().orElseThrow();
      nanos = Math.max(nanos + 1, next);
      return true;
    }
    due.get(random.nextInt(due.size())).run();
    return true;
  }

  /** Loops that were started and did not end. */
  long running() {
    return loops.stream().filter(SteppedLoop::isRunning).count();
  }

  private final class SteppedLoop implements Loop {
    private final String name;
    private final Turn turn;
    private boolean started;
    private boolean ended;
    private boolean turning;
    private boolean woken;
    private long dueNanos;

    SteppedLoop(String name, Turn turn) {
      this.name = name;
      this.turn = turn;
    }

    boolean isRunning() {
      return started && !ended;
    }

    void run() {
      if (turning) {
        throw new AssertionError("a turn of " + name + " waits");
      }
      turning = true;
      woken = false;
      long sleep = turn.turn();
      turning = false;
      ended = sleep == Turn.ENDED;
      dueNanos = woken ? nanos : nanos + sleep;
    }

    @Override
    public void start() {
      started = true;
    }

    @Override
    public void wake() {
      woken = true;
      dueNanos = nanos;
    }

    @Override
    public boolean join(Duration atMost) {
      runUntil(() -> ended || !started);
      return true;
    }

    @Override
    public String toString() {
      return name + " due at " + dueNanos + (ended ? ", ended" : "");
    }
  }
}
