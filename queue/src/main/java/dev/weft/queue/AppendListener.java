// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

/** Told exactly once per append, on a thread of the engine. Returns fast and never throws. */
public interface AppendListener {
  /** The message is durable in every named queue. */
  void stored();

  /** The message is in none of the queues, now and after a crash. */
  void refused(MeshException reason);
}
