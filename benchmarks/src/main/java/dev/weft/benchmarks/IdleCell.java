// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Connections with an attached publisher that never publishes: what each of them costs, and what
 * the clients at work notice of them.
 *
 * @param connections idle ones
 * @param size bytes of a body of the clients at work
 */
record IdleCell(int connections, int size) implements Cell {
  private static final double KIBIBYTE = 1024;
  private static final int RATE_PER_SECOND = 5_000;

  @Override
  public String name() {
    return connections + " idle connections";
  }

  @Override
  public Table table() {
    return Table.IDLE;
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public Map<Metric, Double> measure(Peer peer, Stage stage) {
    stage.stopAll();
    peer.wipe();
    // Some more than the idle ones, for the clients at work.
    try (Peer.Running server = stage.start(peer, Demand.connections(connections + 100))) {
      stage.heat(server);
      Map<Metric, Double> values = new EnumMap<>(Metric.class);
      values.put(Metric.P99_ALONE_MILLIS, p99(server, stage));
      OptionalLong heap = HeapGauge.usedAfterCollection(server.process());
      long resident = server.process().residentBytes();
      BystanderReport arrived =
          stage
              .generator()
              .letIn(new BystanderOrder(server.target(), connections, BystanderOrder.Kind.IDLE));
      values.put(Metric.OPENED_PER_SECOND, connections / arrived.seconds());
      values.put(Metric.P99_BESIDE_MILLIS, p99(server, stage));
      OptionalLong fullHeap = HeapGauge.usedAfterCollection(server.process());
      if (heap.isPresent() && fullHeap.isPresent()) {
        values.put(
            Metric.CONNECTION_HEAP_KIB,
            (fullHeap.getAsLong() - heap.getAsLong()) / KIBIBYTE / connections);
      }
      values.put(
          Metric.CONNECTION_RESIDENT_KIB,
          (server.process().residentBytes() - resident) / KIBIBYTE / connections);
      stage.generator().sendAway();
      server.process().stop();
      return values;
    } catch (BenchFailure e) {
      stage.generator().clear();
      throw e;
    }
  }

  private double p99(Peer.Running server, Stage stage) {
    LoadReport report =
        stage.load(
            LoadOrder.timed(server.target(), 1, 1, size, stage.load(server), RATE_PER_SECOND));
    return report.p99Micros() / 1e3;
  }
}
