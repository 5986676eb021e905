// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A queue of our server whose consumer gives everything back at once, and that is told to hand it
 * out again at once: how often it does that, what it leaves on the disk and in the log, and what
 * the clients of another queue notice. Afterwards every message of the queue has to be there, once.
 *
 * @param size bytes of a body
 */
record RedeliveryCell(int size) implements Cell {
  private static final double MEBIBYTE = 1 << 20;
  private static final int RATE_PER_SECOND = 5_000;
  private static final int MESSAGES = 10;
  private static final String QUEUE = "returns";

  @Override
  public String name() {
    return "redelivery at once, " + Cell.bytes(size);
  }

  @Override
  public Table table() {
    return Table.REDELIVERY;
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public boolean suits(Peer peer) {
    return peer instanceof WeftPeer;
  }

  @Override
  public Map<Metric, Double> measure(Peer peer, Stage stage) {
    stage.stopAll();
    peer.wipe();
    Demand demand = Demand.queues(List.of(new Demand.ExtraQueue(QUEUE, null, true)));
    try (Peer.Running server = stage.start(peer, demand)) {
      stage.heat(server);
      Map<Metric, Double> values = new EnumMap<>(Metric.class);
      values.put(Metric.P99_ALONE_MILLIS, p99(server, stage));
      Target returns = WeftPeer.queue(server.target(), QUEUE);
      LoadOrder.Settings settings = stage.load(server);
      stage.load(LoadOrder.fill(returns, 1, size, MESSAGES, settings));
      StoreFiles data = WeftPeer.of(peer).store();
      long dataBefore = data.bytes();
      long logBefore = server.process().logBytes();
      stage.generator().letIn(new BystanderOrder(returns, 1, BystanderOrder.Kind.RELEASE));
      values.put(Metric.P99_BESIDE_MILLIS, p99(server, stage));
      BystanderReport left = stage.generator().sendAway();
      values.put(Metric.REDELIVERIES_PER_MINUTE, 60 * left.released() / left.seconds());
      values.put(Metric.DATA_GROWTH_MIB, (data.bytes() - dataBefore) / MEBIBYTE);
      values.put(Metric.LOG_GROWTH_KIB, (server.process().logBytes() - logBefore) / 1024.0);
      stage.load(LoadOrder.receive(returns, 1, MESSAGES, true, settings));
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
