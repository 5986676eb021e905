// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import org.jspecify.annotations.Nullable;

/** What a record says. The code is on disk: never change or reuse one. */
enum RecordType {
  /** A message and the queues that hold it; see {@link Records#message}. */
  MESSAGE(1),
  /** Ranges of messages that left a queue. */
  SETTLED(2),
  /** Messages that came back, with their counters. */
  RETURNED(3),
  /** One message that went from one queue to another: removed and added by one record. */
  MOVED(4),
  /** A queue and its settings, new or changed. */
  DECLARED(5),
  /** A queue that is gone with its messages. */
  DELETED(6),
  /** A returned message was handed out again. */
  HANDED_OUT(7),
  /** The engine stopped in order; everything before is durable. */
  CLOSED(8),
  /** A message of one queue again, with its counters: the segment of the first one is to go. */
  COPIED(9);

  private static final RecordType[] BY_CODE = byCode();

  final byte code;

  RecordType(int code) {
    this.code = (byte) code;
  }

  static @Nullable RecordType of(byte code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  private static RecordType[] byCode() {
    RecordType[] table = new RecordType[values().length + 1];
    for (RecordType type : values()) {
      table[type.code] = type;
    }
    return table;
  }
}
