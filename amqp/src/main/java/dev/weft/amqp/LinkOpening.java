// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.broker.Address;
import dev.weft.broker.Destination;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import org.apache.qpid.protonj2.engine.Link;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.messaging.Terminus;
import org.apache.qpid.protonj2.types.transactions.Coordinator;
import org.apache.qpid.protonj2.types.transport.Attach;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.apache.qpid.protonj2.types.transport.Role;
import org.apache.qpid.protonj2.types.transport.SenderSettleMode;
import org.jspecify.annotations.Nullable;

/**
 * What an attach of the peer leads to (wire reference 4.5, 4.6). A refusal is an attach without the
 * terminus that was asked for and a detach with the reason, as AMQP 1.0, transport, 2.6.3 has it.
 * Belongs to the connection's event loop; the engine is asked on a worker, and until it answers the
 * connection reads no further.
 */
final class LinkOpening {
  private static final Symbol COPY = Symbol.valueOf("copy");

  private final AmqpConnection connection;

  LinkOpening(AmqpConnection connection) {
    this.connection = connection;
  }

  /** The peer wants to receive: our end sends. */
  void opened(Sender link) {
    Opening opening = arrived(link);
    Source source = link.getRemoteSource();
    boolean settled = link.getRemoteSenderSettleMode() == SenderSettleMode.SETTLED;
    link.setSenderSettleMode(settled ? SenderSettleMode.SETTLED : SenderSettleMode.UNSETTLED);
    link.setReceiverSettleMode(link.getRemoteReceiverSettleMode());
    link.setTarget((Target) link.<Terminus>getRemoteTarget());
    if (connection.linksFull()) {
      refuseLimit(opening);
    } else if (source == null) {
      refuse(opening, Conditions.INVALID_FIELD, "The link names no source");
    } else if (source.isDynamic()) {
      refuse(opening, Conditions.NOT_IMPLEMENTED, "Dynamic nodes are not supported");
    } else {
      try {
        Address address = Address.parse(source.getAddress() == null ? "" : source.getAddress());
        // A filter that is not applied must not be confirmed.
        link.setSource(source.setFilter(null));
        if (COPY.equals(source.getDistributionMode())) {
          browse(link, opening, address);
        } else {
          consume(link, opening, address, settled, source);
        }
      } catch (MeshException malformed) {
        refuse(opening, malformed);
      }
    }
  }

  private void consume(
      Sender link, Opening opening, Address address, boolean settled, Source source) {
    var subscriber =
        new SubscriberLink(
            opening.session, link, settled, DeliveryStates.ofDefault(source.getDefaultOutcome()));
    var caller = connection.caller();
    var settings =
        new ConsumerSettings(
            caller.clientId() + " " + EngineTap.ownName(link.getName()), ConsumerSettings.NORMAL);
    connection.suspendFor(
        () -> connection.frontDoor().consume(caller, address, settings, subscriber),
        consumer -> {
          if (opening.session.ended()) {
            consumer.close();
          } else {
            link.open();
            opening.session.put(opening.peerHandle, subscriber);
            subscriber.start(consumer, connection.tap().localHandle());
          }
        },
        failure -> refuse(opening, failure));
  }

  private void browse(Sender link, Opening opening, Address address) {
    if (!(address instanceof Address.OfQueue(QueueName queue))) {
      refuse(opening, Conditions.NOT_IMPLEMENTED, "Only a queue can be browsed");
      return;
    }
    // Whatever the client asked for: a copy is nobody's to settle.
    link.setSenderSettleMode(SenderSettleMode.SETTLED);
    var caller = connection.caller();
    connection.suspendFor(
        () -> connection.frontDoor().browse(caller, queue, 0, 1),
        _ -> {
          if (!opening.session.ended()) {
            link.open();
            int handle = connection.tap().localHandle();
            opening.session.put(
                opening.peerHandle, new BrowserLink(opening.session, link, handle, queue));
          }
        },
        failure -> refuse(opening, failure));
  }

  /** The peer wants to publish: our end receives. */
  void opened(Receiver link) {
    Opening opening = arrived(link);
    link.setSource(link.getRemoteSource());
    link.setSenderSettleMode(link.getRemoteSenderSettleMode());
    Terminus terminus = link.getRemoteTarget();
    if (connection.linksFull()) {
      refuseLimit(opening);
    } else if (terminus instanceof Coordinator) {
      refuse(opening, Conditions.NOT_IMPLEMENTED, "Transactions are not supported");
    } else if (terminus instanceof Target target && target.isDynamic()) {
      refuse(opening, Conditions.NOT_IMPLEMENTED, "Dynamic nodes are not supported");
    } else {
      // An absent target is an anonymous relay as the empty address is (wire reference 4.6).
      Target target = terminus instanceof Target given ? given : new Target();
      link.setTarget(target);
      try {
        String address = target.getAddress();
        publish(
            link, opening, address == null || address.isEmpty() ? null : Address.parse(address));
      } catch (MeshException malformed) {
        refuse(opening, malformed);
      }
    }
  }

