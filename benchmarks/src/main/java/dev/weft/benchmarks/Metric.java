// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

/** What a cell measures, in the order of the columns. */
enum Metric {
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

  FILL_PER_SECOND("fill msg/s", 0),
  /** Resident memory of the server's process when all messages wait. */
  FULL_RESIDENT_MIB("full RSS MiB", 0),
  /** From the spawn of the process after a kill -9 to the first delivery. */
  FIRST_AFTER_KILL_MILLIS("first after kill ms", 0),
  /** From the spawn of the process after a clean stop to the first delivery. */
  FIRST_AFTER_STOP_MILLIS("first after stop ms", 0),
  DRAIN_PER_SECOND("drain msg/s", 0),
  DRAIN_PER_CPU_SECOND("drain per CPU s", 0),

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

  int decimals() {
    return decimals;
  }
}
