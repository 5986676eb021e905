// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

/** A promise that was broken, as the {@link Verifier} saw it. */
record Fault(Kind kind, MessageId id, String queue, String detail) {
  /** The broken promises, after T-300. */
  enum Kind {
    /** Accepted, and not in the end with anyone. */
    LOST,
    /** Delivered though never sent, or though every answer was a refusal. */
    INVENTED,
    /** Delivered with other bytes than were sent. */
    ALTERED,
    /** In a queue that it was not routed to. */
    MISROUTED,
    /** In some of its queues and not in all. */
    SPLIT,
    /** First deliveries of one publisher's messages out of order. */
    OUT_OF_ORDER,
    /** The delivery count went down. */
    COUNT_DECREASED,
    /** In the queue after it was in the dead message queue. */
    IN_BOTH,
    /** More deliveries without the redelivered mark than copies were published. */
    DUPLICATED,
    /** Delivered after its acceptance, and no crash between that could have lost it. */
    CAME_BACK
  }

  @Override
  public String toString() {
    return kind + " message " + id + " in " + queue + ": " + detail;
  }
}
