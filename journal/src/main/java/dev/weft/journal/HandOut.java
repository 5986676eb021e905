// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;

/** Marks that a returned message is handed out again, before it leaves. */
final class HandOut implements JournalCommand {
  private final QueueState queue;
  private final JournalConsumer consumer;
  private final long sequence;
  private final int acquired;

  HandOut(QueueState queue, JournalConsumer consumer, long sequence, int acquired) {
    this.queue = queue;
    this.consumer = consumer;
    this.sequence = sequence;
    this.acquired = acquired;
  }

  @Override
  public boolean urgent() {
    return true;
  }

  @Override
  public int recordBytes() {
    return LogWriter.recordBytes(Records.HANDED_OUT_BYTES);
  }

  @Override
  public void write(JournalLoop journal) throws IOException {
    int at = journal.begin(Records.HANDED_OUT_BYTES);
    journal.buffer().putInt(at, queue.id).putLong(at + 4, sequence).putInt(at + 12, acquired);
    journal.end(RecordType.HANDED_OUT, Records.HANDED_OUT_BYTES, this);
  }

  @Override
  public void durable(JournalLoop journal) {
    journal.tell(queue, () -> queue.handOuts.handedOut(consumer, sequence, acquired));
  }
}
