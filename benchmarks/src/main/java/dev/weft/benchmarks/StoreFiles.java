// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Looks at our server's data from outside. Files of the journal are made at full length, filled
 * with zeros, so their length says little about what was written.
 *
 * @param path may be missing before the first start
 */
record StoreFiles(Path path) {
  private static final int BLOCK = 1 << 16;

  /**
   * Bytes written to files that were never used before: for each file of the journal the place of
   * its last byte that is not zero. Right as long as no file is used again, which begins when
   * messages were consumed.
   */
  long journalBytesUsed() {
    return sum(file -> isSegment(file) ? usedBytes(file) : 0);
  }

  /** Bytes of all files. */
  long bytes() {
    return sum(Files::size);
  }

  private static boolean isSegment(Path file) {
    return file.toString().endsWith(".log");
  }

  private interface Measure {
    long of(Path file) throws IOException;
  }

  private long sum(Measure measure) {
    if (!Files.exists(path)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(path)) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        // A running server deletes files at any time.
        sum += Files.exists(file) ? measure.of(file) : 0;
      }
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The place behind the last byte that is not zero. */
  static long usedBytes(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      for (long at = (channel.size() - 1) / BLOCK * BLOCK; at >= 0; at -= BLOCK) {
        block.clear();
        int read = channel.read(block, at);
        while (read > 0 && block.hasRemaining()) {
          read = channel.read(block, at + block.position());
        }
        for (int i = block.position() - 1; i >= 0; i--) {
          if (block.get(i) != 0) {
            return at + i + 1;
          }
        }
      }
      return 0;
    }
  }
}
