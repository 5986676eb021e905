// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * The generator as a child process; see {@link LoadMain}. One for a whole race, so that it is warm.
 */
final class LoadProcess implements AutoCloseable {
  private final JsonMapper json = JsonMapper.builder().build();
  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader reports;
  private final Thread hook;

  /**
   * @param log receives the standard error of the generator
   * @throws BenchFailure if the process cannot be started
   */
  LoadProcess(Path log) {
    List<String> command =
        List.of(
            ServerProcess.java(),
            "-XX:+UseSerialGC",
            "-Xms256m",
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            LoadMain.class.getName());
    try {
      process = ServerProcess.manyFiles(command).redirectError(log.toFile()).start();
    } catch (IOException e) {
      throw new BenchFailure("cannot start the load generator", e);
    }
    hook = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
    orders = process.outputWriter(StandardCharsets.UTF_8);
    reports = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Runs one order to its end.
   *
   * @throws BenchFailure if the generator ends instead
   */
  LoadReport run(LoadOrder order) {
    return Objects.requireNonNull(ask(new GeneratorOrder(order, null)).load());
  }

  /**
   * Lets bystanders in; those of before leave.
   *
   * @throws BenchFailure if not all of them get in
   */
  BystanderReport letIn(BystanderOrder order) {
    return bystanders(new GeneratorOrder(null, order));
  }

  /**
   * Sends the bystanders away.
   *
   * @throws BenchFailure if one of them was not there any more
   */
  BystanderReport sendAway() {
    return bystanders(new GeneratorOrder(null, null));
  }

  /** Sends the bystanders away in whatever state they are. */
  void clear() {
    ask(new GeneratorOrder(null, null));
  }

  private BystanderReport bystanders(GeneratorOrder order) {
    BystanderReport report = Objects.requireNonNull(ask(order).bystanders());
    if (!report.failures().isEmpty()) {
      throw new BenchFailure("bystanders: " + String.join("; ", report.failures()));
    }
    return report;
  }

  private GeneratorAnswer ask(GeneratorOrder order) {
    try {
      orders.write(json.writeValueAsString(order));
      orders.newLine();
      orders.flush();
      String line = reports.readLine();
      if (line == null) {
        throw new BenchFailure("the load generator ended");
      }
      return json.readValue(line, GeneratorAnswer.class);
    } catch (IOException e) {
      throw new BenchFailure("the load generator cannot be reached", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
