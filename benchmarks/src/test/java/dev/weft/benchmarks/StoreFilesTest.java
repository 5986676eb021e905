// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFilesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000})
  void theZerosBehindTheLastByteAreNotUsed(int used) throws IOException {
    byte[] bytes = new byte[200_000];
    for (int i = 0; i < used; i += 10_000) {
      bytes[i] = 1;
    }
    if (used > 0) {
      bytes[used - 1] = 1;
    }
    Path file = Files.write(directory.resolve("segment.log"), bytes);

    assertThat(StoreFiles.usedBytes(file)).isEqualTo(used);
  }

  @Test
  void onlyFilesOfTheJournalAreUsedButAllAreCounted() throws IOException {
    Path journal = Files.createDirectories(directory.resolve("journal"));
    Files.write(journal.resolve("segment-1.log"), new byte[] {1, 2, 0, 0});
    Files.write(journal.resolve("segment-2.log"), new byte[] {0, 0, 3, 0});
    Files.write(directory.resolve("catalogue.db"), new byte[] {1, 1});
    StoreFiles files = new StoreFiles(directory);

    assertThat(files.journalBytesUsed()).isEqualTo(5);
    assertThat(files.bytes()).isEqualTo(10);
    assertThat(new StoreFiles(directory.resolve("none")).bytes()).isZero();
  }
}
