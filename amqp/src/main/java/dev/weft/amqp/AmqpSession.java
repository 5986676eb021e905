// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.queue.Settlement;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.qpid.protonj2.engine.Link;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/**
 * One session: its windows, its links by the peer's handles, and what consumers have in hand. The
 * protocol engine opens and ends it; transfers, flows and dispositions are ours. Belongs to the
 * connection's event loop.
 */
final class AmqpSession {
  private final AmqpConnection connection;
  private final Session engineSession;
  private final IntObjectMap<AmqpLink> links = new IntObjectHashMap<>(4);
  private final Unsettled<Outgoing> unsettled = new Unsettled<>();

  private int channel;
  private int nextIncomingId;
  private long remoteIncomingWindow;
  private int nextOutgoingId;
  private int nextDeliveryId;
  private boolean ended;

  // The open range of accepted publishes.
  private int acceptedFirst;
  private int acceptedCount;

  AmqpSession(
      AmqpConnection connection,
      Session engineSession,
      int nextIncomingId,
      long remoteIncomingWindow) {
    this.connection = connection;
    this.engineSession = engineSession;
    this.nextIncomingId = nextIncomingId;
    this.remoteIncomingWindow = remoteIncomingWindow;
  }

  AmqpConnection connection() {
    return connection;
  }

  void begun(int ownChannel) {
    channel = ownChannel;
  }

  /** Transfers the peer still takes. */
  long remoteIncomingWindow() {
    return remoteIncomingWindow;
  }

  boolean ended() {
    return ended;
  }

  void put(int handle, AmqpLink link) {
    links.put(handle, link);
  }

  /** The peer ended the link of this handle. */
  void releaseLink(int handle) {
    AmqpLink link = links.remove(handle);
    if (link != null) {
      link.release();
    }
  }

  /** Our end of the link is over; the peer has to answer before its handle is free. */
  @SuppressWarnings("ReferenceEquality") // A link is itself.
  void closeLink(AmqpLink closed) {
    links.replaceAll((_, link) -> link == closed ? new ClosedLink() : link);
    closed.release();
  }

  /** The same, by the peer's handle. */
  void closeLink(int handle) {
    AmqpLink closed = links.put(handle, new ClosedLink());
    if (closed != null) {
      closed.release();
    }
  }

  Set<Link<?>> engineLinks() {
    return engineSession.links();
  }

  /** Ends the session; what the peer still sends is dropped until it has ended it too. */
  void fail(String condition, String description) {
    engineSession.setCondition(new ErrorCondition(Symbol.valueOf(condition), description));
    engineSession.close();
    release();
  }

  /** The session is over, whoever ended it. */
  void release() {
    if (!ended) {
      ended = true;
      for (AmqpLink link : copyOfLinks()) {
        link.release();
      }
      unsettled.clear();
    }
  }

  /** Links that the peer did not end. */
  int links() {
    return links.size();
  }

  private List<AmqpLink> copyOfLinks() {
    return new ArrayList<>(links.values());
  }

  void writable() {
    for (AmqpLink link : copyOfLinks()) {
      link.writable();
    }
  }

  // What the peer sends.

  void transfer(Fields fields, byte[] bytes, int frameEnd) {
    nextIncomingId++;
    if (ended) {
      return;
    }
    switch (links.get((int) fields.uint(0))) {
      case PublisherLink publisher -> publisher.transfer(fields, bytes, frameEnd);
      case ClosedLink _ -> {}
      case null -> fail(Conditions.UNATTACHED_HANDLE, "A transfer names no attached handle");
      default -> fail(Conditions.ERRANT_LINK, "A transfer came on a link we send on");
    }
  }

