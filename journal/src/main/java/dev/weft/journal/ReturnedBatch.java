// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries of one queue that came back, with their counters, journaled as one record. Ownership as
 * in {@link SettledBatch}.
 */
final class ReturnedBatch implements JournalCommand {
  private static final int ITEMS_MAX = 1024;

  private record Item(
      long sequence, int failed, int acquired, boolean dead, int pauses, long dueAtMillis) {}

  private final QueueState queue;
  private final List<Item> items = new ArrayList<>();

  ReturnedBatch(QueueState queue) {
    this.queue = queue;
  }

  boolean isFull() {
    return items.size() >= ITEMS_MAX;
  }

  void add(ReturnedEntry entry, boolean dead) {
    items.add(
        new Item(
            entry.sequence, entry.failed, entry.acquired, dead, entry.pauses, entry.dueAtMillis));
  }

  @Override
  public boolean urgent() {
    return false;
  }

  private int payloadBytes() {
    return Records.LIST_HEADER + items.size() * Records.RETURNED_ITEM;
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
    buffer.putInt(at, queue.id).putInt(at + 4, items.size());
    int position = at + Records.LIST_HEADER;
    for (Item item : items) {
      buffer
          .putLong(position, item.sequence())
          .putInt(position + 8, item.failed())
          .putInt(position + 12, item.acquired())
          .putInt(position + 16, 0)
          .putShort(position + 20, (short) (item.dead() ? 1 : 0))
          .putShort(position + 22, (short) Math.min(item.pauses(), 0xffff))
          .putLong(position + 24, item.dueAtMillis());
      position += Records.RETURNED_ITEM;
    }
    journal.end(RecordType.RETURNED, bytes, this);
  }

  @Override
  public void durable(JournalLoop journal) {}
}
