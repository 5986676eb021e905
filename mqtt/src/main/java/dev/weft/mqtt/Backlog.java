// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.queue.Message;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the live messages that wait for one client: publishers put in, the client's connection
 * takes out. Safe for any thread.
 */
final class Backlog {
  private final int messagesMax;
  private final long bytesMax;
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Backlog(int messagesMax, long bytesMax) {
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
  }

  /** Whether there is room, which is taken then. One message always has room, whatever its size. */
  boolean take(Message message) {
    int count = messages.incrementAndGet();
    long size = bytes.addAndGet(message.size());
    if (count <= messagesMax && (size <= bytesMax || count == 1)) {
      return true;
    }
    give(message);
    return false;
  }

  void give(Message message) {
    messages.decrementAndGet();
    bytes.addAndGet(-message.size());
  }
}
