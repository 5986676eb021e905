// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.QueueName;

/**
 * Names of queues in which the server keeps what is its own and must be durable: no instance may
 * touch them, whatever its rules. No namespace begins like them, as its first segment has letters
 * and digits alone (wire reference 1.3). The catalogue does not know them.
 */
public final class SystemQueues {
  private static final String PREFIX = "weft.system/";

  private SystemQueues() {}

  /**
   * @param last the name below the server's own prefix, e.g. {@code mqtt/retained}
   */
  public static QueueName named(String last) {
    return new QueueName(PREFIX + last);
  }

  static boolean contains(QueueName queue) {
    return queue.value().startsWith(PREFIX);
  }
}
