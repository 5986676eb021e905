// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk for looking only that says how much was read. Whoever tries to change it is a mistake.
 * Belongs to one thread.
 */
final class ProgressDisk implements Disk {
  private final Disk disk;
  private final StoreProgress progress;
  private long read;
  private long total;

  ProgressDisk(Disk disk, StoreProgress progress) {
    this.disk = disk;
    this.progress = progress;
  }

  /** So many more bytes are going to be read. */
  void expect(long bytes) {
    total += bytes;
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public File openForReading(String name) throws IOException {
    return new CountedFile(disk.openForReading(name));
  }

  @Override
  public File open(String name) {
    throw new UnsupportedOperationException("open " + name);
  }

  @Override
  public void rename(String from, String to) {
    throw new UnsupportedOperationException("rename " + from);
  }

  @Override
  public void delete(String name) {
    throw new UnsupportedOperationException("delete " + name);
  }

  @Override
  public void sync() {
    throw new UnsupportedOperationException("sync");
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }

  private final class CountedFile implements File {
    private final File file;

    CountedFile(File file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void write(ByteBuffer bytes, long position) {
      throw new UnsupportedOperationException("write");
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      int count = file.read(into, position);
      read += count;
      progress.done(Math.min(read, total), total);
      return count;
    }

    @Override
    public void force() {
      throw new UnsupportedOperationException("force");
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
