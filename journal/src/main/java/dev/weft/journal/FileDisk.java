// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
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
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A real directory, locked by one engine of one process; files 0600, the directory 0700
 * (R-228).
 */
final class FileDisk implements Disk {
  private static final String LOCK = "lock";

  /**
   * Directories that this process has locked, by their real path. The lock of the operating system
   * belongs to the process and goes when any channel on the file is closed: the file must not be
   * opened a second time only to find that it is locked.
   */
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final @Nullable FileChannel lockChannel;

  /** Found once: to find it the whole list of mounts is read. */
  private volatile @Nullable FileStore store;

  /** Closed with the disk, for an engine that could not be opened knows not all of its files. */
  private final Set<ChannelFile> open = ConcurrentHashMap.newKeySet();

  private FileDisk(Path directory, @Nullable FileChannel lockChannel) {
    this.directory = directory;
    this.lockChannel = lockChannel;
  }

  /**
   * Makes the directory when missing and locks it.
   *
   * @throws StoreException.InUse if another engine holds it, of this process or another
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
      Path real = directory.toRealPath();
      if (!LOCKED.add(real)) {
        throw new StoreException.InUse(directory.toString());
      }
      FileChannel channel = null;
      try {
        channel = lockFile(real);
      } finally {
        if (channel == null) {
          LOCKED.remove(real);
        }
      }
      if (channel == null) {
        throw new StoreException.InUse(directory.toString());
      }
      return new FileDisk(real, channel);
    } catch (IOException e) {
      throw new StoreException.Unreadable(
          "Cannot open the data directory " + directory + ": " + StoreException.why(e), e);
    }
  }

  /** The locked file, or null if another process has it. */
  private static @Nullable FileChannel lockFile(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            ownerOnly("rw-------"));
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? channel : null;
  }

  /** For looking only: takes no lock and writes nothing. */
  static FileDisk forReading(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new StoreException.Unreadable("There is no directory " + directory, null);
    }
    return new FileDisk(directory, null);
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
    return opened(
        FileChannel.open(
            directory.resolve(name),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            ownerOnly("rw-------")));
  }

  @Override
  public File openForReading(String name) throws IOException {
    return opened(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
  }

  private File opened(FileChannel channel) {
    ChannelFile file = new ChannelFile(channel, open);
    open.add(file);
    return file;
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
  public boolean link(String name, Disk into) throws IOException {
    if (!(into instanceof FileDisk other) || !countsLinks(directory.resolve(name))) {
      return false;
    }
    try {
      Files.createLink(other.directory.resolve(name), directory.resolve(name));
      return true;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return false; // Another file system, or one without links: it is copied.
    }
  }

  @Override
  public boolean isLinked(String name) throws IOException {
    Path file = directory.resolve(name);
    return countsLinks(file) && ((Number) Files.getAttribute(file, "unix:nlink")).intValue() > 1;
  }

  /** Without a count nobody would know that a file must not be written over. */
  private static boolean countsLinks(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  @Override
  public void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Space space() throws IOException {
    FileStore known = store;
    if (known == null) {
      known = Files.getFileStore(directory);
      store = known;
    }
    return new Space(known.getUsableSpace(), known.getTotalSpace());
  }

  @Override
  public void close() throws IOException {
    for (ChannelFile file : open) {
      file.close();
    }
    if (lockChannel != null && lockChannel.isOpen()) {
      lockChannel.close();
      LOCKED.remove(directory);
    }
  }

  /** Equal to itself only. */
  private static final class ChannelFile implements File {
    private final FileChannel channel;
    private final Set<ChannelFile> open;

    ChannelFile(FileChannel channel, Set<ChannelFile> open) {
      this.channel = channel;
      this.open = open;
    }

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
      open.remove(this);
      channel.close();
    }
  }
}
