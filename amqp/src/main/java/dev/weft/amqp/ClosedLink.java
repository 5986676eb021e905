// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

/** A link that was refused or ended here; what the peer sent before it knew is dropped. */
record ClosedLink() implements AmqpLink {
  @Override
  public void flow(LinkFlow flow) {
    // Too late.
  }

  @Override
  public void writable() {
    // Nothing waits.
  }

  @Override
  public void release() {
    // Released when it was closed.
  }
}
