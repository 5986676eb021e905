// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

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

  private static void forceDirectory(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
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
