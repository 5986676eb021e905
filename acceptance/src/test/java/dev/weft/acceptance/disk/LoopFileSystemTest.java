// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.acceptance.disk.LoopFileSystem.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** T-323 for T-310: a power loss that loses nothing would prove nothing. */
class LoopFileSystemTest {
  private static final long BYTES = 512L << 20;

  @TempDir Path folder;

  private static FileChannel fresh(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @ParameterizedTest
  @EnumSource
  void forcedBytesSurviveAndUnforcedOnesAreGone(Kind kind) throws IOException {
    LoopFileSystem.require(kind);
    try (LoopFileSystem disk = LoopFileSystem.make(folder, kind, BYTES)) {
      Path forced = disk.root().resolve("forced");
      Path unforced = disk.root().resolve("unforced");
      try (FileChannel file = fresh(forced);
          FileChannel other = fresh(unforced);
          FileChannel directory = FileChannel.open(disk.root(), StandardOpenOption.READ)) {
        file.write(ByteBuffer.wrap("kept".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        file.force(false);
        directory.force(true);
        other.write(ByteBuffer.allocate(100_000));

        disk.losePower();

        assertThatIOException().isThrownBy(() -> file.force(false));
      }
      disk.restorePower();

      assertThat(forced).hasContent("kept");
      assertThat(Files.exists(unforced) ? Files.size(unforced) : 0).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void mountingAgainWithoutALossIsToldFromALoss(Kind kind) throws IOException {
    LoopFileSystem.require(kind);
    try (LoopFileSystem disk = LoopFileSystem.make(folder, kind, BYTES)) {
      Files.write(disk.root().resolve("control"), new byte[16_384]);

      assertThatIllegalStateException()
          .isThrownBy(disk::restorePower)
          .withMessageContaining("no power loss");
    }
  }
}
