// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Message;
import org.jspecify.annotations.Nullable;

/** A durable message for one queue. */
record NewEntry(
    QueueState queue,
    long sequence,
    long location,
    int messageBytes,
    long appendedAtMillis,
    long ttlMillis,
    @Nullable Message message)
    implements Entering {
  @Override
  public void enter(QueueLoop loop) {
    queue.enter(this);
  }
}
