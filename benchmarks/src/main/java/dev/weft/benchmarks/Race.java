// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs every cell, round by round, with the peers in turn within a round, so that a slow minute of
 * the machine hits all of them. For streams all servers run all the time, heated once: what is
 * compared is long-running servers, and an idle one costs nothing worth noting. Only the server
 * under load works.
 */
final class Race {
  private static final double MEBIBYTE = 1 << 20;

  /** Clients that fill and drain a backlog, and that heat a server. */
  private static final int CREW = 4;

  private final List<Peer> peers;
  private final LoadProcess generator;
  private final RaceSettings settings;
  private final Progress progress;
  private final Map<Peer, Peer.Running> running = new HashMap<>();
  private final Map<String, String> jvmFlags = new LinkedHashMap<>();
  private final List<Sample> samples = new ArrayList<>();

  Race(List<Peer> peers, LoadProcess generator, RaceSettings settings, Progress progress) {
    this.peers = List.copyOf(peers);
    this.generator = generator;
    this.settings = settings;
    this.progress = progress;
  }

  /** Measurements that {@link #run} will take. */
  static int steps(List<Cell> cells, int peers, int rounds) {
    return cells.stream().mapToInt(cell -> peers * (rounds > 0 ? rounds : cell.rounds())).sum();
  }

  /** Everything that was measured, in the order of measuring. */
  List<Sample> run(List<Cell> cells) {
    try {
      for (Cell cell : cells) {
        if (!(cell instanceof Cell.Stream)) {
          stopAll();
        }
        int rounds = settings.rounds() > 0 ? settings.rounds() : cell.rounds();
        for (int round = 1; round <= rounds; round++) {
          for (Peer peer : peers) {
            progress.doing(cell.name() + ", " + peer.name() + ", round " + round);
            samples.add(sample(cell, peer, round));
            progress.done();
          }
        }
      }
      return samples;
    } finally {
      stopAll();
    }
  }

  /** Options of every server's JVM, by the name of the peer. */
  Map<String, String> jvmFlags() {
    return jvmFlags;
  }

  private Sample sample(Cell cell, Peer peer, int round) {
    try {
      return switch (cell) {
        case Cell.Stream stream -> stream(stream, peer, round);
        case Cell.Backlog backlog -> backlog(backlog, peer, round);
        case Cell.Footprint footprint -> footprint(footprint, peer, round);
      };
    } catch (BenchFailure e) {
      retire(peer);
      return Sample.failed(cell, peer.name(), round, List.of(String.valueOf(e.getMessage())));
    }
  }

  private Sample stream(Cell.Stream cell, Peer peer, int round) {
    Peer.Running server = warm(peer);
    LoadReport report =
        generator.run(
            LoadOrder.timed(
                server.target(),
                cell.publishers(),
                cell.consumers(),
                cell.size(),
                settings.load(server.process().pid()),
                cell.ratePerSecond()));
    if (!report.failures().isEmpty()) {
      // Its queue may hold messages that the next load would take for foreign ones.
      retire(peer);
      return Sample.failed(cell, peer.name(), round, report.failures());
    }
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    double messages = Math.min(report.acceptedInWindow(), report.receivedInWindow());
    values.put(Metric.MESSAGES_PER_SECOND, messages / report.windowSeconds());
    values.put(Metric.MESSAGES_PER_CPU_SECOND, 1e3 * messages / report.serverCpuMillis());
    values.put(Metric.LATENCY_P50_MILLIS, report.p50Micros() / 1e3);
    values.put(Metric.LATENCY_P99_MILLIS, report.p99Micros() / 1e3);
    values.put(Metric.SERVER_CORES, report.serverCpuMillis() / 1e3 / report.windowSeconds());
    values.put(Metric.GENERATOR_MICROS, 1e3 * report.generatorCpuMillis() / messages);
    return Sample.of(cell, peer.name(), round, values);
  }

  /** The peer's server, started and heated if it does not run. */
  private Peer.Running warm(Peer peer) {
    Peer.Running known = running.get(peer);
    if (known != null) {
      return known;
    }
    peer.wipe();
    Peer.Running server = start(peer, null);
    running.put(peer, server);
    LoadReport heat =
        generator.run(
            LoadOrder.timed(
                server.target(), CREW, CREW, 1024, settings.heat(server.process().pid()), 0));
    if (!heat.failures().isEmpty()) {
      throw new BenchFailure("heating up: " + String.join("; ", heat.failures()));
    }
    return server;
  }

  private Peer.Running start(Peer peer, @Nullable String maxHeap) {
    Peer.Running server = peer.start(maxHeap);
    jvmFlags.put(peer.name() + (maxHeap == null ? "" : ", backlog"), server.process().jvmFlags());
    return server;
  }

  private Sample backlog(Cell.Backlog cell, Peer peer, int round) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    peer.wipe();
    try (Peer.Running server = start(peer, settings.backlogHeap())) {
      LoadReport fill =
          succeeded(
              generator.run(
                  LoadOrder.fill(
                      server.target(), CREW, cell.size(), cell.messages(), load(server))));
      values.put(Metric.FILL_PER_SECOND, cell.messages() / fill.windowSeconds());
      values.put(Metric.FULL_RESIDENT_MIB, fill.serverResidentBytes() / MEBIBYTE);
      server.process().kill();
    }
    try (Peer.Running server = start(peer, settings.backlogHeap())) {
      double ordered = server.process().sinceSpawnMillis();
      LoadReport first =
          succeeded(generator.run(LoadOrder.receive(server.target(), 1, 1, false, load(server))));
      values.put(Metric.FIRST_AFTER_KILL_MILLIS, ordered + first.firstDeliveryMillis());
      server.process().stop();
    }
    try (Peer.Running server = start(peer, settings.backlogHeap())) {
      double ordered = server.process().sinceSpawnMillis();
      long rest = cell.messages() - 1;
      LoadReport drain =
          succeeded(
              generator.run(LoadOrder.receive(server.target(), CREW, rest, true, load(server))));
      values.put(Metric.FIRST_AFTER_STOP_MILLIS, ordered + drain.firstDeliveryMillis());
      values.put(Metric.DRAIN_PER_SECOND, rest / drain.windowSeconds());
      values.put(Metric.DRAIN_PER_CPU_SECOND, 1e3 * rest / drain.serverCpuMillis());
      server.process().stop();
    }
    peer.wipe();
    return Sample.of(cell, peer.name(), round, values);
  }

  private LoadOrder.Settings load(Peer.Running server) {
    return settings.load(server.process().pid());
  }

  private static LoadReport succeeded(LoadReport report) {
    if (!report.failures().isEmpty()) {
      throw new BenchFailure(String.join("; ", report.failures()));
    }
    return report;
  }

  private Sample footprint(Cell.Footprint cell, Peer peer, int round) {
    peer.wipe();
    try (Peer.Running server = start(peer, null)) {
      Map<Metric, Double> values = new EnumMap<>(Metric.class);
      values.put(Metric.START_MILLIS, server.process().startMillis());
      values.put(Metric.IDLE_RESIDENT_MIB, server.process().residentBytesAfter(5) / MEBIBYTE);
      values.put(Metric.STOP_MILLIS, server.process().stop());
      return Sample.of(cell, peer.name(), round, values);
    }
  }

  /** Takes a server that cannot be trusted any more out of the race. */
  private void retire(Peer peer) {
    Peer.Running server = running.remove(peer);
    if (server != null) {
      server.close();
    }
  }

  private void stopAll() {
    for (Peer.Running server : running.values()) {
      try (server) {
        server.process().stop();
      }
    }
    running.clear();
  }
}
