// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server that takes part. Methods block. */
interface Peer {
  /** The name in options and tables. */
  String name();

  /** Product and version. */
  String product();

  /** Forgets every stored message; the server must not run. */
  void wipe();

  /**
   * Starts the server on what is stored.
   *
   * @param maxHeap value of {@code -Xmx}, or null for what the product is shipped with; a peer that
   *     would not survive a backlog with it keeps its own
   * @throws BenchFailure if it does not come up
   */
  Running start(@Nullable String maxHeap);

  /** A running server and how clients reach its queue. */
  record Running(ServerProcess process, Target target) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }

  /** Deletes a directory and everything in it, if it is there. */
  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
