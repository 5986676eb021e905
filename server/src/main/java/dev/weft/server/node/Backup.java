// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.broker.Catalogue;
import dev.weft.broker.CatalogueCopy;
import dev.weft.journal.JournalEngine;
import dev.weft.journal.StoreBackup;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A copy of everything a server keeps, in a directory of its own: {@code data} with journal
 * and catalogue, beside it the keys, and {@value #MARK}, which is written last and says that the
 * copy was read whole. It holds secrets: directories 0700, files 0600.
 */
public final class Backup {
  /** Only a finished backup has it. */
  private static final String MARK = "backup.json";

  private static final int FORMAT = 1;

  /**
   * A copy that was made and not checked yet.
   *
   * @param keys whether the key file and the TLS material are in it
   */
  public record Made(int segments, int linkedSegments, long copiedBytes, boolean keys) {}

  /** Copies the journal into an existing, empty directory. */
  private interface JournalCopy {
    StoreBackup.Result into(Path directory) throws IOException;
  }

  /** Copies the catalogue into an existing, empty directory. */
  private interface CatalogueFiles {
    void into(Path directory) throws IOException;
  }

  private Backup() {}

  /**
   * Copies what the server in this process works on. The catalogue comes after the journal: a queue
   * that is made meanwhile is empty in the copy, and none has messages that nobody knows of.
   *
   * @throws IOException if the copy cannot be written, or its directory is not empty
   */
  static Made ofRunning(DataPaths from, JournalEngine engine, Path into, boolean keys)
      throws IOException {
    return copy(
        from,
        into,
        keys,
        engine::backup,
        directory -> CatalogueCopy.copy(from.catalogue(), directory));
  }

  /**
   * Copies a data directory that no server has open.
   *
   * @param taken held meanwhile
   * @throws IOException if the copy cannot be written, or its directory is not empty
   * @throws dev.weft.journal.StoreException if the journal is damaged or unreadable
   */
  public static Made ofStopped(DataDirectory taken, Path into, boolean keys) throws IOException {
    DataPaths from = taken.paths();
    return copy(
        from,
        into,
        keys,
        directory -> StoreBackup.copyStopped(from.journal(), directory),
        directory ->
            PrivateFiles.copy(Catalogue.file(from.catalogue()), Catalogue.file(directory)));
  }

  private static Made copy(
      DataPaths from, Path into, boolean keys, JournalCopy journal, CatalogueFiles catalogue)
      throws IOException {
    Path absolute = into.toAbsolutePath().normalize();
    if (absolute.startsWith(from.directory())) {
      throw new FileSystemException(absolute.toString(), null, "lies in the data directory");
    }
    requireEmpty(absolute);
    DataPaths to = DataPaths.inBackup(absolute);
    PrivateFiles.createDirectories(absolute);
    PrivateFiles.createDirectories(to.journal());
    PrivateFiles.createDirectories(to.catalogue());
    StoreBackup.Result copied = journal.into(to.journal());
    catalogue.into(to.catalogue());
    if (keys) {
      copyKeys(from, to);
    }
    return new Made(copied.segments(), copied.linked(), copied.bytes(), keys);
  }

  /** The key file and the TLS material, as far as they exist. */
  static void copyKeys(DataPaths from, DataPaths to) throws IOException {
    if (Files.exists(from.sealKey())) {
      PrivateFiles.copy(from.sealKey(), to.sealKey());
    }
    if (Files.isDirectory(from.tls())) {
      PrivateFiles.createDirectories(to.tls());
      for (Path file : files(from.tls())) {
        PrivateFiles.copy(file, to.tls().resolve(file.getFileName()));
      }
    }
  }

  /**
   * @throws IOException if there is something in its place
   */
  static void requireEmpty(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> content = Files.list(directory)) {
      if (content.findAny().isPresent()) {
        throw new FileSystemException(directory.toString(), null, "is not empty");
      }
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /**
   * Marks a copy as one that was checked.
   *
   * @param check of the copy; must be good
   */
  public static void finish(Path backup, StoreCheck check, InstantSource clock) throws IOException {
    Path root = backup.toAbsolutePath().normalize();
    DataPaths paths = DataPaths.inBackup(root);
    ObjectNode mark = JsonMapper.shared().createObjectNode();
    mark.put("format", FORMAT);
    mark.put("createdAt", clock.instant().toString());
    if (check.journal() != null) {
      mark.put("storeId", check.journal().storeId());
      mark.put("epoch", check.journal().epoch());
      mark.put("records", check.journal().records());
    }
    mark.put("keys", Files.exists(paths.sealKey()));
    ArrayNode files = mark.putArray("files");
    for (Path file : besideTheJournal(paths)) {
      files
          .addObject()
          .put("path", root.relativize(file).toString())
          .put("sha256", PrivateFiles.sha256(file));
    }
    PrivateFiles.write(backup.resolve(MARK), mark.toPrettyString() + "\n");
  }

  /** What has no checksums of its own. */
  private static List<Path> besideTheJournal(DataPaths paths) throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(Catalogue.file(paths.catalogue()));
    if (Files.exists(paths.sealKey())) {
      files.add(paths.sealKey());
    }
    if (Files.isDirectory(paths.tls())) {
      files.addAll(files(paths.tls()));
    }
    return files;
  }

  /**
   * Why a backup cannot be restored to a place, as far as can be told without reading it whole;
   * null when nothing speaks against it.
   */
  public static @Nullable String refusal(Path backup, Path data) throws IOException {
    JsonNode mark = mark(backup);
    if (mark == null) {
      return backup + " is no finished backup: it has no " + MARK;
    }
    if (mark.path("format").asInt(0) != FORMAT) {
      return backup + " was made by another version of weft backup";
    }
    Path absolute = backup.toAbsolutePath().normalize();
    for (JsonNode entry : mark.path("files")) {
      Path file = absolute.resolve(entry.path("path").asString("")).normalize();
      if (!file.startsWith(absolute) || !Files.isRegularFile(file)) {
        return file + " is missing in the backup";
      }
      if (!PrivateFiles.sha256(file).equals(entry.path("sha256").asString(""))) {
        return file + " is not as it was when the backup was made";
      }
    }
    DataPaths to = new DataPaths(data);
    try {
      requireEmpty(to.directory());
    } catch (IOException e) {
      return "Only an empty directory is restored to: " + DataDirectory.reason(e);
    }
    for (Path beside : List.of(to.sealKey(), to.tls(), to.operator())) {
      if (Files.exists(beside, LinkOption.NOFOLLOW_LINKS)) {
        return beside + " exists: it belongs to another data directory of that name";
      }
    }
    return null;
  }

  private static @Nullable JsonNode mark(Path backup) throws IOException {
    Path file = backup.resolve(MARK);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      return JsonMapper.shared().readTree(Files.readString(file));
    } catch (JacksonException e) {
      return null;
    }
  }

  /**
   * Copies a backup to an empty data directory. The manifest of the journal comes last: a restore
   * that was not finished is nothing a server starts on.
   *
   * @throws IOException if the copy cannot be written
   */
  public static void restore(Path backup, Path data) throws IOException {
    DataPaths from = DataPaths.inBackup(backup);
    DataPaths to = new DataPaths(data);
    PrivateFiles.createDirectories(to.directory());
    PrivateFiles.createDirectories(to.catalogue());
    PrivateFiles.createDirectories(to.journal());
    PrivateFiles.copy(Catalogue.file(from.catalogue()), Catalogue.file(to.catalogue()));
    copyKeys(from, to);
    List<Path> files = new ArrayList<>(files(from.journal()));
    files.sort(Comparator.comparingInt(file -> isManifest(file) ? 1 : 0));
    for (Path file : files) {
      PrivateFiles.copy(file, to.journal().resolve(file.getFileName()));
    }
    PrivateFiles.forceDirectory(to.journal());
    PrivateFiles.forceDirectory(to.directory());
  }

  private static boolean isManifest(Path file) {
    return file.getFileName().toString().startsWith("manifest");
  }
}
