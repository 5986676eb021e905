// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.access.AccessControl;
import dev.weft.access.SealException;
import dev.weft.access.Sealer;
import dev.weft.broker.Catalogue;
import dev.weft.broker.CatalogueException;
import dev.weft.journal.JournalEngine;
import dev.weft.journal.JournalSettings;
import dev.weft.journal.StoreException;
import dev.weft.queue.MeshException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What lies on the disk, opened in an order in which a part that cannot be used is found before any
 * other part is written: the catalogue, the key that opens its secrets, the journal.
 */
record Store(Catalogue catalogue, Sealer sealer, JournalEngine engine) {
  /**
   * Opens or makes all parts; the stack closes them again.
   *
   * @throws StartFailure if one is in use, damaged, unreadable or missing; the others are as they
   *     were
   */
  static Store open(
      DataDirectory data,
      JournalSettings journal,
      CloseStack opened,
      InstantSource clock,
      SecureRandom random)
      throws StartFailure {
    boolean hasJournal = hasJournal(data.journal());
    if (hasJournal && !Files.exists(Catalogue.file(data.catalogue()))) {
      throw new StartFailure(
          ExitCode.STORE_CORRUPT,
          "The journal "
              + data.journal()
              + " has no catalogue beside it: restore "
              + data.catalogue()
              + " from a backup.");
    }
    Catalogue catalogue = openCatalogue(data);
    try {
      requireCompanions(data, catalogue, hasJournal);
      Sealer sealer = Sealer.open(data.sealKey(), random);
      AccessControl.requireOpens(catalogue, sealer);
      JournalEngine engine =
          JournalEngine.open(
              data.journal(), journal, clock, RandomGenerator.of("L64X128MixRandom"));
      opened.push("catalogue", catalogue);
      opened.push("journal", engine);
      return new Store(catalogue, sealer, engine);
    } catch (StartFailure e) {
      catalogue.abandon();
      throw e;
    } catch (SealException | UncheckedIOException e) {
      catalogue.abandon();
      throw new StartFailure(
          ExitCode.STORE_UNREADABLE,
          "The secrets in the catalogue cannot be opened with "
              + data.sealKey()
              + ": "
              + e.getMessage()
              + ".",
          e);
    } catch (StoreException e) {
      catalogue.abandon();
      throw new StartFailure(ExitCode.of(e), String.valueOf(e.getMessage()), e);
    } catch (MeshException.EngineUnavailable e) {
      catalogue.abandon();
      throw new StartFailure(
          ExitCode.STORE_CORRUPT, "The catalogue is damaged: " + data.catalogue() + ".", e);
    }
  }

  private static boolean hasJournal(Path directory) throws StartFailure {
    if (!Files.exists(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("segment-"));
    } catch (IOException e) {
      throw new StartFailure(
          ExitCode.STORE_UNREADABLE,
          "The journal " + directory + " cannot be read: " + DataDirectory.reason(e) + ".",
          e);
    }
  }

  private static Catalogue openCatalogue(DataDirectory data) throws StartFailure {
    try {
      return Catalogue.open(data.catalogue());
    } catch (CatalogueException e) {
      ExitCode code =
          switch (e.reason()) {
            case IN_USE -> ExitCode.DATA_IN_USE;
            case DAMAGED -> ExitCode.STORE_CORRUPT;
            case NEWER_VERSION, UNREADABLE -> ExitCode.STORE_UNREADABLE;
          };
      throw new StartFailure(code, e.getMessage() + ": " + data.catalogue() + ".", e);
    }
  }

  /** A catalogue that was used before had a key and a journal: neither is made anew. */
  private static void requireCompanions(DataDirectory data, Catalogue catalogue, boolean hasJournal)
      throws StartFailure {
    if (!Files.exists(data.sealKey()) && !catalogue.signingKeys().isEmpty()) {
      throw new StartFailure(
          ExitCode.STORE_UNREADABLE,
          "The key file "
              + data.sealKey()
              + " is missing: without it the secrets in "
              + data.catalogue()
              + " cannot be opened.");
    }
    if (!hasJournal && catalogue.hasQueues()) {
      throw new StartFailure(
          ExitCode.STORE_CORRUPT,
          "The catalogue has queues and there is no journal: restore "
              + data.journal()
              + " from a backup.");
    }
  }
}
