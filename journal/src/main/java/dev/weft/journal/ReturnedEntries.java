// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries of one queue that came back and still live: their counters, those that wait for their
 * time, those that are due, those that are dead with nowhere to go. Belongs to the queue's loop.
 */
final class ReturnedEntries {
  private final Map<Long, ReturnedEntry> counters = new HashMap<>();
  private final TreeMap<Long, ReturnedEntry> due = new TreeMap<>();
  private final PriorityQueue<ReturnedEntry> delayed =
      new PriorityQueue<>(
          Comparator.comparingLong((ReturnedEntry entry) -> entry.dueAtMillis)
              .thenComparingLong(entry -> entry.sequence));
  private final Set<Long> deadPending = new HashSet<>();

  /** Counters of an entry, new ones when it never came back before. */
  ReturnedEntry counters(long sequence) {
    return counters.computeIfAbsent(sequence, ReturnedEntry::new);
  }

  @Nullable ReturnedEntry find(long sequence) {
    return counters.get(sequence);
  }

  int acquired(long sequence) {
    if (counters.isEmpty()) {
      return 0;
    }
    ReturnedEntry entry = counters.get(sequence);
    return entry == null ? 0 : entry.acquired;
  }

  int failed(long sequence) {
    ReturnedEntry entry = counters.get(sequence);
    return entry == null ? 0 : entry.failed;
  }

  /** Forgets an entry that left the queue. */
  void remove(long sequence) {
    ReturnedEntry entry = counters.isEmpty() ? null : counters.remove(sequence);
    if (entry != null) {
      due.remove(sequence);
      delayed.remove(entry);
      deadPending.remove(sequence);
    }
  }

  /** Lets an entry wait until its time. */
  void park(ReturnedEntry entry, long nowMillis) {
    if (entry.dueAtMillis <= nowMillis) {
      due.put(entry.sequence, entry);
    } else {
      delayed.add(entry);
    }
  }

  /** Takes an entry out of those that wait, to hand it out. */
  void unpark(ReturnedEntry entry) {
    due.remove(entry.sequence);
    delayed.remove(entry);
  }

  /** Lets those come whose time has come. */
  boolean release(long nowMillis) {
    boolean any = false;
    for (ReturnedEntry next = delayed.peek();
        next != null && next.dueAtMillis <= nowMillis;
        next = delayed.peek()) {
      delayed.remove();
      due.put(next.sequence, next);
      any = true;
    }
    return any;
  }

  /**
   * The first in the order of the queue that is due; null if none is, or if order is strict and an
   * earlier one is not.
   */
  @Nullable ReturnedEntry next(boolean strict) {
    if (due.isEmpty() || (strict && isBlocked())) {
      return null;
    }
    return due.firstEntry().getValue();
  }

  /** Whether an entry that is not due stands before all that are. */
  boolean isBlocked() {
    long first = due.isEmpty() ? Long.MAX_VALUE : due.firstKey();
    for (ReturnedEntry entry : delayed) {
      if (entry.sequence < first) {
        return true;
      }
    }
    return false;
  }

  long nextDueMillis() {
    ReturnedEntry next = delayed.peek();
    return next == null ? Long.MAX_VALUE : next.dueAtMillis;
  }

  int delayedCount() {
    return delayed.size();
  }

  Set<Long> deadPending() {
    return deadPending;
  }
}
