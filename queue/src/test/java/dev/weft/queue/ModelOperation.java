// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One step of a random run. The numbers are read modulo what exists when the step comes, so that
 * every subset of a run is a run: that makes failures shrink.
 */
record ModelOperation(Kind kind, int a, int b) {
  /** What it does, and how often it is drawn. */
  enum Kind {
    APPEND(25),
    SETTLE(30),
    GRANT(14),
    ADVANCE(10),
    ATTACH(7),
    LEAVE(4),
    DRAIN(4),
    REVOKE(2),
    CHANGE(4),
    PURGE(1),
    DELETE(1);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }
  }

  static List<ModelOperation> draw(RandomGenerator random, int count) {
    List<Kind> urn = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < kind.weight; i++) {
        urn.add(kind);
      }
    }
    List<ModelOperation> operations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      operations.add(
          new ModelOperation(
              urn.get(random.nextInt(urn.size())),
              random.nextInt(1 << 20),
              random.nextInt(1 << 20)));
    }
    return operations;
  }
}
