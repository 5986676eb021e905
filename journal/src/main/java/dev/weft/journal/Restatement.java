// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;

/**
 * A definition that is written again, for the segment that holds it is about to go. Nobody waits
 * for it.
 */
record Restatement(QueueState queue) implements JournalCommand {
  @Override
  public boolean urgent() {
    return false;
  }

  @Override
  public int recordBytes() {
    int payloadBytes = Records.declared(queue.id, queue.name, queue.declared).length;
    return LogWriter.recordBytes(payloadBytes);
  }

  @Override
  public void write(JournalLoop journal) throws IOException {
    if (!queue.deleted) {
      journal.declare(queue, queue.declared, this);
    }
  }

  @Override
  public void durable(JournalLoop journal) {}
}
