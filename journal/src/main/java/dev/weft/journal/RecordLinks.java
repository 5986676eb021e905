// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a record says of queues and of earlier records, for tools that look at damage. */
final class RecordLinks {
  /** A record says that an entry of that sequence was in the queue. */
  record Link(int queue, long sequence) {}

  private RecordLinks() {}

  /**
   * Numbers of the queues that a record is about.
   *
   * @param at where its payload begins
   */
  static List<Integer> queues(RecordType type, ByteBuffer record, int at) {
    return switch (type) {
      case MESSAGE -> {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < Records.queueCount(record, at); i++) {
          ids.add(Records.queueId(record, at, i));
        }
        yield ids;
      }
      case MOVED -> List.of(record.getInt(at), record.getInt(at + 4));
      case SETTLED, RETURNED, DECLARED, DELETED, HANDED_OUT, COPIED -> List.of(record.getInt(at));
      case CLOSED -> List.of();
    };
  }

  /**
   * Entries that a record names. A range of settled ones may span those of other queues, so only
   * ranges of one count.
   */
  static List<Link> links(RecordType type, ByteBuffer record, int at) {
    return switch (type) {
      case SETTLED -> {
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < record.getInt(at + 4); i++) {
          int item = at + Records.LIST_HEADER + i * Records.SETTLED_ITEM;
          if (record.getLong(item) == record.getLong(item + 8)) {
            links.add(new Link(record.getInt(at), record.getLong(item)));
          }
        }
        yield links;
      }
      case RETURNED -> {
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < record.getInt(at + 4); i++) {
          int item = at + Records.LIST_HEADER + i * Records.RETURNED_ITEM;
          links.add(new Link(record.getInt(at), record.getLong(item)));
        }
        yield links;
      }
      case MOVED, COPIED -> List.of(new Link(record.getInt(at), record.getLong(at + 8)));
      case HANDED_OUT -> List.of(new Link(record.getInt(at), record.getLong(at + 4)));
      case MESSAGE, DECLARED, DELETED, CLOSED -> List.of();
    };
  }
}
