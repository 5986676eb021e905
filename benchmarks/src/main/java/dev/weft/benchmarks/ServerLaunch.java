// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How our server's JVM is started: with the options that the launcher gave to this process, since
 * it gives the same to both, with the start-up cache if there is one, and from the jar that the
 * build made. The system properties {@code weft.server.jvmargs} (separated by spaces) and {@code
 * weft.server.classpath} say otherwise.
 */
final class ServerLaunch {
  private ServerLaunch() {}

  /**
   * Everything between {@code java} and the server's own arguments.
   *
   * @param home root of the source tree
   * @throws BenchFailure if the server is not built
   */
  static List<String> arguments(Path home) {
    List<String> arguments = new ArrayList<>();
    String given = System.getProperty("weft.server.jvmargs");
    if (given == null) {
      arguments.addAll(inherited(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    } else if (!given.isBlank()) {
      arguments.addAll(List.of(given.strip().split("\\s+")));
    }
    String classPath = System.getProperty("weft.server.classpath");
    if (classPath != null) {
      arguments.addAll(List.of("-cp", classPath, "dev.weft.server.Main"));
      return withHeap(arguments);
    }
    Path target = home.resolve("server/target");
    Path jar = target.resolve("weft-server.jar");
    if (!Files.isRegularFile(jar)) {
      throw new BenchFailure("the server is not built: " + jar + " is missing");
    }
    Path cache = target.resolve("weft.aot");
    if (given == null && Files.isRegularFile(cache)) {
      arguments.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
    }
    arguments.addAll(List.of("-jar", jar.toString()));
    return withHeap(arguments);
  }

  /** The options of a JVM that are the launcher's; its properties are this process's own. */
  static List<String> inherited(List<String> arguments) {
    return arguments.stream().filter(argument -> !argument.startsWith("-D")).toList();
  }

  /** One {@code -Xmx} must be there to be replaced; 512 MiB is the launcher's. */
  private static List<String> withHeap(List<String> arguments) {
    if (arguments.stream().noneMatch(argument -> argument.startsWith("-Xmx"))) {
      arguments.addFirst("-Xmx512m");
    }
    return arguments;
  }
}
