// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import dev.weft.queue.BrowsedMessage.State;
import org.jspecify.annotations.Nullable;

/** One message in one queue of the reference engine. Belongs to the engine's thread. */
final class MemoryEntry {
  final long sequence;
  final Message message;
  final long appendedAtMillis;

  /** A dead copy is no longer subject to the publisher's time to live. */
  final boolean deadCopy;

  State state = State.READY;
  int failed;
  int acquired;

  /** Returns that count for the pause: all but those of unread deliveries. */
  int returns;

  /** Whether a consumer left with it once; the first time is not paced. */
  boolean left;

  /** End of the pause while delayed, epoch milliseconds. */
  long dueMillis;

  @Nullable MemoryConsumer holder;

  MemoryEntry(long sequence, Message message, long appendedAtMillis, boolean deadCopy) {
    this.sequence = sequence;
    this.message = message;
    this.appendedAtMillis = appendedAtMillis;
    this.deadCopy = deadCopy;
  }

  /** Epoch milliseconds at which it expires under these settings. */
  long expiryMillis(QueueSettings settings) {
    if (!settings.respectTtl()) {
      return Long.MAX_VALUE;
    }
    long lifeMillis = Long.MAX_VALUE;
    if (!settings.maxTtl().isZero()) {
      lifeMillis = settings.maxTtl().toMillis();
    }
    if (!deadCopy && message.ttlMillis() != Message.NO_TTL) {
      lifeMillis = Math.min(lifeMillis, message.ttlMillis());
    }
    return lifeMillis == Long.MAX_VALUE ? lifeMillis : appendedAtMillis + lifeMillis;
  }

  long remainingTtlMillis(long nowMillis) {
    if (deadCopy || message.ttlMillis() == Message.NO_TTL) {
      return Message.NO_TTL;
    }
    return Math.max(0, appendedAtMillis + message.ttlMillis() - nowMillis);
  }

  BrowsedMessage browsed() {
    return new BrowsedMessage(sequence, state, appendedAtMillis, failed, acquired, message);
  }
}
