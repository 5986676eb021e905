// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One row group of the table: what is done to every peer in turn. */
sealed interface Cell {
  /** Rounds when nobody says otherwise. */
  int rounds();

  /** The name in tables, as it is written in {@code --cells}. */
  String name();

  /**
   * Publishers and consumers on one queue.
   *
   * @param size bytes of a body
   * @param ratePerSecond open loop at this rate; 0 = closed loop
   */
  record Stream(int publishers, int consumers, int ratePerSecond, int size) implements Cell {
    @Override
    public int rounds() {
      return 3;
    }

    @Override
    public String name() {
      String clients = publishers + "+" + consumers;
      return (ratePerSecond == 0 ? clients : clients + "@" + ratePerSecond) + " " + bytes(size);
    }
  }

  /** Fill a queue, kill the server, start it, stop it, start it, drain. */
  record Backlog(long messages, int size) implements Cell {
    @Override
    public int rounds() {
      return 3;
    }

    @Override
    public String name() {
      return "backlog " + messages + " × " + bytes(size);
    }
  }

  /** Start, rest, stop. */
  record Footprint() implements Cell {
    @Override
    public int rounds() {
      return 5;
    }

    @Override
    public String name() {
      return "footprint";
    }
  }

  /**
   * Reads {@code 4+4}, {@code 1+1@5000}, {@code backlog} or {@code footprint}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Cell parse(String text, int size, long backlogMessages) {
    if (text.equals("backlog")) {
      return new Backlog(backlogMessages, size);
    }
    if (text.equals("footprint")) {
      return new Footprint();
    }
    Matcher matcher =
        Pattern.compile("([1-9]\\d{0,2})\\+([1-9]\\d{0,2})(?:@([1-9]\\d{0,6}))?").matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "no cell '" + text + "': write 4+4, 1+1@5000, backlog or footprint");
    }
    int rate = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    return new Stream(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), rate, size);
  }

  private static String bytes(int size) {
    return size % 1024 == 0 ? size / 1024 + " KiB" : size + " B";
  }
}
