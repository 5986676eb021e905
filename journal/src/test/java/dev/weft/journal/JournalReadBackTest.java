// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.QueueEngine;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The kit once more, with every message read back from disk while the log grows behind it. */
class JournalReadBackTest extends JournalEngineTest {
  @Override
  protected QueueEngine open(InstantSource clock) {
    return JournalEngine.open(
        new FakeDisk(),
        JournalSettings.DEFAULT.withSegmentBytes(4 * 1024 * 1024).withPayloadBudgetBytes(1),
        clock,
        RandomGenerator.getDefault());
  }
}
