// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every entry of one queue, in order, in chunks; knows the first one that was never handed out.
 * Belongs to the queue's loop.
 */
final class EntryIndex {
  /** Place of an entry. */
  record Entry(EntryChunk chunk, int slot) {
    long sequence() {
      return chunk.sequence[slot];
    }

    byte state() {
      return chunk.state[slot];
    }
  }

  private final List<EntryChunk> chunks = new ArrayList<>();
  private @Nullable EntryChunk freshChunk;
  private int freshSlot;

  void add(
      long sequence,
      long location,
      int messageBytes,
      long appendedAtMillis,
      long ttlMillis,
      @Nullable Message message,
      long expiresAtMillis) {
    EntryChunk tail = chunks.isEmpty() ? null : chunks.getLast();
    if (tail == null || !tail.takes(appendedAtMillis)) {
      EntryChunk added = new EntryChunk(appendedAtMillis);
      if (tail != null) {
        tail.next = added;
      }
      chunks.add(added);
      tail = added;
    }
    int slot = tail.add(sequence, location, messageBytes, appendedAtMillis, ttlMillis, message);
    tail.expiryMin = Math.min(tail.expiryMin, expiresAtMillis);
    if (freshChunk == null) {
      freshChunk = tail;
      freshSlot = slot;
    }
  }

  /** Moves to the first entry that was never handed out; null if there is none. */
  @Nullable EntryChunk freshChunk() {
    while (freshChunk != null) {
      EntryChunk chunk = freshChunk;
      while (freshSlot < chunk.size) {
        if (chunk.state[freshSlot] == EntryChunk.READY) {
          return chunk;
        }
        freshSlot++;
      }
      if (chunk.next == null && chunk.size < EntryChunk.CAPACITY) {
        return null; // The next entry comes here, or into a following chunk.
      }
      freshChunk = chunk.next;
      freshSlot = 0;
    }
    return null;
  }

  /** Slot of the entry {@link #freshChunk()} found. */
  int freshSlot() {
    return freshSlot;
  }

  @Nullable Entry find(long sequence) {
    int at = chunkOf(sequence);
    if (at < 0) {
      return null;
    }
    EntryChunk chunk = chunks.get(at);
    int slot = Arrays.binarySearch(chunk.sequence, 0, chunk.size, sequence);
    return slot < 0 || chunk.state[slot] == EntryChunk.GONE ? null : new Entry(chunk, slot);
  }

  /** Entries from one sequence to another, both included. */
  List<Entry> range(long first, long last) {
    List<Entry> found = new ArrayList<>();
    for (int at = Math.max(0, chunkOf(first)); at < chunks.size(); at++) {
      EntryChunk chunk = chunks.get(at);
      int from = Arrays.binarySearch(chunk.sequence, 0, chunk.size, first);
      for (int slot = from < 0 ? -from - 1 : from; slot < chunk.size; slot++) {
        if (chunk.sequence[slot] > last) {
          return found;
        }
        if (chunk.state[slot] != EntryChunk.GONE) {
          found.add(new Entry(chunk, slot));
        }
      }
    }
    return found;
  }

  /** Marks an entry as gone and drops its chunk when nothing lives in it. */
  void remove(EntryChunk chunk, int slot) {
    chunk.state[slot] = EntryChunk.GONE;
    chunk.forgetMessage(slot);
    chunk.live--;
    if (chunk.live == 0 && (chunk.next != null || chunk.size == EntryChunk.CAPACITY)) {
      drop(chunk);
    }
  }

  private void drop(EntryChunk chunk) {
    int at = chunkOf(chunk.sequence[0]);
    chunks.remove(at);
    if (at > 0) {
      chunks.get(at - 1).next = chunk.next;
    }
    if (freshChunk == chunk) {
      freshChunk = chunk.next;
      freshSlot = 0;
    }
  }

  private int chunkOf(long sequence) {
    int low = 0;
    int high = chunks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (chunks.get(middle).sequence[0] <= sequence) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /** The chunks in order; entries may be added or removed after, not during, a walk. */
  List<EntryChunk> chunks() {
    return chunks;
  }
}
