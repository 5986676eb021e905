// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.time.Duration;

/** When a returned message is handed out again (D8, R-402, R-411, R-412). */
public sealed interface Redelivery {
  /** At once, as the original does. */
  record Immediate() implements Redelivery {}

  /**
   * After {@code firstDelay × factor^(n−1)}, at most {@code maxDelay}, ±20 %, n = returns of this
   * message.
   *
   * @param firstDelay at least 1 ms
   * @param factor at least 1
   * @param maxDelay at least {@code firstDelay}
   */
  record Paced(Duration firstDelay, double factor, Duration maxDelay, Order order)
      implements Redelivery {
    public Paced {
      if (firstDelay.toMillis() < 1) {
        throw new IllegalArgumentException("redelivery firstDelay must be at least 1 ms");
      }
      if (!(factor >= 1) || factor > 100) {
        throw new IllegalArgumentException("redelivery factor must be from 1 to 100");
      }
      if (maxDelay.compareTo(firstDelay) < 0) {
        throw new IllegalArgumentException("redelivery maxDelay must be at least firstDelay");
      }
    }
  }

  /** What happens to the others while a returned message waits. */
  enum Order {
    /** They go on. */
    PARALLEL,
    /** They wait: one message in flight at a time, so that order holds with failures as well. */
    STRICT
  }

  Immediate IMMEDIATE = new Immediate();

  /** 1 s, doubled, at most 5 min, parallel: about six attempts in the first minute. */
  Paced DEFAULT = new Paced(Duration.ofSeconds(1), 2, Duration.ofMinutes(5), Order.PARALLEL);
}
