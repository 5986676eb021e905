// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where a server keeps its things. Inside: the journal and the catalogue, for one server at a time.
 * Beside, so that a backup of the data holds no keys: the key that seals secrets, the TLS material
 * and the operator's access.
 */
public final class DataDirectory implements AutoCloseable {
  private final DataPaths paths;
  private final FileChannel lockFile;

  private DataDirectory(DataPaths paths, FileChannel lockFile) {
    this.paths = paths;
    this.lockFile = lockFile;
  }

  /** Makes the directory when missing and takes it for this process. */
  public static DataDirectory take(Path directory) throws StartFailure {
    DataPaths paths = new DataPaths(directory);
    Path absolute = paths.directory();
    FileChannel file = null;
    try {
      Files.createDirectories(absolute, PrivateFiles.attributes(nearest(absolute), "rwx------"));
      file = FileChannel.open(paths.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = file.tryLock();
      if (lock == null) {
        throw inUse(directory, file);
      }
      return new DataDirectory(paths, file);
    } catch (OverlappingFileLockException e) {
      throw inUse(directory, file);
    } catch (IOException e) {
      throw new StartFailure(
          ExitCode.STORE_UNREADABLE,
          "The data directory " + directory + " cannot be used: " + reason(e) + ".",
          e);
    }
  }

  private static StartFailure inUse(Path directory, @Nullable FileChannel file) {
    closeQuietly(file);
    return new StartFailure(
        ExitCode.DATA_IN_USE, "The data directory " + directory + " is in use by another process.");
  }

  private static void closeQuietly(@Nullable FileChannel file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // The process ends; the lock goes with it.
    }
  }

  /** The first directory upwards that exists. */
  private static Path nearest(Path directory) {
    Path path = directory;
    while (path != null && !Files.exists(path)) {
      path = path.getParent();
    }
    return path == null ? directory : path;
  }

  /** What an I/O error says, in words: the exceptions of the file system carry only a path. */
  static String reason(Exception e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case AccessDeniedException _ -> "no permission for " + message;
      case FileAlreadyExistsException _, NotDirectoryException _ -> message + " is no directory";
      case NoSuchFileException _ -> message + " does not exist";
      case FileSystemException _ -> message;
      default -> e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + message);
    };
  }

  DataPaths paths() {
    return paths;
  }

  Path journal() {
    return paths.journal();
  }

  Path catalogue() {
    return paths.catalogue();
  }

  Path sealKey() {
    return paths.sealKey();
  }

  Path tls() {
    return paths.tls();
  }

  Path operator() {
    return paths.operator();
  }

  /** Where the server of a data directory leaves the operator's access. */
  public static Path operator(Path directory) {
    return new DataPaths(directory).operator();
  }

  @Override
  public void close() {
    closeQuietly(lockFile);
  }
}
