// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages back from the log, ahead in windows, since a queue is mostly read in the order it
 * was written. Checks each record before it is used. Belongs to one queue loop.
 */
final class PayloadReader {
  private static final int WINDOW_BYTES = 256 * 1024;
  private static final int WINDOWS = 8;

  /**
   * A stretch of one segment as it was when it was read. Behind the log's end of that time it shows
   * zeros or, since files are used again, records of an earlier segment: whole ones perhaps, told
   * by their sequence.
   */
  private record Window(long segment, long firstSequence, int from, ByteBuffer bytes) {
    boolean holds(long segmentNumber, int offset, int length) {
      return segment == segmentNumber && offset >= from && offset + length <= from + bytes.limit();
    }
  }

  private final SegmentFiles files;
  private final RecordFormat format;

  /** By segment and rough place, least recently used first. */
  private final Map<Long, Window> windows =
      new LinkedHashMap<>(WINDOWS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Window> eldest) {
          return size() > WINDOWS;
        }
      };

  PayloadReader(SegmentFiles files, UUID storeId) {
    this.files = files;
    this.format = new RecordFormat(storeId);
  }

  /** The message stored there; null when the record is damaged or can't be read. */
  @Nullable StoredMessage read(long location) {
    try {
      StoredMessage found = readFromWindow(location);
      if (found == null) {
        // A window read ahead of the log's end does not know what was written since.
        windows.clear();
        found = readFromWindow(location);
      }
      return found;
    } catch (IOException e) {
      return null;
    }
  }

  private @Nullable StoredMessage readFromWindow(long location) throws IOException {
    long segment = Location.segment(location);
    int offset = Location.offset(location);
    Window window = window(segment, offset, RecordFormat.HEADER_BYTES);
    int length = window == null ? 0 : RecordFormat.length(window.bytes(), offset - window.from());
    if (length < RecordFormat.HEADER_BYTES) {
      return null;
    }
    window = window(segment, offset, length);
    if (window == null) {
      return null;
    }
    int start = offset - window.from();
    if (!format.isValid(window.bytes(), start)
        || RecordFormat.length(window.bytes(), start) != length
        || RecordFormat.sequence(window.bytes(), start) < window.firstSequence()) {
      return null;
    }
    int payload = start + RecordFormat.HEADER_BYTES;
    return switch (RecordType.of(RecordFormat.type(window.bytes(), start))) {
      case MESSAGE -> stored(window.bytes(), payload, length);
      case COPIED ->
          stored(window.bytes(), payload + Records.COPIED_FIXED, length - Records.COPIED_FIXED);
      case null, default -> null;
    };
  }

  private static StoredMessage stored(ByteBuffer bytes, int payload, int length) {
    return new StoredMessage(
        Records.appendedAtMillis(bytes, payload), Records.message(bytes, payload, length));
  }

  /** A message and when it was stored. */
  record StoredMessage(long appendedAtMillis, Message message) {}

  /**
   * The stretch that holds those bytes, read when it is not at hand; null if the segment ends
   * before.
   */
  private @Nullable Window window(long segment, int offset, int length) throws IOException {
    for (Window window : windows.values()) {
      if (window.holds(segment, offset, length)) {
        return window;
      }
    }
    Segment source = files.segment(segment);
    if (source == null || length > source.bytes - offset) {
      return null; // What stands there is no record of that length.
    }
    int ahead = Math.min(WINDOW_BYTES, source.bytes - offset);
    ByteBuffer bytes = RecordFormat.buffer(Math.max(ahead, RecordFormat.padded(length)));
    source.file.read(bytes, offset);
    bytes.flip();
    if (bytes.limit() < length) {
      return null;
    }
    Window window = new Window(segment, source.firstSequence, offset, bytes);
    windows.put(Location.of(segment, offset), window);
    return window;
  }
}
