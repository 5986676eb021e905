// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.EnumMap;
import java.util.Map;

/**
 * Publishers and consumers on one queue, as fast as windows and credit allow.
 *
 * @param size bytes of a body
 */
record StreamCell(int publishers, int consumers, int size) implements Cell {
  @Override
  public String name() {
    return publishers + "+" + consumers + " " + Cell.bytes(size);
  }

  @Override
  public Table table() {
    return Table.STREAM;
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public Map<Metric, Double> measure(Peer peer, Stage stage) {
    Peer.Running server = stage.warm(peer);
    return values(
        stage.load(
            LoadOrder.timed(server.target(), publishers, consumers, size, stage.load(server), 0)));
  }

  /** What every timed load tells. */
  static Map<Metric, Double> values(LoadReport report) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    double messages = Math.min(report.acceptedInWindow(), report.receivedInWindow());
    values.put(Metric.MESSAGES_PER_SECOND, messages / report.windowSeconds());
    values.put(Metric.MESSAGES_PER_CPU_SECOND, 1e3 * messages / report.serverCpuMillis());
    values.put(Metric.LATENCY_P50_MILLIS, report.p50Micros() / 1e3);
    values.put(Metric.LATENCY_P99_MILLIS, report.p99Micros() / 1e3);
    values.put(Metric.SERVER_CORES, report.serverCpuMillis() / 1e3 / report.windowSeconds());
    values.put(Metric.GENERATOR_MICROS, 1e3 * report.generatorCpuMillis() / messages);
    return values;
  }
}
