// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * From a seed to the first broken promise, or null: a run of the simulation that also tries kills
 * and losses of power in between. Public, because {@link PlantedFault} makes one by name in a class
 * loader of its own.
 */
public final class Hunt implements LongFunction<@Nullable String> {
  private static final int OPERATIONS = 80;

  private final Campaign campaign =
      new Campaign(
          OPERATIONS,
          random -> random.nextInt(6) == 0 ? new Probe.Ending(1, 1) : Probe.Ending.NONE);

  @Override
  public @Nullable String apply(long seed) {
    return campaign.run(seed, campaign.operations(seed)).fault();
  }
}
