// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What cells work with: the servers that run, the generator, the disk, and what was measured so
 * far. For streams all servers run all the time, heated once: what is compared is long-running
 * servers, and an idle one costs nothing worth noting.
 */
final class Stage implements AutoCloseable {
  /** Clients that fill and drain a backlog, and that heat a server. */
  static final int CREW = 4;

  private static final int HEAT_SIZE = 1024;

  private final List<Peer> peers;
  private final LoadProcess generator;
  private final DiskProbe disk;
  private final Path work;
  private final RaceSettings settings;
  private final Map<Peer, Peer.Running> running = new HashMap<>();
  private final Map<String, String> options = new LinkedHashMap<>();
  private final List<Sample> samples = new ArrayList<>();

  /** Measured by the way, for other cells to build upon; in no table. */
  private final List<Sample> asides = new ArrayList<>();

  /**
   * @param work where the servers keep their data; its disk is the one that is probed
   */
  Stage(List<Peer> peers, LoadProcess generator, Path work, RaceSettings settings) {
    this.peers = List.copyOf(peers);
    this.generator = generator;
    this.work = work;
    this.disk = new DiskProbe(work.resolve("probe"), System::nanoTime);
    this.settings = settings;
  }

  RaceSettings settings() {
    return settings;
  }

  /** Directory for logs and the like. */
  Path work() {
    return work;
  }

  DiskProbe disk() {
    return disk;
  }

  LoadProcess generator() {
    return generator;
  }

  /** Runs one load to its end; throws {@link BenchFailure} with everything that went wrong. */
  LoadReport load(LoadOrder order) {
    LoadReport report = generator.run(order);
    if (!report.failures().isEmpty()) {
      throw new BenchFailure(String.join("; ", report.failures()));
    }
    return report;
  }

  /** What loads on the server have in common. */
  LoadOrder.Settings load(Peer.Running server) {
    return settings.load(server.process().pid());
  }

  /** The peer's long-running server, started and heated if it does not run. */
  Peer.Running warm(Peer peer) {
    Peer.Running known = running.get(peer);
    if (known != null) {
      return known;
    }
    peer.wipe();
    Peer.Running server = start(peer, Demand.NONE);
    running.put(peer, server);
    heat(server);
    return server;
  }

  /** Loads a server until its compilers have done their work. */
  void heat(Peer.Running server) {
    load(
        LoadOrder.timed(
            server.target(), CREW, CREW, HEAT_SIZE, settings.heat(server.process().pid()), 0));
  }

  /** Starts a server that belongs to the caller. */
  Peer.Running start(Peer peer, Demand demand) {
    Peer.Running server = peer.start(demand);
    String name = peer.name() + (demand.maxHeap() == null ? "" : ", backlog");
    options.put(name, server.process().jvmFlags());
    return server;
  }

  /** Takes a server that cannot be trusted any more out of the race. */
  void retire(Peer peer) {
    Peer.Running server = running.remove(peer);
    if (server != null) {
      server.close();
    }
  }

  /** Stops the long-running servers, so that a cell has the machine for itself. */
  void stopAll() {
    for (Peer.Running server : running.values()) {
      try (server) {
        server.process().stop();
      }
    }
    running.clear();
  }

  /** Notes a measurement for {@link #samples()}. */
  void note(Sample sample) {
    samples.add(sample);
  }

  /** Everything that was measured, in the order of measuring. */
  List<Sample> samples() {
    return List.copyOf(samples);
  }

  /** Notes what a cell had to measure for itself. */
  void remember(Sample sample) {
    asides.add(sample);
  }

  /** Everything that was measured, by the way or not. */
  List<Sample> known() {
    List<Sample> known = new ArrayList<>(samples);
    known.addAll(asides);
    return known;
  }

  /** The peer that others are compared with; throws {@link BenchFailure} if it does not run. */
  Peer yardstick() {
    return peers.stream()
        .filter(peer -> peer.name().equals(Results.YARDSTICK))
        .findFirst()
        .orElseThrow(() -> new BenchFailure("this cell needs the peer " + Results.YARDSTICK));
  }

  /** Options of every server's JVM, by the name of the peer; peers without a JVM are missing. */
  Map<String, String> jvmFlags() {
    Map<String, String> flags = new LinkedHashMap<>(options);
    flags.values().removeIf(String::isEmpty);
    return flags;
  }

  @Override
  public void close() {
    stopAll();
  }
}
