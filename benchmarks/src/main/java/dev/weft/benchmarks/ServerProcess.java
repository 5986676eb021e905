// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One server as a child process, from its spawn to its end. Its output goes to a file; a virtual
 * thread reads it and looks for the line that says that the server is ready.
 */
final class ServerProcess implements AutoCloseable {
  private static final long READY_SECONDS = 600;
  private static final long STOP_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final long spawned;
  private final Thread hook;
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private double startMillis;
  private String readyLine = "";

  private ServerProcess(Process process, Path log, long spawned) {
    this.process = process;
    this.log = log;
    this.spawned = spawned;
    // An interrupted run must not leave servers behind.
    hook = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a server and waits until it is ready.
   *
   * @param isReady whether a line of its output says so
   * @throws BenchFailure if it ends or says nothing for ten minutes
   */
  static ServerProcess start(ProcessBuilder builder, Path log, Predicate<String> isReady) {
    builder.redirectErrorStream(true);
    long spawned = System.nanoTime();
    try {
      ServerProcess server = new ServerProcess(builder.start(), log, spawned);
      Thread.ofVirtual().name("console").start(() -> server.console(isReady));
      server.awaitReady();
      return server;
    } catch (IOException e) {
      throw new BenchFailure("cannot start " + builder.command().getFirst(), e);
    }
  }

  private void console(Predicate<String> isReady) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter copy = Files.newBufferedWriter(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!ready.isDone() && isReady.test(line)) {
          startMillis = sinceSpawnMillis();
          ready.complete(line);
        }
        copy.write(line);
        copy.newLine();
        copy.flush();
      }
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
    ready.completeExceptionally(new IOException("the process ended"));
  }

  private void awaitReady() {
    try {
      readyLine = ready.get(READY_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      kill();
      throw new BenchFailure("a server did not become ready; its output is in " + log, e);
    } catch (InterruptedException e) {
      kill();
      throw interrupted(e);
    }
  }

  /** Milliseconds since the process was spawned. */
  double sinceSpawnMillis() {
    return (System.nanoTime() - spawned) / 1e6;
  }

  /** Milliseconds from the spawn to the line that said it was ready. */
  double startMillis() {
    return startMillis;
  }

  String readyLine() {
    return readyLine;
  }

  long pid() {
    return process.pid();
  }

  /** Whether a line of its output so far contains this. */
  boolean said(String text) {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.anyMatch(line -> line.contains(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Length of its output so far. */
  long logBytes() {
    try {
      return Files.size(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the process is a JVM; a server on another runtime has no heap to look into. */
  boolean isJvm() {
    return Path.of(commandLine().getFirst()).endsWith("java");
  }

  /** The JVM's options that concern memory, collector and compiler. */
  String jvmFlags() {
    return isJvm()
        ? commandLine().stream()
            .filter(argument -> argument.startsWith("-X"))
            .collect(Collectors.joining(" "))
        : "";
  }

  private List<String> commandLine() {
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(pid()), "cmdline"));
      return List.of(line.split("\0"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resident memory now. */
  long residentBytes() {
    return ProcessGauge.of(pid()).residentBytes();
  }

  /**
   * Resident memory after some seconds of rest.
   *
   * @throws BenchFailure if the server ends meanwhile
   */
  long residentBytesAfter(int seconds) {
    try {
      if (process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new BenchFailure("a server ended by itself; its output is in " + log);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return residentBytes();
  }

  /**
   * Asks the server to stop and waits for its end.
   *
   * @return milliseconds that took
   * @throws BenchFailure if it takes more than a minute; it is killed then
   */
  double stop() {
    long asked = System.nanoTime();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        kill();
        throw new BenchFailure("a server did not stop within a minute");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    return (System.nanoTime() - asked) / 1e6;
  }

  /** Kills the server without a warning (SIGKILL) and waits for its end. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  /** The failure of a measurement that was interrupted. */
  static BenchFailure interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new BenchFailure("interrupted", e);
  }

  /** The java command of the JVM that runs this; every server gets the same. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** A command that may have as many open files as the system lets it. */
  static ProcessBuilder manyFiles(List<String> command) {
    String raise = "ulimit -n 100000 2>/dev/null || ulimit -n \"$(ulimit -Hn)\"; exec \"$@\"";
    List<String> wrapped = new ArrayList<>(List.of("/bin/sh", "-c", raise, "sh"));
    wrapped.addAll(command);
    return command(wrapped);
  }

  /** A command as a builder that inherits the environment. */
  static ProcessBuilder command(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("JAVA_ARGS");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder;
  }
}
