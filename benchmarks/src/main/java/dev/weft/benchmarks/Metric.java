// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

/** What a cell measures, in the order of the columns. */
enum Metric {
  /** What an open loop offers. */
  RATE("rate msg/s", 0),
  /** Messages that were published and delivered in a second. */
  MESSAGES_PER_SECOND("msg/s", 0),
  /** Messages that were published and delivered per second of CPU time of the server's process. */
  MESSAGES_PER_CPU_SECOND("msg per CPU s", 0),
  LATENCY_P50_MILLIS("p50 ms", 2),
  LATENCY_P99_MILLIS("p99 ms", 2),
  /** CPU seconds of the server per second. */
  SERVER_CORES("server cores", 2),
  /** CPU time of the generator per message: what the figures owe to it. */
  GENERATOR_MICROS("generator µs/msg", 2),
  /** A write of 4 KiB with fdatasync just before the load, on the file system of the servers. */
  DISK_P50_MILLIS("disk p50 ms", 2),
  DISK_P99_MILLIS("disk p99 ms", 2),

  FILL_PER_SECOND("fill msg/s", 0),
  /** Heap in use after a full collection when all messages wait; a JVM's only. */
  FULL_HEAP_MIB("full heap MiB", 0),
  /** Resident memory of the server's process when all messages wait. */
  FULL_RESIDENT_MIB("full RSS MiB", 0),
  /** From the spawn of the process after a kill -9 to the first delivery. */
  FIRST_AFTER_KILL_MILLIS("first after kill ms", 0),
  /** From the spawn of the process after a clean stop to the first delivery. */
  FIRST_AFTER_STOP_MILLIS("first after stop ms", 0),
  DRAIN_PER_SECOND("drain msg/s", 0),
  DRAIN_PER_CPU_SECOND("drain per CPU s", 0),

  /** Idle connections that were opened in a second. */
  OPENED_PER_SECOND("opened/s", 0),
  /** Heap in use after a full collection, per idle connection; a JVM's only. */
  CONNECTION_HEAP_KIB("heap KiB/connection", 1),
  CONNECTION_RESIDENT_KIB("RSS KiB/connection", 1),

  /** Deliveries of messages that had been delivered before. */
  REDELIVERIES_PER_MINUTE("redeliveries/min", 0),
  /** How much more of the disk the server's data took at the end than at the start. */
  DATA_GROWTH_MIB("data growth MiB", 1),
  LOG_GROWTH_KIB("log growth KiB", 1),

  /** Latency of active clients, nothing beside them. */
  P99_ALONE_MILLIS("p99 ms alone", 2),
  /** The same with what the cell is about beside them. */
  P99_BESIDE_MILLIS("p99 ms beside it", 2),

  /** Written to the journal per published message. */
  DISK_PER_MESSAGE_BYTES("disk B/msg", 0),
  /** What of that is beyond 1.1 times the body, per queue. */
  DISK_PER_QUEUE_BYTES("B/queue beyond 1.1 × body", 1),

  /** Queues that a published topic went to, on average. */
  MATCHES("queues/topic", 2),
  /** A topic never seen before. */
  ROUTE_NEW_MICROS("new topic µs", 3),
  /** A topic that was published before. */
  ROUTE_KNOWN_MICROS("known topic µs", 3),

  /** From the spawn of the process to the line that says it is ready. */
  START_MILLIS("start ms", 0),
  /** Resident memory five seconds later. */
  IDLE_RESIDENT_MIB("idle RSS MiB", 0),
  /** From SIGTERM to the end of the process. */
  STOP_MILLIS("stop ms", 0);

  private final String title;
  private final int decimals;

  Metric(String title, int decimals) {
    this.title = title;
    this.decimals = decimals;
  }

  String title() {
    return title;
  }

  /** Whether a longer bar is a better one. */
  boolean moreIsBetter() {
    return switch (this) {
      case MESSAGES_PER_SECOND,
          MESSAGES_PER_CPU_SECOND,
          FILL_PER_SECOND,
          DRAIN_PER_SECOND,
          DRAIN_PER_CPU_SECOND,
          OPENED_PER_SECOND,
          REDELIVERIES_PER_MINUTE ->
          true;
      default -> false;
    };
  }

  int decimals() {
    return decimals;
  }
}
