// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Runs things later, on the event loop that asked. Tests bring one that they move by hand. */
interface Timers {
  /** Call it on an event loop. */
  Timer after(Duration delay, Runnable action);

  /** One action that waits. */
  interface Timer {
    /** Idempotent; no effect once the action ran. */
    void cancel();
  }

  /** Those of Vert.x. */
  static Timers of(Vertx vertx) {
    return (delay, action) -> {
      long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> action.run());
      return () -> vertx.cancelTimer(id);
    };
  }
}
