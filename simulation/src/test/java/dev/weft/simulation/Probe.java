// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import dev.weft.journal.FakeDisk;
import dev.weft.journal.JournalEngine;
import dev.weft.journal.JournalSettings;
import dev.weft.journal.SeededLoops;
import dev.weft.queue.FakeClock;
import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ends a copy of the world before operations of its disk, opens the store that is left, and holds
 * it against the ledger of that very moment. The world itself goes on as if nothing had been.
 */
final class Probe {
  /** How often copies end by a kill and by a loss of power before one operation. */
  record Ending(int kills, int powerLosses) {
    static final Ending NONE = new Ending(0, 0);
  }

  /** Draws what happens before the next operation. */
  interface Endings {
    Ending next(SplittableRandom random);
  }

  /** No copy is made. */
  static final Endings NONE = _ -> Ending.NONE;

  private final Endings endings;
  private final SplittableRandom random;
  private long points;

  Probe(long seed, Endings endings) {
    this.random = new SplittableRandom(seed);
    this.endings = endings;
  }

  /** Stores that were opened and judged. */
  long points() {
    return points;
  }

  void beforeOperation(World world) {
    Ending next = endings.next(random);
    for (int i = 0; i < next.kills(); i++) {
      end(world, false);
    }
    for (int i = 0; i < next.powerLosses(); i++) {
      end(world, true);
    }
  }

  private void end(World world, boolean powerLoss) {
    points++;
    long seed = random.nextLong();
    SplittableRandom own = new SplittableRandom(seed);
    FakeDisk copy = world.disk.copy();
    FakeDisk left = powerLoss ? copy.afterPowerLoss(own) : copy.afterKill();
    boolean lost = powerLoss || world.powerLost();
    Audit.After after = lost ? Audit.After.POWER_LOSS : Audit.After.KILL;
    try {
      if (own.nextInt(8) == 0) {
        boolean again = own.nextBoolean();
        left = brokenOff(left, world.settings, world.clock, own, again);
        after = lost || again ? Audit.After.POWER_LOSS : Audit.After.KILL;
      }
      String fault = judge(world, left, after, own);
      Audit.After how = after;
      world.ledger.require(fault == null, () -> "probe of " + how + " " + seed + ": " + fault);
    } catch (RuntimeException | AssertionError e) {
      Audit.After how = after;
      world.ledger.require(
          false, () -> "probe of " + how + " " + seed + ": the store does not open: " + trace(e));
    }
  }

  private static String trace(Throwable e) {
    StackTraceElement[] stack = e.getStackTrace();
    return e + (stack.length > 0 ? " at " + stack[0] : "");
  }

  private static @Nullable String judge(
      World world, FakeDisk left, Audit.After after, SplittableRandom random) {
    FakeClock clock = new FakeClock(world.clock.instant());
    SeededLoops threads = new SeededLoops(clock, random.split());
    JournalEngine engine = JournalEngine.open(left, threads, world.settings, clock, random.split());
    FakeDisk opened = left.copy();
    Shown shown = Shown.of(engine, threads);
    String fault = Audit.fault(world.ledger, shown, after, clock.millis());
    if (fault != null || random.nextInt(4) != 0) {
      return fault;
    }
    // What an open store shows must be on the platter, however it was read.
    FakeDisk again = opened.afterPowerLoss(random);
    FakeClock sameTime = new FakeClock(world.clock.instant());
    SeededLoops othersThreads = new SeededLoops(sameTime, random.split());
    JournalEngine second =
        JournalEngine.open(again, othersThreads, world.settings, sameTime, random.split());
    Shown shownAgain = Shown.of(second, othersThreads);
    return shown.content().equals(shownAgain.content())
        ? null
        : "a power loss after the store was open changes %s to %s (R-215)"
            .formatted(shown.content(), shownAgain.content());
  }

  /** Opens the store, and ends that as well, before one of its first operations. */
  static FakeDisk brokenOff(
      FakeDisk left,
      JournalSettings settings,
      FakeClock clock,
      SplittableRandom random,
      boolean powerLoss) {
    long last = left.operations() + random.nextInt(24);
    FakeDisk[] after = new FakeDisk[1];
    left.fault(
        (_, _, number) -> {
          if (number >= last) {
            if (after[0] == null) {
              after[0] = powerLoss ? left.afterPowerLoss(random) : left.afterKill();
            }
            throw new IOException("the machine is off");
          }
          return true;
        });
    FakeClock ownClock = new FakeClock(clock.instant());
    try {
      JournalEngine.open(
          left, new SeededLoops(ownClock, random.split()), settings, ownClock, random.split());
    } catch (dev.weft.journal.StoreException.Unreadable e) {
      if (after[0] == null) {
        throw e;
      }
    }
    if (after[0] != null) {
      return after[0];
    }
    left.fault(null);
    return powerLoss ? left.afterPowerLoss(random) : left.afterKill();
  }
}
