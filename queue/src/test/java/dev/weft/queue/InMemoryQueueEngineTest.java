// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.time.InstantSource;

/** The reference engine under the kit. */
class InMemoryQueueEngineTest extends QueueEngineContract {
  @Override
  protected QueueEngine open(InstantSource clock) {
    return new InMemoryQueueEngine(clock);
  }

  @Override
  protected void poke(QueueEngine engine) {
    ((InMemoryQueueEngine) engine).poke();
  }
}
