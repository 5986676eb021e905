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

  /** Adds an entry; its sequence is the highest so far, except in recovery. */
  void add(
      long sequence,
      long location,
      int messageBytes,
      long appendedAtMillis,
      long ttlMillis,
      @Nullable Message message,
      long expiresAtMillis) {
    EntryChunk tail = chunks.isEmpty() ? null : chunks.getLast();
    boolean between = tail != null && sequence < tail.sequence[tail.size - 1];
    if (between) {
      tail = chunkBefore(sequence);
    }
    if (tail == null || !tail.takes(appendedAtMillis)) {
      tail = insertBehind(tail, new EntryChunk(appendedAtMillis));
    }
    int slot = tail.add(sequence, location, messageBytes, appendedAtMillis, ttlMillis, message);
    tail.expiryMin = Math.min(tail.expiryMin, expiresAtMillis);
    if (between) {
      freshChunk = chunks.getFirst();
      freshSlot = 0;
    } else if (freshChunk == null) {
      freshChunk = tail;
      freshSlot = slot;
    }
  }

  /** Splits a chunk if need be, so that an entry of that sequence goes to the end of the result. */
  private @Nullable EntryChunk chunkBefore(long sequence) {
    int at = chunkOf(sequence);
    if (at < 0) {
      return null;
    }
    EntryChunk chunk = chunks.get(at);
    int slot = -Arrays.binarySearch(chunk.sequence, 0, chunk.size, sequence) - 1;
    if (slot < chunk.size) {
      insertBehind(chunk, chunk.split(slot));
    }
    return chunk;
  }

  private EntryChunk insertBehind(@Nullable EntryChunk chunk, EntryChunk added) {
    if (chunk == null) {
      added.next = chunks.isEmpty() ? null : chunks.getFirst();
      chunks.addFirst(added);
    } else {
      added.next = chunk.next;
      chunk.next = added;
      chunks.add(chunkOf(chunk.sequence[0]) + 1, added);
    }
    return added;
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
