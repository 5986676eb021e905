// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A real directory, locked by one process; files 0600, the directory 0700. */
final class FileDisk implements Disk {
  private static final String LOCK = "lock";

  private final Path directory;
  private final @Nullable FileChannel lockChannel;

  private FileDisk(Path directory, @Nullable FileChannel lockChannel) {
    this.directory = directory;
    this.lockChannel = lockChannel;
  }

  /**
   * Makes the directory when missing and locks it.
   *
   * @throws StoreException.InUse if another process holds it
   * @throws StoreException.Unreadable if it cannot be made or entered
   */
  static FileDisk lock(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory, ownerOnly("rwx------"));
      }
      if (!Files.isReadable(directory) || !Files.isWritable(directory)) {
        throw new StoreException.Unreadable(
            "No permission for the data directory " + directory, null);
      }
      FileChannel channel =
          FileChannel.open(
              directory.resolve(LOCK),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              ownerOnly("rw-------"));
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new StoreException.InUse(directory.toString());
      }
      return new FileDisk(directory, channel);
    } catch (IOException e) {
      throw new StoreException.Unreadable(
          "Cannot open the data directory " + directory + ": " + StoreException.why(e), e);
    }
  }

  /** For looking only: takes no lock and writes nothing. */
  static FileDisk forReading(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new StoreException.Unreadable("There is no directory " + directory, null);
    }
    return new FileDisk(directory, null);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // This process itself has it.
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> ownerOnly(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  /** Folders of others are passed over, unless one stands where a file of the store should be. */
  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          if (!name.equals(LOCK)) {
            names.add(name);
          }
        } else if (SegmentHeader.numberOf(name) != null) {
          throw new FileSystemException(file + " is no file");
        }
      }
    }
    return names;
  }

  @Override
  public File open(String name) throws IOException {
    return new ChannelFile(
        FileChannel.open(
            directory.resolve(name),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            ownerOnly("rw-------")));
  }

  @Override
  public File openForReading(String name) throws IOException {
    return new ChannelFile(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    if (lockChannel != null) {
      lockChannel.close();
    }
  }

  private record ChannelFile(FileChannel channel) implements File {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      long at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at); // A write may be short.
      }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      int total = 0;
      while (into.hasRemaining()) {
        int count = channel.read(into, position + total);
        if (count < 0) {
          break;
        }
        total += count;
      }
      return total;
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
