// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the system, run to its end. */
final class Command {
  private static final long WITHIN_SECONDS = 60;

  /** What the program left behind, both outputs in one. */
  record Exit(int code, String text) {}

  private Command() {}

  /**
   * Runs it.
   *
   * @throws UncheckedIOException if there is no such program
   */
  static Exit run(String... line) {
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("no end of " + List.of(line));
      }
      return new Exit(process.exitValue(), text.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs it and takes nothing but success. */
  static void succeed(String... line) {
    Exit exit = run(line);
    if (exit.code != 0) {
      throw new IllegalStateException(List.of(line) + " ends with " + exit);
    }
  }

  /** Whether there is such a program that does something with these arguments. */
  static boolean works(String... line) {
    try {
      return run(line).code == 0;
    } catch (UncheckedIOException missing) {
      return false;
    }
  }
}
