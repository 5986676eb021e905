// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.EnumMap;
import java.util.Map;

/** Start, rest, stop. */
record FootprintCell() implements Cell {
  private static final double MEBIBYTE = 1 << 20;
  private static final int REST_SECONDS = 5;

  @Override
  public String name() {
    return "footprint";
  }

  @Override
  public Table table() {
    return Table.FOOTPRINT;
  }

  @Override
  public int rounds() {
    return 5;
  }

  @Override
  public Map<Metric, Double> measure(Peer peer, Stage stage) {
    stage.stopAll();
    peer.wipe();
    try (Peer.Running server = stage.start(peer, Demand.NONE)) {
      Map<Metric, Double> values = new EnumMap<>(Metric.class);
      values.put(Metric.START_MILLIS, server.process().startMillis());
      values.put(
          Metric.IDLE_RESIDENT_MIB, server.process().residentBytesAfter(REST_SECONDS) / MEBIBYTE);
      values.put(Metric.STOP_MILLIS, server.process().stop());
      return values;
    }
  }
}
