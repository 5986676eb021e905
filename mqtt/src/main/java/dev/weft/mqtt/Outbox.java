// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.broker.MessageContent;
import dev.weft.queue.Consumer;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Settlement;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes to the client (hops 8 and 9), in the order in which it came. With QoS 1 so many are on
 * the way at once; the rest waits, and while the socket takes nothing more all wait. Belongs to the
 * connection's event loop; the engine's thread only posts to the inbox.
 */
final class Outbox implements DeliveryListener {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final int PACKET_ID_MAX = 65_535;
  private static final int WINDOW_MIN = 16;
  private static final Settlement UNREAD = new Settlement.Released(true);

  /** Nobody could ever read it here: to the dead message queue, if the queue has one. */
  private static final Settlement UNDELIVERABLE = new Settlement.Modified(true, true);

  private final MqttConnection connection;
  private final int inFlightMax;
  private final int windowBytes;

  private final ArrayDeque<Outgoing> held = new ArrayDeque<>(4);
  private final IntObjectMap<Outgoing> inFlight = new IntObjectHashMap<>(4);
  private Unfinished before = Unfinished.nothing();
  private int lastPacketId;

  /** Ids of what is to be sent again. */
  private final BitSet reserved = new BitSet();

  /** The session's queue; null for a session that ends with its connection. */
  private @Nullable Consumer consumer;

  /** Deliveries granted to the engine that did not arrive yet. */
  private int asked;

  /** Deliveries of the queue that have no outcome yet. */
  private int unsettled;

  /** Moving average of the encoded size. */
  private int averageBytes = 1_024;

  Outbox(MqttConnection connection, int inFlightMax, int windowBytes) {
    this.connection = connection;
    this.inFlightMax = inFlightMax;
    this.windowBytes = windowBytes;
  }

  /**
   * Begins to send from the session's queue.
   *
   * @param left what the last connection left; null when it is not known
   */
  void start(Consumer queue, @Nullable Unfinished left) {
    consumer = queue;
    if (left != null) {
      before = left;
      lastPacketId = left.lastPacketId();
      left.packetIds().values().forEach(reserved::set);
      for (Outgoing loose : left.loose()) {
        if (loose.packetId != 0) {
          loose.dup = true;
          reserved.set(loose.packetId);
        }
        held.add(loose);
      }
    }
    pump();
  }

  // From the engine's thread.

  @Override
  public void delivered(Delivery delivery) {
    connection.inbox().post(() -> handedOut(delivery));
  }

  @Override
  public void drained(int unusedCredit) {
    // Nobody drains it.
  }

  @Override
  public void closed(MeshException reason) {
    connection.inbox().post(() -> connection.withdrawn(reason));
  }

  // On the event loop.

  private void handedOut(Delivery delivery) {
    if (connection.ended()) {
      // The consumer is closed: the engine takes everything back by itself.
      return;
    }
    asked--;
    unsettled++;
    averageBytes += (delivery.message().size() - averageBytes) / 8;
    Outgoing outgoing = Outgoing.of(delivery);
    // The queue hands out in its order: what went back and lies before this one is gone.
    NavigableMap<Long, Integer> gone = before.packetIds().headMap(delivery.sequence(), false);
    gone.values().forEach(reserved::clear);
    gone.clear();
    Integer packetId = before.packetIds().remove(delivery.sequence());
    if (packetId != null) {
      outgoing.packetId = packetId;
      outgoing.dup = true;
    } else {
      outgoing.dup = delivery.failedCount() > 0;
    }
    add(outgoing);
  }

  /** Sends it when its turn comes. */
  void add(Outgoing outgoing) {
    held.add(outgoing);
    pump();
  }

  /** Sends what may be sent, then asks the engine for what may be asked. */
  void pump() {
    while (!held.isEmpty() && !connection.blocked()) {
      if (held.getFirst().qos > 0 && inFlight.size() >= inFlightMax) {
        break;
      }
      send(held.removeFirst());
    }
    ask();
  }

