// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Message;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An entry that is written again at the end of the log, with its place in the queue and its
 * counters, so that the segment it stands in can go. Made by {@link CopyForward}.
 */
final class Copy implements JournalCommand {
  /**
   * An entry as it is when its copy is made.
   *
   * @param mortal its time to live counts; not that of a message that died already
   * @param counters as far as the journal knows or will have heard before the copy; null for an
   *     entry that never came back
   * @param dead it waits for its dead message queue
   * @param out handed out again, and the journal knows
   */
  record Entry(
      QueueState queue,
      long sequence,
      long location,
      int messageBytes,
      long appendedAtMillis,
      boolean mortal,
      @Nullable Counters counters,
      boolean dead,
      boolean out) {}

  /** See {@link ReturnedEntry}. */
  record Counters(int failed, int acquired, int pauses, long dueAtMillis) {
    static Counters of(ReturnedEntry entry) {
      return new Counters(entry.failed, entry.acquired, entry.pauses, entry.dueAtMillis);
    }
  }

  final Entry entry;
  private final Message message;
  private final CopyForward work;
  private long newLocation;
  private boolean skipped;

  Copy(Entry entry, Message message, CopyForward work) {
    this.entry = entry;
    this.message = message;
    this.work = work;
  }

  @Override
  public boolean urgent() {
    return false;
  }

  @Override
  public boolean leavesReserve() {
    return true;
  }

  private int payloadBytes() {
    return Records.COPIED_FIXED + Records.messageBytes(0, message);
  }

  @Override
  public int recordBytes() {
    return LogWriter.recordBytes(payloadBytes());
  }

  @Override
  public void write(JournalLoop journal) throws IOException {
    if (entry.queue().deleted || journal.isStorageFull()) {
      skipped = true;
      journal.afterBatch(this);
      return;
    }
    int bytes = payloadBytes();
    int at = journal.begin(bytes);
    Records.copied(journal.buffer(), at, entry, message);
    journal.end(RecordType.COPIED, bytes, this);
    newLocation = journal.hold(1, message.size());
  }

  @Override
  public void durable(JournalLoop journal) {
    journal.tell(
        entry.queue(), skipped ? () -> work.givenUp(this) : () -> work.copied(this, newLocation));
  }
}
