// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.UncheckedIOException;
import java.util.List;

/**
 * Runs every cell, round by round, with the peers in turn within a round, so that a slow minute of
 * the machine hits all of them. Only the server under load works.
 */
final class Race {
  private final List<Peer> peers;
  private final Stage stage;
  private final Progress progress;

  Race(List<Peer> peers, Stage stage, Progress progress) {
    this.peers = List.copyOf(peers);
    this.stage = stage;
    this.progress = progress;
  }

  /** Measurements that {@link #run} will take. */
  static int steps(List<Cell> cells, List<Peer> peers, int rounds) {
    return cells.stream()
        .mapToInt(
            cell ->
                (int) peers.stream().filter(cell::suits).count()
                    * (rounds > 0 ? rounds : cell.rounds()))
        .sum();
  }

  /** Everything that was measured, in the order of measuring. */
  List<Sample> run(List<Cell> cells) {
    for (Cell cell : cells) {
      int rounds = stage.settings().rounds() > 0 ? stage.settings().rounds() : cell.rounds();
      for (int round = 1; round <= rounds; round++) {
        for (Peer peer : peers) {
          if (cell.suits(peer)) {
            progress.doing(cell.name() + ", " + peer.name() + ", round " + round);
            stage.note(sample(cell, peer, round));
            progress.done();
          }
        }
      }
    }
    return stage.samples();
  }

  private Sample sample(Cell cell, Peer peer, int round) {
    try {
      return Sample.of(cell, peer.name(), round, cell.measure(peer, stage));
    } catch (BenchFailure | UncheckedIOException e) {
      // Its queue may hold messages that the next load would take for foreign ones.
      stage.retire(peer);
      return Sample.failed(cell, peer.name(), round, List.of(String.valueOf(e.getMessage())));
    }
  }
}
