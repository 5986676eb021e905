// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Writes files that only their owner may read, whole or not at all, and on disk when it returns:
 * without the force a power loss leaves an empty file under the new name.
 */
public final class PrivateFiles {
  private PrivateFiles() {}

  /** Mode 0600 from its first byte; the directory is made when missing, with mode 0700. */
  public static void write(Path file, String content) throws IOException {
    write(file, content, "rw-------");
  }

  /** Mode 0644, for what clients need. */
  public static void writeReadable(Path file, String content) throws IOException {
    write(file, content, "rw-r--r--");
  }

  private static void write(Path file, String content, String mode) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException("There is no directory for " + file);
    }
    Files.createDirectories(directory, attributes(directory, "rwx------"));
    Path fresh = Files.createTempFile(directory, ".weft", ".new", attributes(directory, mode));
    try {
      Files.writeString(fresh, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceDirectory(directory);
      Path parent = directory.getParent();
      if (parent != null) {
        forceDirectory(parent); // The directory itself may be new.
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Makes the names in a directory durable. */
  static void forceDirectory(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Mode 0700 for every directory that is made. */
  static void createDirectories(Path directory) throws IOException {
    Path near = directory;
    while (near.getParent() != null && !Files.exists(near)) {
      near = near.getParent();
    }
    Files.createDirectories(directory, attributes(near, "rwx------"));
  }

  /** Copies the bytes of a file, mode 0600 from the first one, forced; the target must be new. */
  static void copy(Path from, Path to) throws IOException {
    Path directory = to.toAbsolutePath().getParent();
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel target =
            FileChannel.open(
                to, fresh, attributes(directory == null ? to : directory, "rw-------"))) {
      long size = source.size();
      for (long at = 0; at < size; ) {
        long count = source.transferTo(at, size - at, target);
        if (count == 0) {
          throw new IOException(from + " became shorter while it was copied");
        }
        at += count;
      }
      target.force(true);
    }
  }

  /** In hexadecimal digits. */
  static String sha256(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] part = new byte[64 * 1024];
      for (int count = bytes.read(part); count >= 0; count = bytes.read(part)) {
        digest.update(part, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not available", e);
    }
  }

  static FileAttribute<?>[] attributes(Path near, String mode) {
    return near.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
