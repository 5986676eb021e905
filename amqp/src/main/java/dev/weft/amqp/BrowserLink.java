// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.broker.FrontDoor;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.qpid.protonj2.engine.Link;

/**
 * A link with distribution-mode copy: shows the queue's messages, settled, without taking them
 * (wire reference 4.13). Looks when the client gives credit; what comes after the end was reached
 * is shown by the next credit. Belongs to the connection's event loop; pages are read on a worker.
 */
final class BrowserLink implements AmqpLink {
  /** Messages per page: 32 MB at most. */
  private static final int PAGE = 32;

  private final AmqpSession session;
  private final Link<?> engineLink;
  private final QueueName queue;

  private final int handle;
  private boolean released;
  private int deliveryCount;
  private int credit;
  private boolean draining;
  private boolean looking;
  private boolean atEnd;
  private long nextSequence;

  private final ArrayDeque<BrowsedMessage> page = new ArrayDeque<>(2);

  /** Bytes of the page's first message that went out. */
  private int sent;

  private int deliveryId;

  BrowserLink(AmqpSession session, Link<?> engineLink, int handle, QueueName queue) {
    this.session = session;
    this.engineLink = engineLink;
    this.handle = handle;
    this.queue = queue;
  }

  @Override
  public void flow(LinkFlow flow) {
    if (flow.credit() >= 0) {
      credit = flow.creditAfter(deliveryCount);
      draining = flow.drain();
      atEnd = false;
    }
    pump();
    if (flow.echo() && !draining) {
      sendFlow(false);
    }
  }

  @Override
  public void writable() {
    pump();
  }

  @Override
  public void release() {
    released = true;
    page.clear();
  }

  private void pump() {
    if (released) {
      return;
    }
    while (credit > 0 && !page.isEmpty() && !session.connection().blocked()) {
      if (!sendFirst()) {
        break;
      }
    }
    if (credit > 0 && page.isEmpty() && !looking && !atEnd) {
      look();
    } else if (draining && (credit == 0 || (atEnd && page.isEmpty()))) {
      deliveryCount += credit;
      credit = 0;
      draining = false;
      sendFlow(true);
    }
  }

  private boolean sendFirst() {
    BrowsedMessage first = page.getFirst();
    Message message = first.message();
    if (sent == 0) {
      deliveryId = session.newDeliveryId();
    }
    MessagePrefix prefix =
        session.connection().prefix().of(message, message.ttlMillis(), first.acquiredCount());
    sent = session.sendPart(handle, deliveryId, true, prefix, message.encoded(), sent);
    if (sent < prefix.length() + message.size()) {
      return false;
    }
    sent = 0;
    page.removeFirst();
    credit--;
    deliveryCount++;
    return true;
  }

  private void look() {
    looking = true;
    int limit = Math.min(credit, PAGE);
    long from = nextSequence;
    AmqpConnection connection = session.connection();
    FrontDoor frontDoor = connection.frontDoor();
    var caller = connection.caller();
    connection
        .turns()
        .onWorker(
            () -> frontDoor.browse(caller, queue, from, limit),
            found -> seen(found, limit),
            this::failed);
  }

  private void seen(List<BrowsedMessage> found, int limit) {
    looking = false;
    if (released) {
      return;
    }
    page.addAll(found);
    if (!found.isEmpty()) {
      nextSequence = found.getLast().sequence() + 1;
    }
    atEnd = found.size() < limit;
    pump();
  }

  private void failed(MeshException reason) {
    if (!released) {
      session
          .connection()
          .detach(engineLink, session, this, Conditions.of(reason), reason.getMessage());
    }
  }

  private void sendFlow(boolean drain) {
    session.sendFlow(handle, deliveryCount, credit, drain);
  }
}
