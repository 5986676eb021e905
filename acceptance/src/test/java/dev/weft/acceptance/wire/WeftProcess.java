// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.wire;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Runs Weft's command line in a Java process of its own, on the class path of the tests. For long
 * campaigns {@code -Dweft.server.classpath} names the packed server instead, and {@code
 * -Dweft.server.jvmargs} more options of its JVM, separated by spaces, such as a start-up cache.
 */
public final class WeftProcess {
  private static final String MAIN = "dev.weft.server.Main";
  private static final long EXIT_WITHIN_SECONDS = 60;

  /**
   * A command that came to its end.
   *
   * @param code exit code of the process
   */
  public record Exit(int code, String out, String err) {}

  private WeftProcess() {}

  /**
   * Options of {@code weft up} for a server that lives in one folder: {@code landscape.yaml},
   * {@code data}, {@code keys}.
   */
  public static List<String> up(Path folder, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "up",
                "--landscape",
                folder.resolve("landscape.yaml").toString(),
                "--data",
                folder.resolve("data").toString(),
                "--write-keys",
                folder.resolve("keys").toString(),
                "-o",
                "json"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /**
   * Starts the command; standard error goes to the log file, standard output to the caller.
   *
   * @param arguments those that begin with {@code -D} are for the JVM
   */
  public static Process start(List<String> arguments, Path log) {
    return start(List.of(), arguments, log);
  }

  private static Process start(List<String> before, List<String> arguments, Path log) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    Map<Boolean, List<String>> parts =
        arguments.stream().collect(Collectors.partitioningBy(part -> part.startsWith("-D")));
    Arrays.stream(System.getProperty("weft.server.jvmargs", "").split(" "))
        .filter(option -> !option.isEmpty())
        .forEach(command::add);
    command.addAll(parts.getOrDefault(true, List.of()));
    command.addAll(List.of("-cp", classPath(), MAIN));
    command.addAll(parts.getOrDefault(false, List.of()));
    try {
      return new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the command to its end, or kills it when it has none in time. */
  public static Exit run(Path folder, List<String> arguments) throws IOException {
    return run(folder, List.of(), arguments);
  }

  /**
   * The same for a user to whom permissions apply: root gives up the right to pass over them.
   *
   * @param asRoot needs {@code setpriv} of util-linux
   */
  public static Exit runUnderPermissions(Path folder, boolean asRoot, List<String> arguments)
      throws IOException {
    List<String> before =
        asRoot ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search") : List.of();
    return run(folder, before, arguments);
  }

  private static Exit run(Path folder, List<String> before, List<String> arguments)
      throws IOException {
    Path log = Files.createTempFile(folder, "run-", ".log");
    Process process = start(before, arguments, log);
    CompletableFuture<String> out = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> out.complete(text(process)));
    try {
      if (!process.waitFor(EXIT_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("still running: weft " + String.join(" ", arguments));
      }
      return new Exit(process.exitValue(), out.join(), Files.readString(log));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(log);
    }
  }

  private static String text(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException killed) {
      return "";
    }
  }

  /** The class path of the tests without the tests' own classes and their log settings. */
  private static String classPath() {
    String given = System.getProperty("weft.server.classpath");
    if (given != null) {
      return given;
    }
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
