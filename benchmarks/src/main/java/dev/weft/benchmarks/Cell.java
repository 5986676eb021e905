// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.Map;

/**
 * One thing that is measured on every peer in turn. Implementations are records: equal ones are the
 * same cell.
 */
interface Cell {
  /** The name in tables. */
  String name();

  /** The table its rows stand in. */
  Table table();

  /** Rounds when nobody says otherwise. */
  int rounds();

  /** Whether this can be measured on the peer; a peer it does not suit has no row. */
  default boolean suits(Peer peer) {
    return true;
  }

  /** What the queue of our server has to hold at once, in bytes of bodies. */
  default long waitingBytes() {
    return 0;
  }

  /**
   * Measures once.
   *
   * @throws BenchFailure if a message was lost, doubled or invented, or a server did not do what
   *     the measurement needs; then nothing counts
   */
  Map<Metric, Double> measure(Peer peer, Stage stage);

  /** A number of bytes for names: {@code 1 KiB}, {@code 100 B}. */
  static String bytes(int size) {
    return size % 1024 == 0 ? size / 1024 + " KiB" : size + " B";
  }
}
