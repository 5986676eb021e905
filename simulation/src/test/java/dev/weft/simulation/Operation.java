// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One step of a random run. The numbers are read modulo what exists when the step comes, so that
 * every subset of a run is a run: that makes failures shrink.
 */
record Operation(Kind kind, int a, int b) {
  /** What it does, and how often it is drawn. */
  enum Kind {
    PUBLISH(30),
    BURST(4),
    SETTLE(26),
    GRANT(12),
    ATTACH(8),
    LEAVE(3),
    DRAIN(2),
    REVOKE(1),
    TURNS(10),
    TIME(6),
    CLOCK(1),
    REST(3),
    CHANGE(2),
    PURGE(1),
    DELETE(1),
    STOP(1),
    KILL(2),
    POWER_LOSS(2),
    FAULT(1),
    ROOM(1);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }
  }

  private static final List<Kind> URN =
      Arrays.stream(Kind.values())
          .flatMap(kind -> java.util.Collections.nCopies(kind.weight, kind).stream())
          .toList();

  static List<Operation> draw(RandomGenerator random, int count) {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      operations.add(
          new Operation(
              URN.get(random.nextInt(URN.size())),
              random.nextInt(1 << 20),
              random.nextInt(1 << 20)));
    }
    return operations;
  }
}