  private void publish(Receiver link, Opening opening, @Nullable Address address) {
    int initialCount = (int) connection.tap().remoteAttach().getInitialDeliveryCount();
    if (!(address instanceof Address.OfQueue(QueueName queue))) {
      publishing(link, opening, initialCount, address);
      return;
    }
    connection.suspendFor(
        () -> connection.frontDoor().isQueue(connection.caller(), queue),
        exists -> {
          if (opening.session.ended()) {
            return;
          }
          if (exists) {
            publishing(link, opening, initialCount, address);
          } else {
            refuse(opening, new MeshException.UnknownQueue(queue));
          }
        },
        failure -> {
          if (failure instanceof MeshException.NotAllowed && !opening.session.ended()) {
            // Said on each message: a client that gives up on it does so there (wire 4.7).
            publishing(link, opening, initialCount, address);
          } else {
            refuse(opening, failure);
          }
        });
  }

  private void publishing(
      Receiver link, Opening opening, int initialCount, @Nullable Address address) {
    link.open();
    var publisher =
        new PublisherLink(
            opening.session,
            link,
            connection.tap().localHandle(),
            initialCount,
            address == null ? null : new Destination(address));
    opening.session.put(opening.peerHandle, publisher);
    publisher.start();
  }

  /**
   * An attach under way.
   *
   * @param peerHandle the peer's handle, by which its frames name the link
   */
  private record Opening(Link<?> link, AmqpSession session, int peerHandle) {}

  /**
   * A name that is in use moves to the new link; the old one ends as stolen (AMQP 1.0, transport,
   * 2.6.1).
   */
  void arriving(Attach attach, int peerChannel) {
    AmqpSession session = connection.session(peerChannel);
    if (session == null || session.ended()) {
      return;
    }
    boolean lingers = false;
    for (Link<?> link : session.engineLinks()) {
      if (link.isSender() == (attach.getRole() == Role.RECEIVER)
          && link.isRemotelyOpen()
          && EngineTap.ownName(link.getName()).equals(EngineTap.ownName(attach.getName()))) {
        lingers = true;
        if (link.isLocallyOpen()) {
          session.closeLink(link.getLinkedResource(Opening.class).peerHandle);
          link.setCondition(
              new ErrorCondition(Symbol.valueOf(Conditions.STOLEN), "Attached again"));
          link.close();
        }
      }
    }
    if (lingers) {
      EngineTap.makeUnique(attach);
    }
  }

  /** Counts the link and listens for its end. */
  private Opening arrived(Link<?> link) {
    AmqpSession session = link.getSession().getLinkedResource(AmqpSession.class);
    int peerHandle = (int) connection.tap().remoteAttach().getHandle();
    Opening opening = new Opening(link, session, peerHandle);
    link.setLinkedResource(opening);
    connection.linkOpened();
    link.closeHandler(_ -> ended(opening));
    link.detachHandler(_ -> ended(opening));
    return opening;
  }

  private void ended(Opening opening) {
    opening.session.releaseLink(opening.peerHandle);
    connection.linkClosed();
    if (opening.link.isRemotelyClosed()) {
      opening.link.close();
    } else {
      opening.link.detach();
    }
  }

  private void refuseLimit(Opening opening) {
    refuse(
        opening,
        Conditions.RESOURCE_LIMIT_EXCEEDED,
        "At most " + connection.settings().linksMax() + " links per connection");
  }

  private void refuse(Opening opening, MeshException failure) {
    refuse(opening, Conditions.of(failure), failure.getMessage());
  }

  private void refuse(Opening opening, String condition, @Nullable String description) {
    if (opening.session.ended()) {
      return;
    }
    Link<?> link = opening.link;
    opening.session.put(opening.peerHandle, new ClosedLink());
    if (link.isSender()) {
      link.setSource(null);
    } else {
      link.setTarget((Target) null);
    }
    link.open();
    link.setCondition(new ErrorCondition(Symbol.valueOf(condition), description));
    link.close();
  }
}
