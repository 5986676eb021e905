// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.broker.Address;
import dev.weft.broker.Destination;
import dev.weft.broker.InboundMessage;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import java.util.Arrays;
import org.apache.qpid.protonj2.engine.Link;
import org.jspecify.annotations.Nullable;

/**
 * A link on which the client publishes (hops 1 and 6). What comes is copied once, addressed, and
 * given to the front door; the answer follows when the message is on disk. Belongs to the
 * connection's event loop.
 */
final class PublisherLink implements AmqpLink {
  private static final byte[] NOTHING = {};

  /** Room above the message size limit for sections that are not stored. */
  private static final int HEADER_ROOM = 4_096;

  private final AmqpSession session;
  private final Link<?> engineLink;
  private final int handle;

  /** Where messages without an address of their own go; null for an anonymous relay. */
  private final @Nullable Destination target;

  /** The last address used: publishers repeat themselves. */
  private @Nullable Destination last;

  private int deliveryCount;
  private int credit;

  /** Publishes without an answer yet. */
  private int unanswered;

  private boolean released;

  // A message that is not complete yet.
  private boolean partial;
  private int partialId;
  private boolean partialSettled;
  private byte[] collected = NOTHING;
  private int collectedLength;

  /** Bytes that came, those beyond the limit included. */
  private long arrived;

  PublisherLink(
      AmqpSession session,
      Link<?> engineLink,
      int handle,
      int deliveryCount,
      @Nullable Destination target) {
    this.session = session;
    this.engineLink = engineLink;
    this.handle = handle;
    this.deliveryCount = deliveryCount;
    this.target = target;
    this.last = target;
  }

  AmqpConnection connection() {
    return session.connection();
  }

  /** Gives the first credit, after the attach. */
  void start() {
    credit = creditMax();
    sendFlow();
  }

  private int creditMax() {
    return connection().settings().publisherCredit();
  }

  @Override
  public void flow(LinkFlow flow) {
    if (flow.echo()) {
      sendFlow();
    }
  }

  private void sendFlow() {
    session.sendFlow(handle, deliveryCount, credit, false);
  }

  @Override
  public void writable() {
    // Nothing waits here.
  }

  @Override
  public void release() {
    released = true;
    dropPartial();
  }

  /** One transfer frame; the fields stand behind the handle. */
  void transfer(Fields fields, byte[] bytes, int frameEnd) {
    long deliveryId = fields.uint(-1);
    fields.skip();
    long format = fields.uint(0);
    boolean settled = fields.bool();
    boolean more = fields.bool();
    fields.skip();
    fields.skip();
    fields.skip();
    boolean aborted = fields.bool();
    if (released) {
      return;
    }
    if (!begin(deliveryId)) {
      return;
    }
    partialSettled |= settled;
    if (aborted) {
      count();
      dropPartial();
      renewCredit();
    } else if (more) {
      partial = true;
      collect(bytes, fields.end(), frameEnd);
    } else {
      complete(bytes, fields.end(), frameEnd, format);
    }
  }

  /** Whether the frame continues or starts a message as it should. */
  private boolean begin(long deliveryId) {
    if (partial) {
      if (deliveryId >= 0 && (int) deliveryId != partialId) {
        throw AmqpFault.framing("Two messages are mixed on one link");
      }
      return true;
    }
    if (deliveryId < 0) {
      throw AmqpFault.framing("A first transfer has no delivery-id");
    }
    if (credit == 0) {
      connection()
          .detach(
              engineLink,
              session,
              this,
              Conditions.TRANSFER_LIMIT_EXCEEDED,
              "A message came without credit");
      return false;
    }
    partialId = (int) deliveryId;
    partialSettled = false;
    arrived = 0;
    return true;
  }

  private void complete(byte[] bytes, int from, int end, long format) {
    byte[] whole = bytes;
    int start = from;
    int stop = end;
    if (arrived == 0) {
      arrived = (long) stop - start;
    } else {
      collect(bytes, from, end);
      whole = collected;
      start = 0;
      stop = collectedLength;
    }
    long size = arrived;
    dropPartial();
    count();
    int limit = connection().frontDoor().messageSizeMax();
    Publish publish = new Publish(this, partialId, stop - start, partialSettled);
    unanswered++;
    connection().intake().unstored(publish.size);
    if (size > (long) limit + HEADER_ROOM) {
      answered(publish, new MeshException.MessageTooLarge(size, limit));
    } else {
      publish(publish, whole, start, stop, format);
    }
    renewCredit();
  }

  /** Keeps the bytes unless the message is too large already. */
  private void collect(byte[] bytes, int from, int end) {
    int count = end - from;
    arrived += count;
    if (arrived > (long) connection().frontDoor().messageSizeMax() + HEADER_ROOM) {
      forgetCollected();
      return;
    }
    int needed = collectedLength + count;
    if (collected.length < needed) {
      collected = Arrays.copyOf(collected, Math.max(needed, collected.length * 2));
    }
    System.arraycopy(bytes, from, collected, collectedLength, count);
    collectedLength = needed;
    connection().intake().unstored(count);
  }

  private void dropPartial() {
    partial = false;
    forgetCollected();
  }

  private void forgetCollected() {
    connection().intake().stored(collectedLength);
    collected = NOTHING;
    collectedLength = 0;
  }

  private void count() {
    deliveryCount++;
    credit--;
  }

  private void publish(Publish publish, byte[] bytes, int start, int end, long format) {
    try {
      if (format != 0) {
        throw new MeshException.MalformedMessage("message-format " + format + " is unknown");
      }
      InboundMessage inbound = InboundMessage.read(bytes, start, end);
      Destination destination = destination(inbound);
      Message message = inbound.toMessage(destination, connection().messageIds());
      connection().publish(destination.address(), message, publish);
    } catch (MeshException refusal) {
      answered(publish, refusal);
    }
  }

  /** The message's own address if it has one of ours, else the link's (wire reference 4.6). */
  private Destination destination(InboundMessage inbound) {
    Destination known = last;
    if (known != null && inbound.isTo(known)) {
      return known;
    }
    String to = inbound.to();
    if (to != null && (to.startsWith("topic:") || to.startsWith("queue:"))) {
      Destination fresh = new Destination(Address.parse(to));
      last = fresh;
      return fresh;
    }
    if (target != null) {
      return target;
    }
    throw new MeshException.MalformedName(
        "address", to == null ? "" : to, "neither the message nor the link names a destination");
  }

  /** The front door's answer, or our own when it was not asked. */
  void answered(Publish publish, @Nullable MeshException refusal) {
    unanswered--;
    connection().intake().stored(publish.size);
    if (released || session.ended()) {
      return;
    }
    if (!publish.settled) {
      if (refusal == null) {
        session.accept(publish.deliveryId);
      } else {
        session.reject(publish.deliveryId, Conditions.of(refusal), refusal.getMessage());
      }
    }
    renewCredit();
  }

  /** At half, and only for what is answered: so much is on the way at most. */
  private void renewCredit() {
    int max = creditMax();
    int fresh = max - unanswered;
    if (credit <= max / 2 && fresh - credit >= max / 4 && !released) {
      credit = fresh;
      sendFlow();
    }
  }
}
