// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import org.jspecify.annotations.Nullable;

/**
 * Two arrays that all connections of one event loop take turns with: one for what a read brought,
 * one for what a turn writes. So an idle connection holds none, and a busy one makes no garbage.
 * Belongs to the event loop.
 */
final class LoopBuffers {
  /** Larger ones are not kept: a read brings 64 KiB as a rule, a turn writes as much at a time. */
  private static final int KEPT_MAX = 256 << 10;

  private byte @Nullable [] incoming;
  private byte @Nullable [] outgoing;

  /** An array of at least this size; content undefined. */
  byte[] takeIncoming(int size) {
    byte[] kept = incoming;
    incoming = null;
    return kept != null && kept.length >= size ? kept : new byte[Math.max(size, 16 << 10)];
  }

  void giveIncoming(byte[] bytes) {
    if (bytes.length <= KEPT_MAX) {
      incoming = bytes;
    }
  }

  /** An array to write into; content undefined. */
  byte[] takeOutgoing() {
    byte[] kept = outgoing;
    outgoing = null;
    return kept != null ? kept : new byte[4 << 10];
  }

  void giveOutgoing(byte[] bytes) {
    if (bytes.length <= KEPT_MAX) {
      outgoing = bytes;
    }
  }
}
