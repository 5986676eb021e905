// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.broker.Catalogue;
import dev.weft.journal.StoreSalvage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Saves what is whole of a damaged data directory into a new one. */
public final class Salvage {
  private Salvage() {}

  /**
   * Copies what is whole of the journal, and catalogue and keys as they are.
   *
   * @param taken held meanwhile; not changed
   * @param to data directory: empty, or made
   * @throws IOException if the copy cannot be written, or there is something in its place
   * @throws dev.weft.journal.StoreException if nothing can be saved
   */
  public static StoreSalvage.Result run(DataDirectory taken, Path to, InstantSource clock)
      throws IOException {
    DataPaths from = taken.paths();
    DataPaths into = new DataPaths(to);
    Backup.requireEmpty(into.directory());
    PrivateFiles.createDirectories(into.directory());
    PrivateFiles.createDirectories(into.journal());
    StoreSalvage.Result result =
        StoreSalvage.salvage(
            from.journal(), into.journal(), clock, RandomGenerator.of("L64X128MixRandom"));
    if (Files.exists(Catalogue.file(from.catalogue()))) {
      PrivateFiles.createDirectories(into.catalogue());
      PrivateFiles.copy(Catalogue.file(from.catalogue()), Catalogue.file(into.catalogue()));
    }
    Backup.copyKeys(from, into);
    PrivateFiles.forceDirectory(into.directory());
    return result;
  }

  /** Leaves the report of what was lost beside the new data directory; returns its place. */
  public static Path writeReport(Path to, String report) throws IOException {
    Path file = new DataPaths(to).lossReport();
    PrivateFiles.write(file, report);
    return file;
  }
}
