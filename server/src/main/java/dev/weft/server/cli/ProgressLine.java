// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.journal.StoreProgress;
import java.io.Console;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far long work is, on a terminal's standard error; silent anywhere else, so that scripts read
 * answers only.
 */
final class ProgressLine implements StoreProgress, AutoCloseable {
  private static final int MIB = 1024 * 1024;

  /** Work below is over before anybody reads of it. */
  private static final long SHOWN_FROM_BYTES = 256L * MIB;

  private final String task;
  private final boolean shown;
  private @Nullable ProgressBar bar;

  @SuppressWarnings("SystemConsoleNull") // Since JDK 25 there is none again without a terminal.
  ProgressLine(String task) {
    this.task = task;
    Console console = System.console();
    this.shown = console != null && console.isTerminal();
  }

  @Override
  public void done(long bytes, long total) {
    if (!shown || total < SHOWN_FROM_BYTES) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setUnit(" MiB", MIB)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    }
    bar.maxHint(total);
    bar.stepTo(bytes);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
