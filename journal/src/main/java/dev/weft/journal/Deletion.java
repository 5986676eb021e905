// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A queue that goes with its messages. */
final class Deletion implements JournalCommand {
  private static final int BYTES = 4;

  private final QueueName name;

  /** Whether there was one. */
  final CompletableFuture<Boolean> done = new CompletableFuture<>();

  private @Nullable QueueState queue;

  Deletion(QueueName name) {
    this.name = name;
  }

  @Override
  public boolean urgent() {
    return true;
  }

  @Override
  public int recordBytes() {
    return LogWriter.recordBytes(BYTES);
  }

  @Override
  public void write(JournalLoop journal) throws IOException {
    QueueState state = journal.queue(name);
    if (state == null) {
      done.complete(false);
      return;
    }
    queue = state;
    int at = journal.begin(BYTES);
    journal.buffer().putInt(at, state.id);
    journal.end(RecordType.DELETED, BYTES, this);
    state.deleted = true;
    journal.forget(state);
  }

  @Override
  public void durable(JournalLoop journal) {
    QueueState state = queue;
    if (state != null) {
      journal.tell(state, () -> state.drop(done));
    }
  }

  @Override
  public void abandon(MeshException reason) {
    done.completeExceptionally(reason);
  }
}
