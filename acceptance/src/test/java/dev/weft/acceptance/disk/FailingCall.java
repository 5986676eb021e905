// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.disk;

import dev.weft.acceptance.wire.TestGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes one system call of a running process fail: strace attaches to all its threads, and the n-th
 * such call of each thread returns an error without being done. The process does not know it.
 */
public final class FailingCall implements AutoCloseable {
  private static final long ATTACHED_WITHIN_SECONDS = 30;

  private final Process strace;
  private final Path report;

  private FailingCall(Process strace, Path report) {
    this.strace = strace;
    this.report = report;
  }

  /** Skips the test when this machine can't do it. */
  public static void require() {
    if (!Command.works("strace", "-V")) {
      TestGroup.skip("power", "strace is not installed");
    }
    if (!Command.works(
        "strace", "-o", "/dev/null", "-e", "inject=getuid:error=EIO:when=1", "true")) {
      TestGroup.skip("power", "strace may not trace here");
    }
  }

  /**
   * Returns when strace is attached.
   *
   * @param call such as {@code fdatasync}
   * @param number which one of each thread fails, counted from 1
   * @param report file that gets a line per call
   */
  public static FailingCall attach(
      Process process, String call, String error, int number, Path report) {
    Path messages = report.resolveSibling(report.getFileName() + ".messages");
    try {
      Files.deleteIfExists(messages);
      Process strace =
          new ProcessBuilder(
                  "strace",
                  "-f",
                  "-ttt",
                  "-o",
                  report.toString(),
                  "-e",
                  "trace=" + call,
                  "-e",
                  "inject=" + call + ":error=" + error + ":when=" + number,
                  "-p",
                  Long.toString(process.pid()))
              .redirectErrorStream(true)
              .redirectOutput(messages.toFile())
              .start();
      FailingCall failing = new FailingCall(strace, report);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ATTACHED_WITHIN_SECONDS);
      while (!Files.readString(messages).contains("attached")) {
        if (!strace.isAlive() || System.nanoTime() > deadline) {
          failing.close();
          throw new IllegalStateException("strace: " + Files.readString(messages));
        }
        LockSupport.parkNanos(5_000_000);
      }
      return failing;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the call failed yet, anywhere in the process. */
  public boolean happened() {
    try {
      return Files.exists(report) && Files.readString(report).contains("(INJECTED)");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Detaches, if the process lives. */
  @Override
  public void close() {
    strace.destroy();
    try {
      strace.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
