// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies a store as it was at one moment. Sealed segments never change: the copy names the
 * same files a second time where the file system can, and a file with two names is never written
 * over ({@link SegmentPool}). The end of the log and everything that is overwritten in place is
 * copied. The manifest comes last: a copy that was not finished is no store.
 *
 * <p>Belongs to one thread.
 */
public final class StoreBackup {
  private static final int COPY_BYTES = 1024 * 1024;

  /**
   * What a copy took.
   *
   * @param linked segments that share their file with the store
   * @param bytes that were copied
   */
  public record Result(int segments, int linked, long bytes) {}

  private final Disk from;
  private final Disk into;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
  private int linked;
  private long bytes;

  private StoreBackup(Disk from, Disk into) {
    this.from = from;
    this.into = into;
  }

  /**
   * Copies a store that no engine has open, after reading it whole.
   *
   * @param into existing and empty
   * @throws StoreException.InUse if an engine has it open
   * @throws StoreException.Corrupt if it is damaged; nothing was copied then
   * @throws StoreException.Unreadable if it can't be read
   * @throws IOException if the copy cannot be written
   */
  public static Result copyStopped(Path directory, Path into) throws IOException {
    try (Disk from = FileDisk.lock(directory);
        Disk to = FileDisk.forReading(into)) {
      return copyStopped(from, to);
    }
  }

  static Result copyStopped(Disk from, Disk into) throws IOException {
    Manifest manifest = Manifest.read(from);
    if (manifest == null) {
      throw new StoreException.Unreadable("The directory holds no store", null);
    }
    LogScanner.Result log = new LogScanner(from, manifest, new QueueCensus(), false).scan();
    List<Snapshot.Part> parts = new ArrayList<>();
    for (Segment segment : log.segments()) {
      segment.file.close();
      parts.add(new Snapshot.Part(segment.number, segment.bytes));
    }
    int end = parts.isEmpty() ? 0 : parts.getLast().bytes();
    return copy(from, new Snapshot.State(manifest, parts, end, Long.MAX_VALUE), into);
  }

  /** Copies the state, whose segments nobody may give up meanwhile. */
  static Result copy(Disk from, Snapshot.State state, Disk into) throws IOException {
    if (!into.list().isEmpty()) {
      throw new IOException("The directory of the copy is not empty");
    }
    return new StoreBackup(from, into).copy(state);
  }

  private Result copy(Snapshot.State state) throws IOException {
    List<String> names = from.list();
    int last = state.segments().size() - 1;
    for (int i = 0; i <= last; i++) {
      Snapshot.Part part = state.segments().get(i);
      String name = SegmentHeader.fileName(part.number());
      if (i == last) {
        copy(name, state.end(), part.bytes());
      } else {
        if (from.link(name, into)) {
          linked++;
        } else {
          copy(name, part.bytes(), part.bytes());
        }
        String index = SegmentIndex.fileName(part.number());
        if (names.contains(index)) {
          copy(index, Integer.MAX_VALUE, 0);
        }
      }
    }
    if (names.contains(HandOutMarks.FILE)) {
      HandOutMarks.copy(from, into, state.lastSequence());
    }
    into.sync();
    // Both copies, as in every store that was opened once.
    Manifest manifest = state.manifest();
    manifest.write(into);
    manifest.withEpoch(manifest.epoch()).write(into);
    into.sync();
    return new Result(state.segments().size(), linked, bytes);
  }

  /**
   * @param end bytes to copy at most
   * @param size of the copy at least; zeros behind the end
   */
  private void copy(String name, int end, int size) throws IOException {
    try (Disk.File source = from.openForReading(name);
        Disk.File target = into.open(name)) {
      long stop = Math.min(end, source.size());
      for (long at = 0; at < stop; at += buffer.limit()) {
        buffer.clear().limit(Math.clamp(stop - at, 0, COPY_BYTES));
        int count = source.read(buffer, at);
        if (count < buffer.limit()) {
          throw new IOException(name + " became shorter while it was copied");
        }
        target.write(buffer.flip(), at);
        bytes += buffer.limit();
      }
      if (target.size() < size) {
        target.write(ByteBuffer.allocate(1), size - 1L);
      }
      target.force();
    }
  }
}
