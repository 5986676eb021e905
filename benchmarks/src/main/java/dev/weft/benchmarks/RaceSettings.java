// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

/**
 * How long and how often.
 *
 * @param rounds of every cell; 0 = the cell's own number
 * @param heatMillis load on every peer before the first cell, so that compilers have done their
 *     work
 * @param warmupMillis load before every measured window
 * @param measureMillis length of a measured window
 * @param window messages a publisher may have unsettled
 * @param credit of a consumer
 */
record RaceSettings(
    int rounds, int heatMillis, int warmupMillis, int measureMillis, int window, int credit) {

  LoadOrder.Settings load(long serverPid) {
    return new LoadOrder.Settings(window, credit, warmupMillis, measureMillis, serverPid);
  }

  /** One long warm-up without a window worth the name. */
  LoadOrder.Settings heat(long serverPid) {
    return new LoadOrder.Settings(window, credit, heatMillis, 100, serverPid);
  }
}
