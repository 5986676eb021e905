// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.queue.Consumer;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Settlement;
import java.util.ArrayDeque;
import org.apache.qpid.protonj2.engine.Link;
import org.jspecify.annotations.Nullable;

/**
 * A link on which the client consumes (hops 8 and 9). Belongs to the connection's event loop; the
 * engine's thread only posts to the inbox.
 *
 * <p>The client's credit is never passed on whole: the engine is asked for as much as about one
 * mebibyte at a time, so that a slow socket or a closed session window holds back little that other
 * consumers could have.
 */
final class SubscriberLink implements AmqpLink, DeliveryListener {
  private static final int WINDOW_MIN = 16;
  private static final int WINDOW_MAX = 1_024;
  private static final Settlement UNREAD = new Settlement.Released(true);

  private final AmqpSession session;
  private final Link<?> engineLink;
  private final boolean settled;
  private final Settlement defaultSettlement;

  private @Nullable Consumer consumer;
  private int handle;
  private boolean released;

  // What the client allows.
  private int deliveryCount;
  private int credit;
  private boolean draining;

  /** The engine had less than the drain asked for. */
  private boolean exhausted;

  /** A drain was answered and no credit came since: what comes back was never looked at. */
  private boolean idleSinceDrain;

  // What the engine was asked for.
  /** Deliveries granted to the engine that did not arrive yet. */
  private int asked;

  /** The engine owes a {@code drained}; until it comes, nothing is asked. */
  private boolean settlingCredit;

  /** Handed out, not sent completely. */
  private final ArrayDeque<Outgoing> held = new ArrayDeque<>(4);

  /** Moving average of the encoded size. */
  private int averageBytes = 1_024;

  SubscriberLink(
      AmqpSession session, Link<?> engineLink, boolean settled, Settlement defaultSettlement) {
    this.session = session;
    this.engineLink = engineLink;
    this.settled = settled;
    this.defaultSettlement = defaultSettlement;
  }

  private AmqpConnection connection() {
    return session.connection();
  }

  /** The attach was answered. */
  void start(Consumer started, int ownHandle) {
    consumer = started;
    handle = ownHandle;
  }

  // From the engine's thread.

  @Override
  public void delivered(Delivery delivery) {
    connection().inbox().post(new Outgoing(this, delivery));
  }

  @Override
  public void drained(int unusedCredit) {
    connection().inbox().post(() -> creditSettled(unusedCredit));
  }

  @Override
  public void closed(MeshException reason) {
    connection().inbox().post(() -> engineClosed(reason));
  }

  // On the event loop.

  private void engineClosed(MeshException reason) {
    if (!released) {
      connection().detach(engineLink, session, this, Conditions.of(reason), reason.getMessage());
    }
  }

  void handedOut(Outgoing outgoing) {
    asked--;
    Consumer live = consumer;
    if (released || live == null) {
      // The consumer is closed: the engine takes everything back by itself.
      return;
    }
    averageBytes += (outgoing.delivery.message().size() - averageBytes) / 8;
    if (credit == 0) {
      live.settle(outgoing.delivery, UNREAD);
      return;
    }
    held.add(outgoing);
    if (draining || (!settlingCredit && asked <= window() / 2)) {
      pump();
    } else {
      sendHeld();
    }
  }

  private void creditSettled(int unused) {
    asked = 0;
    settlingCredit = false;
    exhausted = draining && unused > 0;
    pump();
  }

  @Override
  public void flow(LinkFlow flow) {
    if (flow.credit() >= 0) {
      credit = flow.creditAfter(deliveryCount);
      draining = flow.drain();
      exhausted = false;
      if (credit > 0 && !draining) {
        idleSinceDrain = false;
      }
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

  /** Sends what may be sent, then asks the engine for what may be asked. */
  private void pump() {
    Consumer live = consumer;
    if (live == null || released) {
      return;
    }
    sendHeld();
    if (credit == 0) {
      giveBackHeld(live);
      if (draining) {
        answerDrain();
      }
    }
    if (settlingCredit) {
      return;
    }
    if (asked + held.size() > credit) {
      takeBackCredit(live);
    } else if (draining) {
      drainStep(live);
    } else {
      ask(live);
    }
  }

  private void ask(Consumer live) {
    int wanted = allowance() - asked - held.size();
    if (wanted > 0 && (asked <= window() / 2 || wanted >= window() / 2)) {
      asked += wanted;
      live.grant(wanted);
    }
  }

  /** How much may be on its way from the engine. */
  private int allowance() {
    if (connection().blocked()) {
      return 0;
    }
    long room = Math.min(session.remoteIncomingWindow(), Math.min(credit, window()));
    return (int) Math.max(0, room);
  }

  private int window() {
    return Math.clamp(
        connection().settings().windowBytes() / Math.max(1, averageBytes), WINDOW_MIN, WINDOW_MAX);
  }

  private void takeBackCredit(Consumer live) {
    // The drain is a barrier: after its answer nothing of the old credit arrives any more.
    settlingCredit = true;
    live.revokeCredit();
    live.drain();
  }

  /** A drain goes to the engine in windows, until one of them is not used up. */
  private void drainStep(Consumer live) {
    if (!held.isEmpty() && session.remoteIncomingWindow() > 0) {
      // The socket is full; the rest of the drain follows when it has room.
      return;
    }
    if (exhausted || !held.isEmpty()) {
      // With a closed window as well: qpid waits for the answer before it opens it (wire 4.9).
      giveBackHeld(live);
      deliveryCount += credit;
      credit = 0;
      answerDrain();
      return;
    }
    int wanted = Math.min(credit, Math.max(window(), asked)) - asked;
    if (wanted > 0) {
      asked += wanted;
      live.grant(wanted);
    }
    settlingCredit = true;
    live.drain();
  }

  private void answerDrain() {
    sendFlow(true);
    draining = false;
    idleSinceDrain = true;
  }

  private void sendFlow(boolean drain) {
    session.sendFlow(handle, deliveryCount, credit, drain);
  }

  private void sendHeld() {
    Consumer live = consumer;
    while (live != null && credit > 0 && !connection().blocked()) {
      Outgoing next = held.peek();
      if (next == null || !session.send(handle, next, settled)) {
        return;
      }
      held.poll();
      credit--;
      deliveryCount++;
      if (settled) {
        live.settle(next.delivery, Settlement.ACCEPTED);
      }
    }
  }

  /** Returns what never left; a message of which a part left stays. */
  private void giveBackHeld(Consumer live) {
    Outgoing first = held.peek();
    boolean keepFirst = first != null && first.sent > 0;
    while (held.size() > (keepFirst ? 1 : 0)) {
      live.settle(held.removeLast().delivery, UNREAD);
    }
  }

  /** The client's outcome. */
  void settled(Outgoing outgoing, @Nullable Settlement settlement) {
    Consumer live = consumer;
    if (live == null || released) {
      return;
    }
    Settlement outcome = settlement == null ? defaultSettlement : settlement;
    if (idleSinceDrain && outcome instanceof Settlement.Released) {
      outcome = UNREAD;
    }
    live.settle(outgoing.delivery, outcome);
  }

  @Override
  public void release() {
    if (released) {
      return;
    }
    released = true;
    Consumer live = consumer;
    if (live != null) {
      giveBackHeld(live);
      held.clear();
      live.close();
    }
  }
}
