// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Files of the segments in use, for readers. Safe for any thread; the journal loop adds and
 * removes.
 */
final class SegmentFiles {
  private final Map<Long, Segment> segments = new ConcurrentHashMap<>();

  void add(Segment segment) {
    segments.put(segment.number, segment);
  }

  void remove(Segment segment) {
    segments.remove(segment.number);
  }

  /** Only what never changes of it may be used. */
  @Nullable Segment segment(long segmentNumber) {
    return segments.get(segmentNumber);
  }

  /** Closes them all, when nobody reads any more. */
  void close() throws IOException {
    for (Segment segment : segments.values()) {
      segment.file.close();
    }
  }
}