  private void ask() {
    Consumer queue = consumer;
    if (queue == null || connection.blocked()) {
      return;
    }
    int window = Math.clamp(windowBytes / Math.max(1, averageBytes), WINDOW_MIN, inFlightMax);
    int wanted = window - asked - unsettled;
    if (wanted > 0 && (asked == 0 || wanted >= window / 2)) {
      asked += wanted;
      queue.grant(wanted);
    }
  }

  private void send(Outgoing outgoing) {
    if (outgoing.backlog != null) {
      outgoing.backlog.give(outgoing.message);
    }
    MessageContent content = readable(outgoing);
    if (content == null) {
      settle(outgoing, UNDELIVERABLE);
      return;
    }
    if (outgoing.qos > 0) {
      if (outgoing.packetId == 0) {
        outgoing.packetId = nextPacketId();
      }
      reserved.clear(outgoing.packetId);
      inFlight.put(outgoing.packetId, outgoing);
    }
    connection.turns().roomFor(content.body().length);
    connection
        .out()
        .publish(
            content.subject(),
            content.body(),
            outgoing.qos,
            outgoing.dup && outgoing.qos > 0,
            outgoing.retain,
            outgoing.packetId);
    if (outgoing.qos == 0) {
      settle(outgoing, Settlement.ACCEPTED);
    }
  }

  /** Null for what was published to the queue itself: no filter matches it (wire reference 5). */
  private static @Nullable MessageContent readable(Outgoing outgoing) {
    try {
      MessageContent content = MessageContent.read(outgoing.message);
      return content.to().startsWith("topic:") ? content : null;
    } catch (MeshException.MalformedMessage unreadable) {
      LOG.atDebug().setCause(unreadable).log("Message not sent");
      return null;
    }
  }

  private void settle(Outgoing outgoing, Settlement settlement) {
    Consumer queue = consumer;
    if (queue != null && outgoing.delivery != null) {
      unsettled--;
      queue.settle(outgoing.delivery, settlement);
    }
  }

  private int nextPacketId() {
    do {
      lastPacketId = lastPacketId == PACKET_ID_MAX ? 1 : lastPacketId + 1;
    } while (inFlight.containsKey(lastPacketId) || reserved.get(lastPacketId));
    return lastPacketId;
  }

  /** The client has it. An id that nothing was sent with changes nothing. */
  void acknowledged(int packetId) {
    Outgoing outgoing = inFlight.remove(packetId);
    if (outgoing != null) {
      settle(outgoing, Settlement.ACCEPTED);
      pump();
    }
  }

  /** The connection ends: what belongs to the queue goes back to it. */
  Unfinished end() {
    Unfinished left = left();
    for (Outgoing outgoing : held) {
      if (outgoing.backlog != null) {
        outgoing.backlog.give(outgoing.message);
      }
      settle(outgoing, UNREAD);
    }
    held.clear();
    inFlight.clear();
    Consumer queue = consumer;
    if (queue != null) {
      queue.close();
    }
    return left;
  }

  private Unfinished left() {
    TreeMap<Long, Integer> packetIds = new TreeMap<>(before.packetIds());
    List<Outgoing> loose = new ArrayList<>();
    for (Outgoing outgoing : inFlight.values()) {
      if (outgoing.delivery == null) {
        loose.add(outgoing);
      } else {
        packetIds.put(outgoing.delivery.sequence(), outgoing.packetId);
      }
    }
    loose.sort(Comparator.comparingInt(outgoing -> outgoing.packetId));
    for (Outgoing outgoing : held) {
      if (outgoing.delivery == null && outgoing.qos > 0) {
        loose.add(outgoing);
      } else if (outgoing.delivery != null && outgoing.packetId != 0) {
        packetIds.put(outgoing.delivery.sequence(), outgoing.packetId);
      }
    }
    return new Unfinished(lastPacketId, packetIds, loose);
  }
}
