// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the records of one file in their order, through a window. Belongs to one thread. */
final class RecordReader {
  private static final int READ_BYTES = 1024 * 1024;

  private final RecordFormat format;
  private final Disk.File file;
  private final long size;
  private ByteBuffer buffer;
  private int bufferAt;

  /**
   * @param window memory to read through; {@link #window()} is to be used for the next file
   */
  RecordReader(RecordFormat format, Disk.File file, ByteBuffer window) throws IOException {
    this.format = format;
    this.file = file;
    this.size = file.size();
    this.buffer = window.clear().limit(0);
  }

  /** Grows with what is read. */
  static ByteBuffer newWindow() {
    return RecordFormat.buffer(0);
  }

  ByteBuffer window() {
    return buffer;
  }

  /**
   * Moves the window, if need be, so that it holds the whole record that stands there, as far as
   * its length can be trusted.
   *
   * @return where that is in the {@link #window()}
   */
  int seek(int at) throws IOException {
    int start = at - bufferAt;
    if (!holdsRecord(start, size - at)) {
      fill(at);
      return 0;
    }
    return start;
  }

  /** Whether a whole, undamaged record stands at that place of the window. */
  boolean isValid(int start) {
    return format.isValid(buffer, start);
  }

  private boolean holdsRecord(int start, long bytesLeft) {
    if (start < 0 || buffer.limit() - start < RecordFormat.HEADER_BYTES) {
      return false;
    }
    int length = RecordFormat.length(buffer, start);
    return length < RecordFormat.HEADER_BYTES
        || length > bytesLeft
        || length <= buffer.limit() - start;
  }

  private void fill(int at) throws IOException {
    bufferAt = at;
    int wanted = Math.clamp(size - at, 0, READ_BYTES);
    if (wanted > buffer.capacity()) {
      buffer = RecordFormat.buffer(wanted);
    }
    buffer.clear().limit(Math.clamp(size - at, 0, buffer.capacity()));
    file.read(buffer, at);
    buffer.flip();
    if (buffer.limit() >= RecordFormat.HEADER_BYTES) {
      int length = RecordFormat.length(buffer, 0);
      if (length > buffer.limit() && length <= size - at) {
        buffer = RecordFormat.buffer(RecordFormat.padded(length));
        buffer.limit(length);
        file.read(buffer, at);
        buffer.flip();
      }
    }
  }

  /** What stands behind the place of a missing record. */
  sealed interface Behind {
    /** Nothing newer. */
    record Nothing() implements Behind {}

    /** Newer records up to {@code end}, none of which says that the missing one was forced. */
    record Unforced(long end) implements Behind {}

    /** A newer record that says that the missing one was forced. */
    record Evidence(long at) implements Behind {}
  }

  /**
   * Looks at every offset behind a place where record {@code missing} should stand.
   *
   * @param epochMin newer records have at least that epoch
   */
  Behind behind(int from, long missing, int epochMin) throws IOException {
    long lastEnd = 0;
    long at = from;
    while (at + RecordFormat.HEADER_BYTES <= size) {
      fill((int) at);
      int usable = buffer.limit() - RecordFormat.HEADER_BYTES;
      int start = 0;
      while (start <= usable) {
        int length = RecordFormat.length(buffer, start);
        boolean plausible =
            length >= RecordFormat.HEADER_BYTES
                && length <= size - at - start
                && RecordFormat.sequence(buffer, start) > missing
                && RecordFormat.epoch(buffer, start) >= epochMin;
        if (plausible && length > buffer.limit() - start && start > 0) {
          break; // Read again from here, to have it whole.
        }
        if (plausible && isValid(start)) {
          if (RecordFormat.durable(buffer, start) >= missing) {
            return new Behind.Evidence(at + start);
          }
          start += RecordFormat.padded(length);
          lastEnd = at + start;
        } else {
          start += 8;
        }
      }
      at += Math.max(start, 8);
    }
    return lastEnd == 0 ? new Behind.Nothing() : new Behind.Unforced(lastEnd);
  }
}
