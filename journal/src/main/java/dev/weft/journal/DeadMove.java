// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import java.io.IOException;

/**
 * A dead message that goes to another queue: one record takes it out of the one and puts it into
 * the other.
 */
final class DeadMove implements JournalCommand {
  private final QueueState from;
  private final QueueName to;
  private final long sequence;
  private final long location;
  private final int messageBytes;
  private QueueState target;
  private long newSequence;
  private long movedAtMillis;
  private boolean refused;

  DeadMove(QueueState from, QueueName to, long sequence, long location, int messageBytes) {
    this.from = from;
    this.to = to;
    this.sequence = sequence;
    this.location = location;
    this.messageBytes = messageBytes;
    this.target = from;
  }

  @Override
  public boolean urgent() {
    return true;
  }

  @Override
  public int recordBytes() {
    return LogWriter.recordBytes(Records.MOVED_BYTES);
  }

  @Override
  public void write(JournalLoop journal) throws IOException {
    if (from.deleted) {
      return;
    }
    QueueState found = journal.queue(to);
    if (found == null || found == from || found.roomFor(messageBytes) != null) {
      refused = true;
      journal.afterBatch(this); // Moves before it may just have filled the queue: they show first.
      return;
    }
    target = found;
    int at = journal.begin(Records.MOVED_BYTES);
    movedAtMillis = journal.nowMillis();
    journal
        .buffer()
        .putInt(at, from.id)
        .putInt(at + 4, target.id)
        .putLong(at + 8, sequence)
        .putLong(at + 16, movedAtMillis);
    newSequence = journal.end(RecordType.MOVED, Records.MOVED_BYTES, this);
    target.admit(messageBytes);
  }

  @Override
  public void durable(JournalLoop journal) {
    if (refused) {
      journal.tell(from, () -> from.outcomes.moveRefused(sequence));
      return;
    }
    journal.tell(from, () -> from.outcomes.moved(sequence));
    journal.enqueue(
        target.loop,
        new NewEntry(
            target, newSequence, location, messageBytes, movedAtMillis, Message.NO_TTL, null));
  }
}
