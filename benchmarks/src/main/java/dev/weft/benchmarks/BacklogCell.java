// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Fill a queue, kill the server, start it, stop it, start it, drain.
 *
 * @param size bytes of a body
 * @param heap {@code -Xmx} of our server
 */
record BacklogCell(long messages, int size, String heap) implements Cell {
  private static final long MILLION = 1_000_000;
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    String count = messages % MILLION == 0 ? messages / MILLION + " M" : Long.toString(messages);
    return "backlog " + count + " × " + Cell.bytes(size);
  }

  @Override
  public Table table() {
    return Table.BACKLOG;
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public long waitingBytes() {
    // What a message takes beside its body is counted by a queue's limit too.
    return messages * (size + 512L);
  }

  @Override
  public Map<Metric, Double> measure(Peer peer, Stage stage) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    Demand demand = Demand.heap(heap);
    stage.stopAll();
    peer.wipe();
    try (Peer.Running server = stage.start(peer, demand)) {
      LoadReport fill =
          stage.load(
              LoadOrder.fill(server.target(), Stage.CREW, size, messages, stage.load(server)));
      values.put(Metric.FILL_PER_SECOND, messages / fill.windowSeconds());
      values.put(Metric.FULL_RESIDENT_MIB, fill.serverResidentBytes() / MEBIBYTE);
      OptionalLong used = HeapGauge.usedAfterCollection(server.process());
      if (used.isPresent()) {
        values.put(Metric.FULL_HEAP_MIB, used.getAsLong() / MEBIBYTE);
      }
      server.process().kill();
    }
    try (Peer.Running server = stage.start(peer, demand)) {
      values.put(Metric.FIRST_AFTER_KILL_MILLIS, first(server, stage));
      server.process().stop();
    }
    try (Peer.Running server = stage.start(peer, demand)) {
      double ordered = server.process().sinceSpawnMillis();
      long rest = messages - 1;
      LoadReport drain =
          stage.load(
              LoadOrder.receive(server.target(), Stage.CREW, rest, true, stage.load(server)));
      values.put(Metric.FIRST_AFTER_STOP_MILLIS, ordered + drain.firstDeliveryMillis());
      values.put(Metric.DRAIN_PER_SECOND, rest / drain.windowSeconds());
      values.put(Metric.DRAIN_PER_CPU_SECOND, 1e3 * rest / drain.serverCpuMillis());
      server.process().stop();
    }
    return values;
  }

  /** From the spawn of the server to the first delivery, in milliseconds. */
  private static double first(Peer.Running server, Stage stage) {
    double ordered = server.process().sinceSpawnMillis();
    LoadReport one =
        stage.load(LoadOrder.receive(server.target(), 1, 1, false, stage.load(server)));
    return ordered + one.firstDeliveryMillis();
  }
}
