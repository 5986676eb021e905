// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who may read the files of a store. Does nothing where files have no POSIX modes. */
final class FileModes {
  /** Files that anybody, or the group, can read. */
  record Readers(List<Path> world, List<Path> group) {}

  private final List<Path> world = new ArrayList<>();
  private final List<Path> group = new ArrayList<>();

  private FileModes() {}

  /**
   * Looks at files, and at those below directories. A file in a directory that others may not enter
   * is not open to them, whatever its own mode says.
   *
   * @param root no directory above it counts
   */
  static Readers readers(Path root, List<Path> places) throws IOException {
    FileModes found = new FileModes();
    for (Path place : places) {
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        found.look(place, root.equals(place.getParent()) ? root : place);
      }
    }
    return new Readers(List.copyOf(found.world), List.copyOf(found.group));
  }

  private void look(Path place, Path root) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (isOpen(
            file, root, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE)) {
          world.add(file);
        } else if (isOpen(
            file, root, PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE)) {
          group.add(file);
        }
      }
    }
  }

  private static boolean isOpen(
      Path file, Path root, PosixFilePermission read, PosixFilePermission enter)
      throws IOException {
    if (!modes(file).contains(read)) {
      return false;
    }
    Path directory = file;
    while (directory != null && !directory.equals(root)) {
      directory = directory.getParent();
      if (directory == null || !modes(directory).contains(enter)) {
        return false;
      }
    }
    return true;
  }

  private static Set<PosixFilePermission> modes(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return view == null ? Set.of() : view.readAttributes().permissions();
  }
}
