// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Runs worlds, one per seed, and makes the operations of one that fails as few as they can be. */
final class Campaign {
  /** Attempts to make a failing run shorter. */
  private static final int SHRINKS_MAX = 400;

  private final int operations;
  private final Probe.Endings endings;
  private long points;
  private long stops;

  Campaign(int operations, Probe.Endings endings) {
    this.operations = operations;
    this.endings = endings;
  }

  /** What a run came to. */
  record Outcome(@Nullable String fault, long trace, String history) {}

  long points() {
    return points;
  }

  /** Stops and breaks so far. */
  long stops() {
    return stops;
  }

  List<Operation> operations(long seed) {
    return Operation.draw(new SplittableRandom(seed), operations);
  }

  Outcome run(long seed, List<Operation> steps) {
    Probe probe = new Probe(seed, endings);
    World world = new World(seed, probe);
    try {
      world.start();
      for (Operation step : steps) {
        world.step(step);
      }
      world.close();
      world.ledger.check();
      return new Outcome(null, world.trace(), world.history());
    } catch (AssertionError | RuntimeException e) {
      StackTraceElement[] stack = e.getStackTrace();
      return new Outcome(
          e + (e instanceof AssertionError || stack.length == 0 ? "" : " at " + stack[0]),
          world.trace(),
          world.history());
    } finally {
      points += probe.points();
      stops += world.stops();
    }
  }

  /**
   * @param property that lets the seed be the first
   * @throws AssertionError with the seed and the shortest run found that still fails
   */
  void requireKept(String property, long seed) {
    List<Operation> steps = operations(seed);
    Outcome outcome = run(seed, steps);
    if (outcome.fault() != null) {
      throw new AssertionError(property + "=" + seed + ": " + shrunk(seed, steps, outcome));
    }
  }

  private String shrunk(long seed, List<Operation> failing, Outcome first) {
    List<Operation> shortest = failing;
    Outcome outcome = first;
    int attempts = 0;
    for (int piece = failing.size() / 2; piece > 0; piece /= 2) {
      int from = 0;
      while (from < shortest.size() && attempts < SHRINKS_MAX) {
        attempts++;
        List<Operation> shorter = new ArrayList<>(shortest.subList(0, from));
        shorter.addAll(shortest.subList(Math.min(shortest.size(), from + piece), shortest.size()));
        Outcome still = run(seed, shorter);
        if (still.fault() == null) {
          from += piece;
        } else {
          shortest = shorter;
          outcome = still;
        }
      }
    }
    return outcome.fault()
        + "\n  (at first: "
        + first.fault()
        + ")\n  shrunk to "
        + shortest.size()
        + " operations: "
        + outcome.history();
  }
}
