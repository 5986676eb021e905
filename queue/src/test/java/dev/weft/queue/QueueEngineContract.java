// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * The contract kit: what every engine promises, one test per promise, grouped by the interfaces it
 * implements. An engine's test extends it, opens the engine on the given clock and lets it act when
 * that clock was moved. A behaviour that is not in the kit is not a promise.
 */
@Timeout(120)
public abstract class QueueEngineContract
    implements AppendPromises,
        QueuePromises,
        CreditPromises,
        SettlementPromises,
        RedeliveryPromises,
        DeadMessagePromises,
        TimeToLivePromises,
        ModelPromises {

  /** An engine may hold timers after a bigger jump of the clock. */
  private static final Duration STEP_MAX = Duration.ofSeconds(30);

  private final FakeClock clock = new FakeClock();
  private @Nullable QueueEngine engine;

  /** A fresh, empty engine. A test may open several, and closes each. */
  protected abstract QueueEngine open(InstantSource clock);

  /**
   * Returns when the engine has done everything it was told before by this thread and everything
   * due by its clock, listeners included. Called after the clock moved.
   */
  protected abstract void poke(QueueEngine engine);

  @BeforeEach
  final void openEngine() {
    engine = open(clock);
  }

  @AfterEach
  final void closeEngine() {
    engine().close();
  }

  @Override
  public final QueueEngine engine() {
    return Objects.requireNonNull(engine);
  }

  @Override
  public final void advance(Duration by) {
    poke(engine());
    Duration left = by;
    while (left.isPositive()) {
      Duration step = left.compareTo(STEP_MAX) < 0 ? left : STEP_MAX;
      clock.advance(step);
      poke(engine());
      left = left.minus(step);
    }
  }

  @Override
  public final QueueEngine openAnother(InstantSource otherClock) {
    return open(otherClock);
  }

  @Override
  public final void pokeEngine(QueueEngine other) {
    poke(other);
  }
}
