// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import dev.weft.journal.JournalEngine;
import dev.weft.journal.SeededLoops;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.QueueStats;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything an engine shows when it has come to rest. */
record Shown(SortedMap<QueueName, Queue> queues) {
  /** Longer than settlements wait for company. */
  private static final Duration REST = Duration.ofMillis(30);

  /** One queue. */
  record Queue(QueueSettings settings, QueueStats stats, List<BrowsedMessage> messages) {}

  static Shown of(JournalEngine engine, SeededLoops loops) {
    Shown shown;
    do {
      stats(engine); // Has the loops look at the clock.
      loops.runFor(REST);
      shown = looks(engine);
    } while (!shown.stats().equals(stats(engine)));
    return shown;
  }

  private static Shown looks(JournalEngine engine) {
    SortedMap<QueueName, Queue> queues = new TreeMap<>();
    new TreeMap<>(engine.queues())
        .forEach(
            (name, settings) ->
                queues.put(
                    name, new Queue(settings, engine.stats(name), engine.browse(name, 0, 10_000))));
    return new Shown(queues);
  }

  private static List<QueueStats> stats(JournalEngine engine) {
    return new TreeMap<>(engine.queues()).keySet().stream().map(engine::stats).toList();
  }

  private List<QueueStats> stats() {
    return queues.values().stream().map(Queue::stats).toList();
  }

  /** Which messages it holds, for comparing two of them; what died since is numbered anew. */
  SortedMap<QueueName, List<String>> content() {
    SortedMap<QueueName, List<String>> content = new TreeMap<>();
    queues.forEach(
        (name, queue) ->
            content.put(
                name,
                queue.messages().stream()
                    .map(
                        shown ->
                            "m%d %08x"
                                .formatted(
                                    Publication.number(shown.message().encoded()),
                                    Arrays.hashCode(shown.message().encoded())))
                    .sorted()
                    .toList()));
    return content;
  }
}
