// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

/** Something durable on its way into queues; goes to their loops a batch at a time. */
interface Entering {
  /** Enters those of its queues that belong to that loop. On that loop. */
  void enter(QueueLoop loop);
}
