// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Publishers and consumers on one queue at a fixed rate, kept whatever the server does. The disk is
 * probed just before, since it decides a good part of the figure.
 *
 * @param ratePerSecond messages of all publishers together; 0 = half of what the yardstick reaches
 *     in a closed loop with the same clients and size, measured in the same run
 * @param size bytes of a body
 */
record LatencyCell(int publishers, int consumers, int ratePerSecond, int size) implements Cell {
  private static final int PROBE_MILLIS = 2_000;

  @Override
  public String name() {
    String rate = ratePerSecond == 0 ? "half" : Integer.toString(ratePerSecond);
    return publishers + "+" + consumers + "@" + rate + " " + Cell.bytes(size);
  }

  @Override
  public Table table() {
    return Table.LATENCY;
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public Map<Metric, Double> measure(Peer peer, Stage stage) {
    int rate = ratePerSecond == 0 ? half(stage) : ratePerSecond;
    Peer.Running server = stage.warm(peer);
    DiskProbe.Latency disk = stage.disk().measure(PROBE_MILLIS);
    LoadReport report =
        stage.load(
            LoadOrder.timed(
                server.target(), publishers, consumers, size, stage.load(server), rate));
    Map<Metric, Double> values = new EnumMap<>(StreamCell.values(report));
    values.put(Metric.RATE, (double) rate);
    values.put(Metric.DISK_P50_MILLIS, disk.p50Micros() / 1e3);
    values.put(Metric.DISK_P99_MILLIS, disk.p99Micros() / 1e3);
    return values;
  }

  /** Half of what the yardstick reached; measures that once when nothing is known. */
  private int half(Stage stage) {
    StreamCell closed = new StreamCell(publishers, consumers, size);
    OptionalInt known = half(stage.known(), closed);
    if (known.isPresent()) {
      return known.getAsInt();
    }
    Peer yardstick = stage.yardstick();
    stage.remember(Sample.of(closed, yardstick.name(), 0, closed.measure(yardstick, stage)));
    return half(stage.known(), closed).orElseThrow();
  }

  /** Half of the median of the yardstick's rounds in a cell; empty if none succeeded. */
  static OptionalInt half(List<Sample> known, StreamCell closed) {
    double[] reached =
        known.stream()
            .filter(sample -> sample.cell().equals(closed))
            .filter(sample -> sample.peer().equals(Results.YARDSTICK))
            .filter(sample -> sample.failures().isEmpty())
            .mapToDouble(sample -> sample.values().getOrDefault(Metric.MESSAGES_PER_SECOND, 0.0))
            .toArray();
    return reached.length == 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.max(1, Spread.of(reached).median() / 2));
  }
}
