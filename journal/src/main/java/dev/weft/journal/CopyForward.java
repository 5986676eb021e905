// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Message;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * Has what still lives in one segment written again at the end of the log, so that old messages do
 * not pin the disk. Works on the queues of one loop, a few messages at a time: the next
 * ones when those are durable. Belongs to the queue's loop.
 */
final class CopyForward {
  private static final int ENTRIES_AT_ONCE = 64;
  private static final int BYTES_AT_ONCE = 256 * 1024;

  private record Place(QueueState queue, long sequence) {}

  private final QueueLoop loop;
  private final long segment;
  private final Deque<Place> places = new ArrayDeque<>();
  private final SegmentCounts released = new SegmentCounts();
  private int outstanding;
  private int outstandingBytes;

  CopyForward(QueueLoop loop, long segment) {
    this.loop = loop;
    this.segment = segment;
  }

  void start(Collection<QueueState> queues) {
    for (QueueState queue : queues) {
      for (EntryChunk chunk : queue.entries.chunks()) {
        for (int slot = 0; slot < chunk.size; slot++) {
          if (chunk.state[slot] != EntryChunk.GONE && stands(chunk, slot)) {
            places.add(new Place(queue, chunk.sequence[slot]));
          }
        }
      }
    }
    goOn();
  }

  private boolean stands(EntryChunk chunk, int slot) {
    return Location.segment(chunk.location[slot]) == segment;
  }

  private void goOn() {
    while (!places.isEmpty() && outstanding < ENTRIES_AT_ONCE && outstandingBytes < BYTES_AT_ONCE) {
      Place place = places.remove();
      EntryIndex.Entry found = place.queue().entries.find(place.sequence());
      if (found != null && stands(found.chunk(), found.slot())) {
        copy(place.queue(), found.chunk(), found.slot());
      }
    }
    if (places.isEmpty() && outstanding == 0) {
      loop.send(new CopyEnd(released));
    }
  }

  /** Leaves alone what is on its way to another queue, and what is damaged. */
  private void copy(QueueState queue, EntryChunk chunk, int slot) {
    byte state = chunk.state[slot];
    Message message =
        state == EntryChunk.MOVING || state == EntryChunk.QUARANTINED
            ? null
            : queue.peek(chunk, slot);
    if (message == null) {
      return;
    }
    long sequence = chunk.sequence[slot];
    ReturnedEntry counters = queue.returned.find(sequence);
    loop.send(
        new Copy(
            new Copy.Entry(
                queue,
                sequence,
                chunk.location[slot],
                chunk.messageBytes[slot],
                chunk.appendedAtMillis(slot),
                chunk.ttlMillis(slot) == message.ttlMillis(),
                counters == null ? null : Copy.Counters.of(counters),
                state == EntryChunk.DEAD_PENDING,
                state == EntryChunk.UNSETTLED && counters != null && counters.acquired > 0),
            message,
            this));
    outstanding++;
    outstandingBytes += message.size();
  }

  /** The copy is durable. */
  void copied(Copy copy, long newLocation) {
    Copy.Entry entry = copy.entry;
    EntryIndex.Entry found = entry.queue().entries.find(entry.sequence());
    // What moves meanwhile takes the old place along.
    if (found != null
        && found.state() != EntryChunk.MOVING
        && found.chunk().location[found.slot()] == entry.location()) {
      found.chunk().location[found.slot()] = newLocation;
      released.add(entry.location(), entry.messageBytes());
    } else {
      released.add(newLocation, entry.messageBytes()); // It left the queue in between.
    }
    ended(copy);
  }

  /** There was no room for it, or its queue is gone. */
  void givenUp(Copy copy) {
    ended(copy);
  }

  private void ended(Copy copy) {
    outstanding--;
    outstandingBytes -= copy.entry.messageBytes();
    goOn();
  }
}
