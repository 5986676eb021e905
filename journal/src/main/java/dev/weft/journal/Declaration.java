// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A queue that is made or changed. */
final class Declaration implements JournalCommand {
  private final QueueName name;
  private final QueueSettings settings;
  private final boolean mustExist;
  private final int payloadBytes;

  /** Whether the queue is new. */
  final CompletableFuture<Boolean> done = new CompletableFuture<>();

  private @Nullable QueueState queue;
  private boolean created;

  Declaration(QueueName name, QueueSettings settings, boolean mustExist) {
    this.name = name;
    this.settings = SettingsCodec.bounded(settings);
    this.mustExist = mustExist;
    // Encoded here once as well, so that settings that can't be are the caller's problem.
    this.payloadBytes = Records.declared(0, name, this.settings).length;
  }

  @Override
  public boolean urgent() {
    return true;
  }

  @Override
  public int recordBytes() {
    return LogWriter.recordBytes(payloadBytes);
  }

  @Override
  public void write(JournalLoop journal) throws IOException {
    QueueState existing = journal.queue(name);
    if (existing == null && mustExist) {
      done.completeExceptionally(new MeshException.UnknownQueue(name));
      return;
    }
    created = existing == null;
    if (created && !journal.isRoomForMark()) {
      done.completeExceptionally(new MeshException.StorageFull("no room for another queue"));
      return;
    }
    QueueState state = existing == null ? journal.newQueue(name, settings) : existing;
    queue = state;
    journal.declare(state, settings, this);
  }

  @Override
  public void durable(JournalLoop journal) {
    QueueState state = queue;
    if (state == null) {
      return;
    }
    if (created) {
      journal.publish(state);
    } else {
      state.settings = settings;
      journal.tell(state, state::settingsChanged);
    }
  }

  @Override
  public void answer() {
    done.complete(created);
  }

  @Override
  public void abandon(MeshException reason) {
    done.completeExceptionally(reason);
  }
}
