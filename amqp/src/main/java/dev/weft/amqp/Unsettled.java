// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What consumers of one session have in hand, by delivery id. Ids grow, and outcomes come about in
 * their order: a ring costs a few instructions where a hash map walks over the run of neighbours at
 * each removal. What stays behind for very long moves to a map, so that one forgotten delivery does
 * not stretch the ring. Belongs to the connection's event loop.
 */
final class Unsettled<T> {
  private static final int SIZE_FIRST = 16;
  private static final int SIZE_MAX = 1 << 14;

  /** A power of two, so that ids may wrap. */
  private @Nullable Object[] ring = new @Nullable Object[0];

  /** The ids in the ring: from {@code first}, before {@code next}. */
  private int first;

  private int next;
  private int size;
  private final IntObjectMap<T> stragglers = new IntObjectHashMap<>(1);

  int size() {
    return size;
  }

  /**
   * @param id greater than every id before, in the sense of sequence numbers
   */
  void put(int id, T value) {
    if (size == stragglers.size()) {
      first = id;
      next = id;
    }
    while (id - first >= ring.length) {
      makeRoom();
    }
    ring[id & ring.length - 1] = value;
    next = id + 1;
    size++;
  }

  private void makeRoom() {
    if (ring.length < SIZE_MAX) {
      grow();
      return;
    }
    T oldest = at(first);
    ring[first & ring.length - 1] = null;
    if (oldest != null) {
      stragglers.put(first, oldest);
    }
    first++;
  }

  private void grow() {
    @Nullable Object[] larger = new @Nullable Object[Math.max(SIZE_FIRST, ring.length * 2)];
    for (int id = first; id != next; id++) {
      larger[id & larger.length - 1] = ring[id & ring.length - 1];
    }
    ring = larger;
  }

  @SuppressWarnings("unchecked") // Only put writes here.
  private @Nullable T at(int id) {
    return (T) ring[id & ring.length - 1];
  }

  @Nullable T remove(int id) {
    int offset = id - first;
    if (offset < 0 || id - next >= 0 || ring.length == 0) {
      T straggler = stragglers.remove(id);
      if (straggler != null) {
        size--;
      }
      return straggler;
    }
    T removed = at(id);
    if (removed != null) {
      ring[id & ring.length - 1] = null;
      size--;
      if (offset == 0) {
        skipGaps();
      }
    }
    return removed;
  }

  private void skipGaps() {
    while (first != next && ring[first & ring.length - 1] == null) {
      first++;
    }
  }

  /**
   * Removes what lies in the range, in its order, and hands it on.
   *
   * @param count ids in the range; a range wider than what is open costs what is open
   */
  void remove(int from, long count, Consumer<T> action) {
    for (int id : stragglerIds(from, count)) {
      size--;
      action.accept(stragglers.remove(id));
    }
    int id = from;
    while (true) {
      if (id - first < 0) {
        // What lies before is gone already.
        id = first;
      }
      if (id - next >= 0 || (id - from & 0xffff_ffffL) >= count) {
        return;
      }
      T removed = remove(id);
      if (removed != null) {
        action.accept(removed);
      }
      id++;
    }
  }

  private int[] stragglerIds(int from, long count) {
    if (stragglers.isEmpty()) {
      return new int[0];
    }
    int[] ids = new int[stragglers.size()];
    int found = 0;
    for (int id : stragglers.keySet()) {
      if ((id - from & 0xffff_ffffL) < count) {
        ids[found++] = id;
      }
    }
    int[] inRange = Arrays.copyOf(ids, found);
    Arrays.sort(inRange);
    return inRange;
  }

  void clear() {
    ring = new @Nullable Object[0];
    stragglers.clear();
    size = 0;
    first = next;
  }
}
