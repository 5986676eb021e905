// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A product as its project ships it, from Maven Central, unpacked below {@code target}. */
final class Distribution {
  private Distribution() {}

  /**
   * Where it is unpacked; Maven fetches it the first time.
   *
   * @param repository root of the source tree, whose build names the version
   * @param execution of the dependency plugin that unpacks it, and the directory it is unpacked to
   * @param program a file of the distribution that can be executed
   * @return the directory that {@code program} is relative to
   */
  static Path unpacked(Path repository, String execution, String program) {
    Path directory = repository.resolve("benchmarks/target").resolve(execution);
    return find(directory, program)
        .orElseGet(
            () -> {
              Peer.delete(directory);
              run(
                  new ProcessBuilder(
                          "mvn", "-q", "-B", "-pl", "benchmarks", "dependency:unpack@" + execution)
                      .directory(repository.toFile()),
                  "resolving " + execution + " from Maven Central");
              return find(directory, program)
                  .orElseThrow(() -> new BenchFailure("no distribution in " + directory));
            });
  }

  private static Optional<Path> find(Path directory, String program) {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> entries = Files.walk(directory, 2)) {
      List<Path> homes = entries.filter(path -> Files.isExecutable(path.resolve(program))).toList();
      return homes.stream().findFirst();
    } catch (IOException e) {
      throw new BenchFailure(directory + " cannot be read", e);
    }
  }

  /**
   * Runs a command to its end.
   *
   * @throws BenchFailure if it fails or takes more than five minutes
   */
  static void run(ProcessBuilder builder, String what) {
    try {
      Process process =
          builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new BenchFailure(what + " failed: " + String.join(" ", builder.command()));
      }
    } catch (IOException e) {
      throw new BenchFailure(what + " failed: " + builder.command().getFirst(), e);
    } catch (InterruptedException e) {
      throw ServerProcess.interrupted(e);
    }
  }
}
