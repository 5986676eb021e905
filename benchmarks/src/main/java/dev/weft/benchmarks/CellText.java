// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads cells as they are written in {@code --cells}.
 *
 * @param size bytes of a body, where the text says nothing
 * @param messages of a backlog, where the text says nothing
 * @param heap {@code -Xmx} of our server for a backlog, where the text says nothing
 */
record CellText(int size, long messages, String heap) {
  private static final Pattern CLIENTS =
      Pattern.compile("([1-9]\\d{0,2})\\+([1-9]\\d{0,2})(?:@(half|[1-9]\\d{0,6}))?");

  /** A name, a number that may end in k or M, and a size of memory. */
  private static final Pattern NAMED =
      Pattern.compile("([a-z]+)(?::([1-9]\\d{0,8})([kM]?))?(?::([1-9]\\d*[kmg]))?");

  private static final int IDLE_CONNECTIONS = 10_000;
  private static final int FANOUT_QUEUES = 100;
  private static final int SUBSCRIPTIONS = 100_000;

  /**
   * Reads one cell.
   *
   * @throws IllegalArgumentException if the text is none
   */
  Cell parse(String text) {
    Matcher clients = CLIENTS.matcher(text);
    if (clients.matches()) {
      int publishers = Integer.parseInt(clients.group(1));
      int consumers = Integer.parseInt(clients.group(2));
      String rate = clients.group(3);
      if (rate == null) {
        return new StreamCell(publishers, consumers, size);
      }
      int perSecond = rate.equals("half") ? 0 : Integer.parseInt(rate);
      return new LatencyCell(publishers, consumers, perSecond, size);
    }
    Matcher named = NAMED.matcher(text);
    if (named.matches()) {
      String memory = named.group(4) == null ? heap : named.group(4);
      switch (named.group(1)) {
        case "backlog" -> {
          return new BacklogCell(number(named, messages), size, memory);
        }
        case "idle" -> {
          return new IdleCell((int) number(named, IDLE_CONNECTIONS), size);
        }
        case "fanout" -> {
          return new FanOutCell((int) number(named, FANOUT_QUEUES), size);
        }
        case "routing" -> {
          return new RoutingCell((int) number(named, SUBSCRIPTIONS));
        }
        case "redelivery" -> {
          return new RedeliveryCell(size);
        }
        case "footprint" -> {
          return new FootprintCell();
        }
        default -> {} // Falls to the refusal below.
      }
    }
    throw new IllegalArgumentException(
        "no cell '"
            + text
            + "': write 4+4, 1+1@5000, 1+1@half, backlog:10M:512m, idle:10000, fanout:100,"
            + " routing:100000, redelivery or footprint");
  }

  private static long number(Matcher named, long standard) {
    if (named.group(2) == null) {
      return standard;
    }
    long factor =
        switch (named.group(3)) {
          case "k" -> 1_000;
          case "M" -> 1_000_000;
          default -> 1;
        };
    return Long.parseLong(named.group(2)) * factor;
  }
}
