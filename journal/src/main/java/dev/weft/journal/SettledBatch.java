// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Entries that left one queue, gathered by its loop and journaled as one record. Belongs to the
 * queue's loop until it is offered to the journal, to the journal loop from then on.
 */
final class SettledBatch implements JournalCommand {
  /** Keeps the record small against a segment. */
  private static final int RANGES_MAX = 1024;

  private final QueueState queue;
  private @Nullable CompletableFuture<Long> done;
  private long doneAnswer;
  private long[] ranges = new long[8];
  private int rangeCount;
  private final SegmentCounts released = new SegmentCounts();

  SettledBatch(QueueState queue) {
    this.queue = queue;
  }

  /** Lets somebody wait for the record; {@code answer} is what it then hears. */
  void whenDurable(CompletableFuture<Long> waiting, long answer) {
    done = waiting;
    doneAnswer = answer;
  }

  boolean isFull() {
    return rangeCount >= RANGES_MAX;
  }

  /** Adds an entry; entries that are neighbours in one chunk become one range. */
  void add(EntryChunk chunk, int slot) {
    long sequence = chunk.sequence[slot];
    boolean neighbour =
        rangeCount > 0 && slot > 0 && chunk.sequence[slot - 1] == ranges[2 * rangeCount - 1];
    if (neighbour) {
      ranges[2 * rangeCount - 1] = sequence;
    } else {
      if (2 * rangeCount == ranges.length) {
        ranges = Arrays.copyOf(ranges, 2 * ranges.length);
      }
      ranges[2 * rangeCount] = sequence;
      ranges[2 * rangeCount + 1] = sequence;
      rangeCount++;
    }
    released.add(chunk.location[slot], chunk.messageBytes[slot]);
  }

  @Override
  public boolean urgent() {
    return done != null;
  }

  private int payloadBytes() {
    return Records.LIST_HEADER + rangeCount * Records.SETTLED_ITEM;
  }

  @Override
  public int recordBytes() {
    return LogWriter.recordBytes(payloadBytes());
  }

  @Override
  public void write(JournalLoop journal) throws IOException {
    int bytes = payloadBytes();
    int at = journal.begin(bytes);
    ByteBuffer buffer = journal.buffer();
    buffer.putInt(at, queue.id).putInt(at + 4, rangeCount);
    for (int i = 0; i < 2 * rangeCount; i++) {
      buffer.putLong(at + Records.LIST_HEADER + 8 * i, ranges[i]);
    }
    journal.end(RecordType.SETTLED, bytes, this);
  }

  @Override
  public void durable(JournalLoop journal) {
    released.release(journal);
    if (done != null) {
      done.complete(doneAnswer);
    }
  }

  @Override
  public void abandon(MeshException reason) {
    if (done != null) {
      done.completeExceptionally(reason);
    }
  }
}
