// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of entries of one queue in columns, 25 bytes an entry, in the order of their sequences.
 * Belongs to the queue's loop.
 */
final class EntryChunk {
  static final byte READY = 0;
  static final byte UNSETTLED = 1;
  static final byte RETURNED = 2;
  static final byte MOVING = 3;
  static final byte DEAD_PENDING = 4;
  static final byte GONE = 5;

  /**
   * Its record is damaged: neither delivered nor acknowledged, until the queue is purged.
   */
  static final byte QUARANTINED = 6;

  private static final int FIRST_CAPACITY = 16;
  static final int CAPACITY = 1024;

  long[] sequence;
  long[] location;
  int[] messageBytes;

  /** Age against {@link #baseMillis}; a chunk ends before this would overflow. */
  int[] appendedDelta;

  byte[] state;

  /** Payloads that are still in memory. */
  @Nullable Message @Nullable [] message;

  /** Times to live of messages that have one. */
  long @Nullable [] ttlMillis;

  final long baseMillis;
  int size;
  int live;

  /** No entry expires before this, epoch milliseconds. */
  long expiryMin = Long.MAX_VALUE;

  @Nullable EntryChunk next;

  EntryChunk(long baseMillis) {
    this.baseMillis = baseMillis;
    sequence = new long[FIRST_CAPACITY];
    location = new long[FIRST_CAPACITY];
    messageBytes = new int[FIRST_CAPACITY];
    appendedDelta = new int[FIRST_CAPACITY];
    state = new byte[FIRST_CAPACITY];
  }

  boolean takes(long appendedAtMillis) {
    long delta = appendedAtMillis - baseMillis;
    return size < CAPACITY && delta == (int) delta;
  }

  int add(
      long entrySequence,
      long entryLocation,
      int bytes,
      long appendedAtMillis,
      long ttl,
      @Nullable Message payload) {
    if (size == sequence.length) {
      grow();
    }
    int slot = size++;
    live++;
    sequence[slot] = entrySequence;
    location[slot] = entryLocation;
    messageBytes[slot] = bytes;
    appendedDelta[slot] = (int) (appendedAtMillis - baseMillis);
    state[slot] = READY;
    if (payload != null && message == null) {
      message = new Message[sequence.length];
    }
    if (message != null) {
      message[slot] = payload;
    }
    if (ttl != Message.NO_TTL && ttlMillis == null) {
      ttlMillis = new long[sequence.length];
      Arrays.fill(ttlMillis, Message.NO_TTL);
    }
    if (ttlMillis != null) {
      ttlMillis[slot] = ttl;
    }
    return slot;
  }

  /** Takes the entries from {@code from} on into a chunk of their own. */
  EntryChunk split(int from) {
    EntryChunk tail = new EntryChunk(baseMillis);
    tail.sequence = Arrays.copyOfRange(sequence, from, size);
    tail.location = Arrays.copyOfRange(location, from, size);
    tail.messageBytes = Arrays.copyOfRange(messageBytes, from, size);
    tail.appendedDelta = Arrays.copyOfRange(appendedDelta, from, size);
    tail.state = Arrays.copyOfRange(state, from, size);
    tail.message = message == null ? null : Arrays.copyOfRange(message, from, size);
    tail.ttlMillis = ttlMillis == null ? null : Arrays.copyOfRange(ttlMillis, from, size);
    tail.size = size - from;
    for (int slot = 0; slot < tail.size; slot++) {
      tail.live += tail.state[slot] == GONE ? 0 : 1;
    }
    tail.expiryMin = expiryMin;
    live -= tail.live;
    size = from;
    return tail;
  }

  long appendedAtMillis(int slot) {
    return baseMillis + appendedDelta[slot];
  }

  long ttlMillis(int slot) {
    return ttlMillis == null ? Message.NO_TTL : ttlMillis[slot];
  }

  @Nullable Message message(int slot) {
    return message == null ? null : message[slot];
  }

  void forgetMessage(int slot) {
    if (message != null) {
      message[slot] = null;
    }
  }

  private void grow() {
    int capacity = Math.min(CAPACITY, 4 * sequence.length);
    sequence = Arrays.copyOf(sequence, capacity);
    location = Arrays.copyOf(location, capacity);
    messageBytes = Arrays.copyOf(messageBytes, capacity);
    appendedDelta = Arrays.copyOf(appendedDelta, capacity);
    state = Arrays.copyOf(state, capacity);
    if (message != null) {
      message = Arrays.copyOf(message, capacity);
    }
    if (ttlMillis != null) {
      int from = ttlMillis.length;
      ttlMillis = Arrays.copyOf(ttlMillis, capacity);
      Arrays.fill(ttlMillis, from, capacity, Message.NO_TTL);
    }
  }
}
