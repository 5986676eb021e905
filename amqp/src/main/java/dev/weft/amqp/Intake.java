// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

/**
 * Whether the socket is read: not while an operation is awaited that later frames depend on, and
 * not while too many bytes of the connection wait for the disk or for the rest of their message.
 * Belongs to the connection's event loop.
 */
final class Intake {
  private final Transport transport;
  private final int unstoredBytesMax;
  private int suspended;
  private int unstoredBytes;
  private boolean full;
  private boolean ended;

  Intake(Transport transport, int unstoredBytesMax) {
    this.transport = transport;
    this.unstoredBytesMax = unstoredBytesMax;
  }

  void suspend() {
    suspended++;
    apply();
  }

  void resume() {
    suspended--;
    apply();
  }

  boolean suspended() {
    return suspended > 0;
  }

  /** Bytes came that count until {@link #stored}. */
  void unstored(int bytes) {
    unstoredBytes += bytes;
    if (!full && unstoredBytes > unstoredBytesMax) {
      full = true;
      apply();
    }
  }

  void stored(int bytes) {
    unstoredBytes -= bytes;
    if (full && unstoredBytes <= unstoredBytesMax / 2) {
      full = false;
      apply();
    }
  }

  /** The socket is closed; it is not touched any more. */
  void end() {
    ended = true;
  }

  private void apply() {
    if (!ended) {
      transport.reading(!full && suspended == 0);
    }
  }
}
