// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.util.random.RandomGenerator;

/** What survives a loss of power of a number of changes that were not forced. */
enum Survivors {
  NONE,
  ALL,
  PREFIX,
  SUBSET,
  REORDERED;

  private static final Survivors[] MODES = values();

  static Survivors draw(RandomGenerator random) {
    return MODES[random.nextInt(MODES.length)];
  }

  /** Which of so many changes are applied, in the order in which they are. */
  int[] choose(int changes, RandomGenerator random) {
    int count = this == NONE ? 0 : changes;
    if (this == PREFIX) {
      count = random.nextInt(changes + 1);
    }
    int[] chosen = new int[count];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (this == NONE || this == ALL || this == PREFIX || random.nextBoolean()) {
        chosen[kept++] = i;
      }
    }
    if (this == REORDERED) {
      for (int i = kept - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        int swapped = chosen[i];
        chosen[i] = chosen[other];
        chosen[other] = swapped;
      }
    }
    return java.util.Arrays.copyOf(chosen, kept);
  }
}
