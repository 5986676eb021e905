// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The directory of a store. A constructor argument of everything that touches files, so that tests
 * can lose, tear and fail them.
 */
public interface Disk extends Closeable {
  /** File names without order. */
  List<String> list() throws IOException;

  /** Opens a file for reading and writing; makes it when missing. */
  File open(String name) throws IOException;

  /** Opens an existing file for reading. */
  File openForReading(String name) throws IOException;

  void rename(String from, String to) throws IOException;

  void delete(String name) throws IOException;

  /**
   * Forces the directory itself: creations, renames and deletions before it are durable.
   */
  void sync() throws IOException;

  /** Room on the disk, for the watermarks. A disk that does not know has plenty. */
  default Space space() throws IOException {
    return Space.PLENTY;
  }

  /**
   * @param freeBytes that may still be written
   * @param totalBytes of the whole disk
   */
  record Space(long freeBytes, long totalBytes) {
    static final Space PLENTY = new Space(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Gives the directory back, and closes every file of it that is still open. */
  @Override
  void close() throws IOException;

  /**
   * Gives a file the same name in another directory as well; false if the file systems cannot.
   * Neither may write to it afterwards.
   */
  default boolean link(String name, Disk into) throws IOException {
    return false;
  }

  /** Whether the file has another name, so that somebody else needs it as it is. */
  default boolean isLinked(String name) throws IOException {
    return false;
  }

  /** One file. Positional access only. */
  interface File extends Closeable {
    long size() throws IOException;

    /** Writes everything that remains in the buffer. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Reads until the buffer is full or the file ends; returns the number of bytes read. */
    int read(ByteBuffer into, long position) throws IOException;

    /** Forces the content; metadata only as far as reading it back needs. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }
}
