// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A server that takes part. Methods block. */
interface Peer extends AutoCloseable {
  /** The name in options and tables. */
  String name();

  /** Product and version, and what else a reader of the table has to know. */
  String product();

  /** Forgets every stored message; the server must not run. */
  void wipe();

  /**
   * Starts the server on what is stored.
   *
   * @throws BenchFailure if it does not come up
   */
  Running start(Demand demand);

  /** Ends what the peer keeps beside its server; the server must not run. */
  @Override
  default void close() {}

  /** A running server and how clients reach its queue. */
  record Running(ServerProcess process, Target target) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }

  /** What a peer needs is not on this machine. The message says what to do. */
  final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;

    Missing(String message) {
      super(message);
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
