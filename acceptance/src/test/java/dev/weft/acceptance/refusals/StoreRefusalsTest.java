// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.refusals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftProcess;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A part of the store that is missing, damaged or unreadable: one sentence that names it, an exit
 * code of its own, and every byte as it was..
 */
class StoreRefusalsTest {
  private static final int STORE_CORRUPT = 6;
  private static final int STORE_UNREADABLE = 7;

  @TempDir Path folder;

  /** A server lived here, with keys, a queue and a message, and was stopped in order. */
  @BeforeEach
  void aStoreThatWasUsed() {
    try (WeftServer server =
        WeftServer.start(folder, SharedWeft.LANDSCAPE, "--port", "0", "--tls", "off")) {
      Mesh mesh = server.mesh("shop", "default");
      mesh.publishToQueue(mesh.declare(mesh.named("orders"), "{}"), "one");
    }
  }

  private Path catalogue() {
    return folder.resolve("data/catalogue/catalogue.mv.db");
  }

  private Path sealKey() {
    return folder.resolve("data.seal-key");
  }

  private Path firstSegment() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/journal"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("segment-"))
          .min(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private void assertRefused(int code, Path named) throws IOException {
    Files.deleteIfExists(folder.resolve("server.log"));
    Map<String, String> before = Fingerprint.of(folder);

    WeftProcess.Exit exit =
        WeftProcess.run(folder, WeftProcess.up(folder, "--port", "0", "--tls", "off"));

    assertThat(exit.code()).as(exit.err()).isEqualTo(code);
    assertThat(exit.out()).isEmpty();
    assertThat(exit.err().strip().lines()).as(exit.err()).hasSize(1);
    assertThat(exit.err()).contains(named.toString()).doesNotContain("Exception");
    assertThat(Fingerprint.of(folder)).isEqualTo(before);
  }

  private static void putAFolderInPlaceOf(Path file) throws IOException {
    Files.delete(file);
    Files.createDirectory(file);
  }

  @Test
  void aMissingKeyFileIsNotMadeAnew() throws IOException {
    Files.delete(sealKey());
    assertRefused(STORE_UNREADABLE, sealKey());
    assertThat(sealKey()).doesNotExist();
  }

  @Test
  void aKeyFileWithoutAKeyIsRefused() throws IOException {
    Files.writeString(sealKey(), "no key\n");
    assertRefused(STORE_UNREADABLE, sealKey());
  }

  @Test
  void theKeyFileOfAnotherServerIsRefused() throws IOException {
    Files.writeString(sealKey(), "weft-seal-key " + "A".repeat(43) + "=\n");
    assertRefused(STORE_UNREADABLE, sealKey());
  }

  @Test
  void aDamagedCatalogueIsRefused() throws IOException {
    Files.writeString(catalogue(), "these bytes were never a catalogue".repeat(1_000));
    assertRefused(STORE_CORRUPT, folder.resolve("data/catalogue"));
  }

  @Test
  void aFolderInPlaceOfTheCatalogueIsRefused() throws IOException {
    putAFolderInPlaceOf(catalogue());
    assertRefused(STORE_UNREADABLE, folder.resolve("data/catalogue"));
  }

  @Test
  void aJournalWithoutItsCatalogueIsRefused() throws IOException {
    Files.delete(catalogue());
    assertRefused(STORE_CORRUPT, folder.resolve("data/catalogue"));
  }

  @Test
  void aCatalogueWithoutItsJournalIsRefused() throws IOException {
    Path journal = folder.resolve("data/journal");
    try (Stream<Path> files = Files.list(journal)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(journal);
    assertRefused(STORE_CORRUPT, journal);
  }

  @Test
  void aFolderInPlaceOfASegmentIsRefused() throws IOException {
    Path segment = firstSegment();
    putAFolderInPlaceOf(segment);
    assertRefused(STORE_UNREADABLE, segment);
  }

  @Test
  void aStoreWithoutPermissionIsRefused() throws IOException {
    Path segment = firstSegment();
    Set<PosixFilePermission> owner = Files.getPosixFilePermissions(segment);
    Files.setPosixFilePermissions(segment, PosixFilePermissions.fromString("---------"));
    boolean root = Files.isReadable(segment);
    assumeTrue(
        !root || Files.isExecutable(Path.of("/usr/bin/setpriv")),
        "permissions: root reads every file, and without setpriv it stays root");
    Files.deleteIfExists(folder.resolve("server.log"));

    WeftProcess.Exit exit =
        WeftProcess.runUnderPermissions(
            folder, root, WeftProcess.up(folder, "--port", "0", "--tls", "off"));
    Files.setPosixFilePermissions(segment, owner);

    assertThat(exit.code()).as(exit.err()).isEqualTo(STORE_UNREADABLE);
    assertThat(exit.err().strip().lines()).as(exit.err()).hasSize(1);
    assertThat(exit.err()).contains(segment.toString());
  }
}
