// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.List;

/**
 * What the generator saw.
 *
 * @param sent messages published by this and the resumed loads
 * @param accepted of those, accepted by the server
 * @param received of those, seen by a consumer
 * @param windowSeconds length of the measured window
 * @param acceptedInWindow messages accepted in the window
 * @param receivedInWindow messages delivered in the window
 * @param serverCpuMillis user and system time the server's process used in the window
 * @param serverResidentBytes of the server's process at the end of the window
 * @param generatorCpuMillis user and system time the generator used in the window
 * @param p50Micros publish-to-delivery latency of the messages sent in the window, median
 * @param p99Micros the same, 99th percentile
 * @param maxMicros the same, longest
 * @param firstDeliveryMillis from receiving the order to the first delivery; -1 for none
 * @param failures why the load counts for nothing; empty when all is well
 */
record LoadReport(
    long sent,
    long accepted,
    long received,
    double windowSeconds,
    long acceptedInWindow,
    long receivedInWindow,
    long serverCpuMillis,
    long serverResidentBytes,
    long generatorCpuMillis,
    double p50Micros,
    double p99Micros,
    double maxMicros,
    double firstDeliveryMillis,
    List<String> failures) {

  LoadReport {
    failures = List.copyOf(failures);
  }

  /** A load that ended before it could count. */
  static LoadReport failed(String failure) {
    return new LoadReport(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, List.of(failure));
  }
}
