// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the parts of a data directory lie: the journal and the catalogue inside; the key that seals
 * secrets, the TLS material and the operator's access beside.
 *
 * @param directory absolute
 */
public record DataPaths(Path directory) {
  /** Below a backup, what was the data directory. */
  private static final String IN_BACKUP = "data";

  public DataPaths {
    directory = directory.toAbsolutePath().normalize();
  }

  /** The data directory that is meant: itself, or the one in a backup. */
  public static DataPaths found(Path given) {
    Path inBackup = given.resolve(IN_BACKUP);
    return new DataPaths(Files.isDirectory(new DataPaths(inBackup).journal()) ? inBackup : given);
  }

  /** The data directory in a backup. */
  static DataPaths inBackup(Path backup) {
    return new DataPaths(backup.resolve(IN_BACKUP));
  }

  Path journal() {
    return directory.resolve("journal");
  }

  Path catalogue() {
    return directory.resolve("catalogue");
  }

  Path lock() {
    return directory.resolve("weft.lock");
  }

  Path sealKey() {
    return beside("seal-key");
  }

  Path tls() {
    return beside("tls");
  }

  Path operator() {
    return beside("operator");
  }

  Path lossReport() {
    return beside("loss-report.json");
  }

  private Path beside(String ending) {
    return directory.resolveSibling(directory.getFileName() + "." + ending);
  }
}
