// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Notes how far the log is forced and keeps its segments from being given up until {@link Release}:
 * what stands in them up to there is the store as it was at that moment, and never changes.
 */
final class Snapshot implements JournalCommand {
  /**
   * @param bytes of the file
   */
  record Part(long number, int bytes) {}

  /**
   * The store at one moment.
   *
   * @param segments in the order of the log
   * @param end where the records of the last segment end
   * @param lastSequence of the last record, which is forced
   */
  record State(Manifest manifest, List<Part> segments, int end, long lastSequence) {}

  final CompletableFuture<State> done = new CompletableFuture<>();

  @Override
  public boolean urgent() {
    return true;
  }

  @Override
  public int recordBytes() {
    return NO_RECORD;
  }

  @Override
  public void write(JournalLoop journal) {
    journal.afterBatch(this);
  }

  @Override
  public void durable(JournalLoop journal) {
    done.complete(journal.pin());
  }

  @Override
  public void abandon(MeshException reason) {
    done.completeExceptionally(reason);
  }

  /** The segments may be given up again. */
  static final class Release implements JournalCommand {
    @Override
    public boolean urgent() {
      return false;
    }

    @Override
    public int recordBytes() {
      return NO_RECORD;
    }

    @Override
    public void write(JournalLoop journal) {
      journal.afterBatch(this);
    }

    @Override
    public void durable(JournalLoop journal) {
      journal.unpin();
    }
  }
}
