// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.util.Arrays;

/**
 * Entries that no longer hold the segments their messages stand in. Gathered by a queue's loop,
 * then handed to the journal loop.
 */
final class SegmentCounts {
  private long[] segments = new long[2];
  private long[] entries = new long[2];
  private long[] bytes = new long[2];
  private int size;

  void add(long location, int messageBytes) {
    long segment = Location.segment(location);
    int at = 0;
    while (at < size && segments[at] != segment) {
      at++;
    }
    if (at == size) {
      if (size == segments.length) {
        segments = Arrays.copyOf(segments, 2 * size);
        entries = Arrays.copyOf(entries, 2 * size);
        bytes = Arrays.copyOf(bytes, 2 * size);
      }
      segments[size++] = segment;
      entries[at] = 0;
      bytes[at] = 0;
    }
    entries[at]++;
    bytes[at] += Records.storedBytes(messageBytes);
  }

  void release(JournalLoop journal) {
    for (int i = 0; i < size; i++) {
      journal.release(segments[i], entries[i], bytes[i]);
    }
  }
}
