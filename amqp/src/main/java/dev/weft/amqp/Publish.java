// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.queue.AppendListener;
import dev.weft.queue.MeshException;
import org.jspecify.annotations.Nullable;

/** One message of a publisher on its way to the disk, and then its answer. */
final class Publish implements AppendListener, Inbox.Notice {
  private final PublisherLink link;
  final int deliveryId;

  /** Bytes that count until the answer is there. */
  final int size;

  /** The publisher wants no answer. */
  final boolean settled;

  /** Set on the engine's thread, read on the event loop; the inbox lies between. */
  private @Nullable MeshException refusal;

  Publish(PublisherLink link, int deliveryId, int size, boolean settled) {
    this.link = link;
    this.deliveryId = deliveryId;
    this.size = size;
    this.settled = settled;
  }

  @Override
  public void stored() {
    link.connection().inbox().post(this);
  }

  @Override
  public void refused(MeshException reason) {
    refusal = reason;
    link.connection().inbox().post(this);
  }

  @Override
  public void arrived() {
    link.answered(this, refusal);
  }
}
