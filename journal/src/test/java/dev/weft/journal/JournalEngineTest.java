// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueEngineContract;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The embedded engine under the kit, on a disk in memory. */
class JournalEngineTest extends QueueEngineContract {
  @Override
  protected QueueEngine open(InstantSource clock) {
    return JournalEngine.open(
        new FakeDisk(),
        JournalSettings.DEFAULT.withSegmentBytes(4 * 1024 * 1024),
        clock,
        RandomGenerator.getDefault());
  }

  @Override
  protected void poke(QueueEngine engine) {
    // What the clock sets off goes through the queue's loop, the journal and the loop again.
    ((JournalEngine) engine).wake();
    engine.queues().forEach(engine::change);
    ((JournalEngine) engine).wake();
  }
}