  void flow(Fields fields) {
    long nextIncoming = fields.uint(-1);
    long window = fields.uint(0);
    fields.skip();
    fields.skip();
    long handle = fields.uint(-1);
    int deliveryCount = (int) fields.uint(0);
    long credit = fields.uint(-1);
    fields.skip();
    boolean drain = fields.bool();
    boolean echo = fields.bool();
    if (ended) {
      return;
    }
    boolean closed = remoteIncomingWindow <= 0;
    // A peer that claims to have more than we sent is treated as one that has all.
    int underWay = nextIncoming < 0 ? 0 : Math.max(0, nextOutgoingId - (int) nextIncoming);
    remoteIncomingWindow = window - underWay;
    if (handle >= 0) {
      AmqpLink link = links.get((int) handle);
      if (link == null) {
        fail(Conditions.UNATTACHED_HANDLE, "A flow names no attached handle");
        return;
      }
      link.flow(new LinkFlow(deliveryCount, credit, drain, echo));
    } else if (echo) {
      connection.out().flow(channel, nextIncomingId, nextOutgoingId);
    }
    if (closed && remoteIncomingWindow > 0) {
      writable();
    }
  }

  void disposition(Fields fields) {
    boolean fromReceiver = fields.bool();
    int first = (int) fields.uint(0);
    int last = (int) fields.uint(first & 0xffff_ffffL);
    boolean settled = fields.bool();
    Settlement settlement = DeliveryStates.read(fields);
    if (ended || !fromReceiver || (!settled && settlement == null)) {
      return;
    }
    long count = (last - first & 0xffff_ffffL) + 1;
    if (count == 1) {
      Outgoing outgoing = unsettled.remove(first);
      if (outgoing != null) {
        outgoing.link.settled(outgoing, settlement);
      }
    } else {
      unsettled.remove(first, count, outgoing -> outgoing.link.settled(outgoing, settlement));
    }
    if (!settled) {
      connection.out().settled(channel, first, last);
    }
  }

  // What we send.

  /**
   * Sends as much of the message as the session's window allows.
   *
   * @return whether all of it went out
   */
  boolean send(int handle, Outgoing outgoing, boolean settled) {
    if (outgoing.sent == 0) {
      outgoing.deliveryId = newDeliveryId();
      if (!settled) {
        unsettled.put(outgoing.deliveryId, outgoing);
      }
    }
    byte[] body = outgoing.delivery.message().encoded();
    MessagePrefix prefix = connection.prefix().of(outgoing.delivery);
    outgoing.sent = sendPart(handle, outgoing.deliveryId, settled, prefix, body, outgoing.sent);
    return outgoing.sent == prefix.length() + body.length;
  }

  int newDeliveryId() {
    return nextDeliveryId++;
  }

  /**
   * Sends frames of one message while the window allows.
   *
   * @param from bytes that went before
   * @return the same now
   */
  int sendPart(
      int handle, int deliveryId, boolean settled, MessagePrefix prefix, byte[] body, int from) {
    int whole = prefix.length() + body.length;
    int sent = from;
    int frameSizeMax = connection.sendFrameSizeMax();
    while (sent < whole && remoteIncomingWindow > 0) {
      connection.turns().roomFor(Math.min(frameSizeMax, whole - sent + FrameWriter.TRANSFER_ROOM));
      sent =
          connection
              .out()
              .transfer(channel, handle, deliveryId, settled, prefix, body, sent, frameSizeMax);
      nextOutgoingId++;
      remoteIncomingWindow--;
    }
    return sent;
  }

  void sendFlow(int handle, int deliveryCount, int credit, boolean drain) {
    connection
        .out()
        .flow(channel, nextIncomingId, nextOutgoingId, handle, deliveryCount, credit, drain);
  }

  /** Answers a publish that is stored; neighbours become one frame. */
  void accept(int deliveryId) {
    if (acceptedCount > 0 && deliveryId != acceptedFirst + acceptedCount) {
      flushAccepted();
    }
    if (acceptedCount == 0) {
      acceptedFirst = deliveryId;
      connection.turns().atEnd(this);
    }
    acceptedCount++;
  }

  void reject(int deliveryId, String condition, @Nullable String description) {
    flushAccepted();
    connection.out().rejected(channel, deliveryId, condition, description);
  }

  /** Writes the open range of accepted publishes. */
  void flushAccepted() {
    if (acceptedCount > 0) {
      connection.out().accepted(channel, acceptedFirst, acceptedFirst + acceptedCount - 1);
      acceptedCount = 0;
    }
  }
}
