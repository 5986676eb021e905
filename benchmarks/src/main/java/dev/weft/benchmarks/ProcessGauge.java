// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads what Linux knows of a process from {@code /proc}: CPU time of all its threads, ended ones
 * included, and resident memory.
 *
 * @param directory of the process in {@code /proc}
 */
record ProcessGauge(Path directory) {
  /**
   * Length of a tick as the kernel shows it to programs: USER_HZ is 100 on all platforms of ours.
   */
  private static final long TICK_MILLIS = 10;

  static ProcessGauge of(long pid) {
    return new ProcessGauge(Path.of("/proc", Long.toString(pid)));
  }

  /**
   * User and system time so far, in milliseconds, in steps of ten.
   *
   * @throws UncheckedIOException if the process is gone
   */
  long cpuMillis() {
    return cpuTicks(read("stat")) * TICK_MILLIS;
  }

  /**
   * Resident memory in bytes.
   *
   * @throws UncheckedIOException if the process is gone
   */
  long residentBytes() {
    return residentKibibytes(read("status")) * 1024;
  }

  /**
   * The sum of utime and stime, fields 14 and 15. The name in field 2 may hold spaces and brackets,
   * so counting starts behind the last bracket. Source: proc(5).
   */
  static long cpuTicks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  /** The line {@code VmRSS: n kB}; 0 when it is missing, as for a process that has just ended. */
  static long residentKibibytes(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  private String read(String file) {
    try {
      return Files.readString(directory.resolve(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException("process " + directory.getFileName() + " cannot be read", e);
    }
  }
}
