// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Erlang's port mapper as a child process. A node that finds none starts one by itself, which then
 * outlives everything; this one ends with the race.
 */
final class PortMapper implements AutoCloseable {
  private final Process process;
  private final int port;
  private final Thread hook;

  private PortMapper(Process process, int port) {
    this.process = process;
    this.port = port;
    hook = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts one on a free port.
   *
   * @throws BenchFailure if there is no such program
   */
  static PortMapper start(Path log) {
    int port = Ports.free();
    List<String> command =
        List.of("epmd", "-port", Integer.toString(port), "-address", "127.0.0.1");
    try {
      Process process =
          ServerProcess.command(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new PortMapper(process, port);
    } catch (IOException e) {
      throw new BenchFailure("cannot start epmd of Erlang", e);
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
