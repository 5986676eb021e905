// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The tables of a race, in the order they are printed: cells of one kind side by side. */
enum Table {
  STREAM("Durable publish and consume, closed loop", Metric.MESSAGES_PER_CPU_SECOND),
  LATENCY("Publish to delivery at a fixed rate", Metric.LATENCY_P99_MILLIS),
  BACKLOG("Waiting messages, and a kill -9", Metric.DRAIN_PER_CPU_SECOND),
  IDLE("Idle connections", null),
  FANOUT("One topic, many queues", null),
  ROUTING("Finding the queues of a topic", null),
  REDELIVERY("A queue whose consumer returns everything", null),
  FOOTPRINT("Start, rest, stop", null);

  private final String title;
  private final @Nullable Metric compared;

  Table(String title, @Nullable Metric compared) {
    this.title = title;
    this.compared = compared;
  }

  String title() {
    return title;
  }

  /** The metric that is also printed as a multiple of Artemis's, or null for none. */
  @Nullable Metric compared() {
    return compared;
  }

  /** What a chart of the table shows, one panel each. */
  List<Metric> charted() {
    return switch (this) {
      case STREAM -> List.of(Metric.MESSAGES_PER_CPU_SECOND, Metric.MESSAGES_PER_SECOND);
      case LATENCY -> List.of(Metric.LATENCY_P50_MILLIS, Metric.LATENCY_P99_MILLIS);
      case BACKLOG ->
          List.of(
              Metric.FIRST_AFTER_KILL_MILLIS,
              Metric.FULL_HEAP_MIB,
              Metric.FILL_PER_SECOND,
              Metric.DRAIN_PER_SECOND);
      case IDLE ->
          List.of(Metric.CONNECTION_HEAP_KIB, Metric.P99_ALONE_MILLIS, Metric.P99_BESIDE_MILLIS);
      case FANOUT -> List.of(Metric.DISK_PER_MESSAGE_BYTES);
      case ROUTING -> List.of(Metric.ROUTE_NEW_MICROS, Metric.ROUTE_KNOWN_MICROS);
      case REDELIVERY -> List.of(Metric.P99_ALONE_MILLIS, Metric.P99_BESIDE_MILLIS);
      case FOOTPRINT -> List.of(Metric.START_MILLIS, Metric.IDLE_RESIDENT_MIB, Metric.STOP_MILLIS);
    };
  }

  /** For file names. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
