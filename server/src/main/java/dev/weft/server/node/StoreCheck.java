// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.access.AccessControl;
import dev.weft.access.SealException;
import dev.weft.access.Sealer;
import dev.weft.broker.Catalogue;
import dev.weft.broker.CatalogueCopy;
import dev.weft.broker.CatalogueException;
import dev.weft.journal.StoreException;
import dev.weft.journal.StoreProgress;
import dev.weft.journal.StoreReport;
import dev.weft.journal.StoreVerifier;
import dev.weft.queue.MeshException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server would start on a data directory and find everything: the journal from end to
 * end, the catalogue, the key that opens its secrets, and who may read them. Changes nothing and
 * takes no lock.
 *
 * @param journal null when it cannot be read at all
 * @param catalogue null when it is not there or in use
 * @param troubles what keeps a server from starting, beside damage of the journal
 * @param exposed files that anybody may read
 * @param remarks what is worth knowing and no failure
 */
public record StoreCheck(
    @Nullable StoreReport journal,
    CatalogueCopy.@Nullable Contents catalogue,
    List<Trouble> troubles,
    List<Path> exposed,
    List<String> remarks) {
  /**
   * @param code what a start would end with
   */
  public record Trouble(ExitCode code, String text) {}

  private static final String MISSING_KEY = "The key file ";

  /** What of a data directory to look at. */
  private static final class Looking {
    final DataPaths paths;
    final List<Trouble> troubles = new ArrayList<>();
    final List<Path> exposed = new ArrayList<>();
    final List<String> remarks = new ArrayList<>();
    @Nullable StoreReport journal;
    CatalogueCopy.@Nullable Contents catalogue;

    Looking(DataPaths paths) {
      this.paths = paths;
    }

    void trouble(ExitCode code, String text) {
      troubles.add(new Trouble(code, text));
    }

    StoreCheck result() {
      return new StoreCheck(
          journal, catalogue, List.copyOf(troubles), List.copyOf(exposed), List.copyOf(remarks));
    }
  }

  /**
   * Checks a data directory, a backup, or a journal alone.
   *
   * @param progress hears of the journal
   */
  public static StoreCheck of(Path given, StoreProgress progress) {
    DataPaths paths = DataPaths.found(given);
    Looking looking = new Looking(paths);
    boolean alone = !Files.isDirectory(paths.journal()) && !Files.isDirectory(paths.catalogue());
    if (alone) {
      journal(looking, paths.directory(), progress);
      modes(looking, List.of(paths.directory()));
      return looking.result();
    }
    if (Files.isDirectory(paths.journal())) {
      journal(looking, paths.journal(), progress);
    } else {
      looking.trouble(ExitCode.STORE_CORRUPT, "There is no journal " + paths.journal());
    }
    catalogue(looking);
    modes(
        looking,
        List.of(
            paths.journal(),
            paths.catalogue(),
            paths.sealKey(),
            paths.tls().resolve("ca.key.pem"),
            paths.tls().resolve("server.key.pem"),
            paths.operator()));
    return looking.result();
  }

  private static void journal(Looking looking, Path directory, StoreProgress progress) {
    try {
      looking.journal = StoreVerifier.verify(directory, progress);
    } catch (StoreException e) {
      looking.trouble(ExitCode.of(e), String.valueOf(e.getMessage()));
    }
  }

  private static void catalogue(Looking looking) {
    DataPaths paths = looking.paths;
    if (!Files.exists(Catalogue.file(paths.catalogue()))) {
      looking.trouble(ExitCode.STORE_CORRUPT, "There is no catalogue " + paths.catalogue());
      return;
    }
    try {
      looking.catalogue = CatalogueCopy.check(paths.catalogue());
      secrets(looking);
    } catch (CatalogueException e) {
      switch (e.reason()) {
        case IN_USE -> looking.remarks.add("The catalogue is in use and was not read");
        case DAMAGED -> looking.trouble(ExitCode.STORE_CORRUPT, text(e, paths));
        case NEWER_VERSION, UNREADABLE ->
            looking.trouble(ExitCode.STORE_UNREADABLE, text(e, paths));
      }
    } catch (MeshException e) {
      looking.trouble(ExitCode.STORE_CORRUPT, "The catalogue is damaged: " + paths.catalogue());
    }
  }

  private static String text(CatalogueException e, DataPaths paths) {
    return e.getMessage() + ": " + paths.catalogue();
  }

  private static void secrets(Looking looking) {
    Path key = looking.paths.sealKey();
    try (Catalogue catalogue = CatalogueCopy.openForReading(looking.paths.catalogue())) {
      if (Files.exists(key)) {
        AccessControl.requireOpens(catalogue, Sealer.open(key, new SecureRandom()));
      } else if (!catalogue.signingKeys().isEmpty()) {
        looking.trouble(
            ExitCode.STORE_UNREADABLE,
            MISSING_KEY + key + " is missing: the secrets in the catalogue cannot be opened");
      }
    } catch (SealException | UncheckedIOException e) {
      looking.trouble(
          ExitCode.STORE_UNREADABLE,
          "The secrets in the catalogue cannot be opened with " + key + ": " + e.getMessage());
    }
  }

  private static void modes(Looking looking, List<Path> places) {
    try {
      FileModes.Readers readers = FileModes.readers(looking.paths.directory(), places);
      looking.exposed.addAll(readers.world());
      if (!readers.group().isEmpty()) {
        looking.remarks.add(
            "The group may read "
                + readers.group().getFirst()
                + (readers.group().size() == 1
                    ? ""
                    : " and " + (readers.group().size() - 1) + " more files"));
      }
    } catch (IOException e) {
      looking.trouble(
          ExitCode.STORE_UNREADABLE, "The files cannot be listed: " + DataDirectory.reason(e));
    }
  }

  /** Whether all is well but for the key file, which may be kept elsewhere. */
  public boolean onlyKeysAreMissing() {
    return code() == ExitCode.STORE_UNREADABLE
        && troubles.stream().allMatch(trouble -> trouble.text().startsWith(MISSING_KEY));
  }

  /** Damage first, then what cannot be read, then what others can. */
  public ExitCode code() {
    boolean damaged = journal != null && !journal.isSound();
    if (damaged || troubles.stream().anyMatch(t -> t.code() == ExitCode.STORE_CORRUPT)) {
      return ExitCode.STORE_CORRUPT;
    }
    if (!troubles.isEmpty()) {
      return troubles.getFirst().code();
    }
    return exposed.isEmpty() ? ExitCode.OK : ExitCode.STORE_EXPOSED;
  }
}
