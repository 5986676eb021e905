// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One topic to many queues of our server: what a message takes on the disk. Every queue is drained
 * afterwards and has to hold every message once.
 *
 * @param queues with a subscription to the topic
 * @param size bytes of a body
 */
record FanOutCell(int queues, int size) implements Cell {
  private static final int MESSAGES = 10_000;
  private static final String TOPIC = "fan";

  @Override
  public String name() {
    return "one topic to " + queues + " queues, " + Cell.bytes(size);
  }

  @Override
  public Table table() {
    return Table.FANOUT;
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
    List<Demand.ExtraQueue> extra = new ArrayList<>();
    for (int i = 0; i < queues; i++) {
      extra.add(new Demand.ExtraQueue("fan-" + i, TOPIC, false));
    }
    try (Peer.Running server = stage.start(peer, Demand.queues(extra))) {
      Map<Metric, Double> values = new EnumMap<>(Metric.class);
      StoreFiles data = WeftPeer.of(peer).store();
      long before = data.journalBytesUsed();
      LoadOrder.Settings settings = stage.load(server);
      Target topic = WeftPeer.topic(server.target(), TOPIC, "fan-0");
      LoadReport fill = stage.load(LoadOrder.fill(topic, Stage.CREW, size, MESSAGES, settings));
      values.put(Metric.FILL_PER_SECOND, MESSAGES / fill.windowSeconds());
      double perMessage = (data.journalBytesUsed() - before) / (double) MESSAGES;
      values.put(Metric.DISK_PER_MESSAGE_BYTES, perMessage);
      values.put(Metric.DISK_PER_QUEUE_BYTES, (perMessage - 1.1 * size) / queues);
      double seconds = 0;
      for (int i = 0; i < queues; i++) {
        Target queue = WeftPeer.topic(server.target(), TOPIC, "fan-" + i);
        LoadOrder drain = LoadOrder.receive(queue, 1, MESSAGES, true, settings);
        seconds += stage.load(i == 0 ? drain : drain.forAnotherQueue()).windowSeconds();
      }
      values.put(Metric.DRAIN_PER_SECOND, queues * MESSAGES / seconds);
      server.process().stop();
      return values;
    }
  }
}
