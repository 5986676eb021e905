// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads how much of a JVM's heap is in use, with the JDK's {@code jcmd}. */
final class HeapGauge {
  /** {@code total 4928K, used 312K} and {@code total reserved 9K, committed 9K, used 9K}. */
  private static final Pattern USED = Pattern.compile("total .*?used (\\d+)K");

  private HeapGauge() {}

  /**
   * Collects everything that can be collected, then reads; empty for a process that is no JVM.
   *
   * @throws BenchFailure if a JVM does not answer
   */
  static OptionalLong usedAfterCollection(ServerProcess server) {
    if (!server.isJvm()) {
      return OptionalLong.empty();
    }
    // The second one takes what the finalizers and cleaners of the first let go.
    ask(server.pid(), "GC.run");
    ask(server.pid(), "GC.run");
    return OptionalLong.of(usedBytes(ask(server.pid(), "GC.heap_info")));
  }

  /** The sum over the generations; metaspace is no heap and its line has no total. */
  static long usedBytes(String heapInfo) {
    return 1024
        * USED.matcher(heapInfo)
            .results()
            .map(MatchResult::group)
            .mapToLong(line -> Long.parseLong(line.replaceAll(".*used |K$", "")))
            .sum();
  }

  private static String ask(long pid, String command) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          ServerProcess.command(List.of(jcmd, Long.toString(pid), command))
              .redirectErrorStream(true)
              .start();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new BenchFailure("jcmd " + command + " failed: " + answer.strip());
      }
      return answer;
    } catch (IOException e) {
      throw new BenchFailure("jcmd cannot be run", e);
    } catch (InterruptedException e) {
      throw ServerProcess.interrupted(e);
    }
  }
}
