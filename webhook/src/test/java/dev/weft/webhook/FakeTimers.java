// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import dev.weft.queue.FakeClock;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Timers of a clock that is moved by hand; actions run on the event loop that asked. */
final class FakeTimers implements Timers {
  private final FakeClock clock;
  private final List<Pending> pending = new ArrayList<>();

  private record Pending(Instant due, Context owner, Runnable action) {}

  FakeTimers(FakeClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Timer after(Duration delay, Runnable action) {
    Context owner = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    Pending timer = new Pending(clock.instant().plus(delay), owner, action);
    pending.add(timer);
    return () -> cancel(timer);
  }

  private synchronized void cancel(Pending timer) {
    pending.remove(timer);
  }

  void advance(Duration by) {
    List<Pending> due = new ArrayList<>();
    synchronized (this) {
      clock.advance(by);
      for (Pending timer : pending) {
        if (!timer.due().isAfter(clock.instant())) {
          due.add(timer);
        }
      }
    }
    for (Pending timer : due) {
      timer.owner().runOnContext(fire -> fire(timer));
    }
  }

  private void fire(Pending timer) {
    boolean live;
    synchronized (this) {
      live = pending.remove(timer);
    }
    if (live) {
      timer.action().run();
    }
  }
}
