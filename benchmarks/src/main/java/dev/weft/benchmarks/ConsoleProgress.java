// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on a terminal, a line for every step elsewhere. Both go to standard error. */
final class ConsoleProgress implements Progress {
  private final @Nullable ProgressBar bar;
  private final PrintWriter lines;
  private final int steps;
  private int done;

  /**
   * @param terminal whether a bar can be drawn
   */
  ConsoleProgress(int steps, boolean terminal, PrintWriter lines) {
    this.steps = steps;
    this.lines = lines;
    bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName("weft bench")
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(500)
                .build()
            : null;
  }

  @Override
  public void doing(String what) {
    if (bar == null) {
      lines.println("[" + (done + 1) + "/" + steps + "] " + what);
      lines.flush();
    } else {
      bar.setExtraMessage(what);
    }
  }

  @Override
  public void done() {
    done++;
    if (bar != null) {
      bar.step();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
