// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.List;

/**
 * What came of bystanders.
 *
 * @param connections open now
 * @param seconds from the first connect to the last attach; when they leave, the time since then
 * @param released deliveries given back
 * @param failures why they count for nothing; empty when all is well
 */
record BystanderReport(int connections, double seconds, long released, List<String> failures) {
  BystanderReport {
    failures = List.copyOf(failures);
  }
}
