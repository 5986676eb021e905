// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

/** Our end of a link, from the attach to the peer's detach. Belongs to the connection's loop. */
sealed interface AmqpLink permits PublisherLink, SubscriberLink, BrowserLink, ClosedLink {
  /** The peer's word about the link. */
  void flow(LinkFlow flow);

  /** The session's window or the socket has room again. */
  void writable();

  /** The link is over, whoever ended it and how; idempotent. */
  void release();
}
