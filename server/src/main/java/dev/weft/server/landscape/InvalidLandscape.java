// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.landscape;

import java.util.List;
import java.util.stream.Collectors;

/** A landscape that is not valid, with everything that is wrong with it. */
public final class InvalidLandscape extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN_MAX = 10;

  /**
   * One thing that is wrong.
   *
   * @param source file name as given
   * @param line from 1; 0 when the landscape did not come from a file
   * @param column from 1
   * @param path e.g. {@code instances[0].queues[1].accessType}, empty for the whole
   * @param message a clause
   */
  public record Problem(String source, int line, int column, String path, String message) {
    /** One line: {@code file:line:column: path: message}. */
    @Override
    public String toString() {
      String where = line > 0 ? source + ":" + line + ":" + column : source;
      return path.isEmpty() ? where + ": " + message : where + ": " + path + ": " + message;
    }
  }

  private final transient List<Problem> problems;

  InvalidLandscape(List<Problem> problems) {
    super(sentence(problems), null, false, false);
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }

  /** Each on a line of its own, as many as a screen holds. */
  private static String sentence(List<Problem> problems) {
    String shown =
        problems.stream()
            .limit(SHOWN_MAX)
            .map(Problem::toString)
            .collect(Collectors.joining(System.lineSeparator()));
    int more = problems.size() - SHOWN_MAX;
    return more <= 0 ? shown : shown + System.lineSeparator() + "and " + more + " more";
  }
}
