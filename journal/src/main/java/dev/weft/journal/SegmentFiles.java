// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Files of the segments in use, for readers. Safe for any thread; the journal loop adds and
 * removes.
 */
final class SegmentFiles {
  private final Map<Long, Disk.File> files = new ConcurrentHashMap<>();

  void add(Segment segment) {
    files.put(segment.number, segment.file);
  }

  void remove(Segment segment) {
    files.remove(segment.number);
  }

  Disk.@Nullable File file(long segmentNumber) {
    return files.get(segmentNumber);
  }
}
