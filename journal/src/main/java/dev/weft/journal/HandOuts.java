// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.AccessType;
import dev.weft.queue.Delivery;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Redelivery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumers of one queue, their credit, and who is handed what (hop 8). Belongs to the queue's
 * loop.
 */
final class HandOuts {
  private static final Logger LOG = LoggerFactory.getLogger(HandOuts.class);
  private static final int DELIVERIES_PER_TURN = 512;

  private final QueueState queue;
  private final List<JournalConsumer> consumers = new ArrayList<>();
  private final List<Delivery> outgoing = new ArrayList<>();
  private final UnsettledDeliveries.Held held = this::isHeld; // Made once, not per message.
  private int turn;
  private int nextTurn;

  /** Returned messages on their way that wait for the journal. */
  private int pendingHandOuts;

  private long unsettled;
  private long markedSequence;
  private long deliveredTotal;

  HandOuts(QueueState queue) {
    this.queue = queue;
  }

  boolean hasConsumers() {
    return !consumers.isEmpty();
  }

  int consumers() {
    return consumers.size();
  }

  long unsettled() {
    return unsettled;
  }

  long deliveredTotal() {
    return deliveredTotal;
  }

  /** How far the queue was handed out when the engine stopped. */
  void recovered(long handedOutUpTo) {
    markedSequence = handedOutUpTo;
  }

  // Consumers and credit.

  void attach(JournalConsumer consumer) {
    MeshException reason =
        queue.deleted ? new MeshException.QueueDeleted(queue.name) : queue.loop.stopReason();
    if (reason != null) {
      consumer.closed = true;
      tellClosed(consumer, reason);
      return;
    }
    consumers.add(consumer);
    queue.loop.busy(queue);
  }

  void grant(JournalConsumer consumer, int credit) {
    if (!consumer.closed) {
      consumer.credit = (int) Math.min(Integer.MAX_VALUE, (long) consumer.credit + credit);
      queue.loop.busy(queue);
    }
  }

  void drain(JournalConsumer consumer) {
    if (!consumer.closed) {
      consumer.draining = true;
      queue.loop.busy(queue);
    }
  }

  void close(JournalConsumer consumer) {
    if (!consumer.closed) {
      consumer.closed = true;
      consumers.remove(consumer);
      returnUnsettled(consumer);
      queue.loop.busy(queue);
    }
  }

  void closeConsumers(MeshException reason) {
    List<JournalConsumer> closing = List.copyOf(consumers);
    consumers.clear();
    for (JournalConsumer consumer : closing) {
      consumer.closed = true;
      returnUnsettled(consumer);
      tellClosed(consumer, reason);
    }
  }

  /** The loop ends: what they hold comes back when the store is opened again. */
  void abandonConsumers(MeshException reason) {
    for (JournalConsumer consumer : consumers) {
      consumer.closed = true;
      tellClosed(consumer, reason);
    }
    consumers.clear();
  }

  private void returnUnsettled(JournalConsumer consumer) {
    for (long sequence : consumer.deliveries.held(held)) {
      EntryIndex.Entry entry = queue.entries.find(sequence);
      if (entry != null) {
        unsettled--;
        ReturnedEntry counters = queue.returned.counters(sequence);
        boolean first = !counters.lost;
        counters.lost = true;
        queue.outcomes.comeBack(entry, true, first);
      }
    }
    consumer.unsettled = 0;
  }

  private boolean isHeld(long sequence, int acquired) {
    EntryIndex.Entry entry = queue.entries.find(sequence);
    return entry != null
        && entry.state() == EntryChunk.UNSETTLED
        && queue.returned.acquired(sequence) == acquired;
  }

  private static void tellClosed(JournalConsumer consumer, MeshException reason) {
    try {
      consumer.listener.closed(reason);
    } catch (RuntimeException | AssertionError e) {
      LOG.atError().setCause(e).log("delivery listener failed");
    }
  }

  // Hand-out.

  void dispatch(long nowMillis) {
    QueueSettings current = queue.settings;
    boolean more = !current.egressDisabled();
    boolean strict =
        current.redelivery()
                instanceof Redelivery.Paced(var _, var _, var _, Redelivery.Order order)
            && order == Redelivery.Order.STRICT;
    int budget = DELIVERIES_PER_TURN;
    while (more && budget > 0 && !queue.loop.isBlocked()) {
      JournalConsumer consumer = strict && unsettled > 0 ? null : nextConsumer(current);
      more = consumer != null && handOut(consumer, nowMillis, strict);
      budget--;
    }
    send();
    if (more) {
      queue.loop.busy(queue);
    } else {
      answerDrains();
    }
  }

  private @Nullable JournalConsumer nextConsumer(QueueSettings current) {
    int count = consumers.size();
    if (current.accessType() == AccessType.EXCLUSIVE) {
      return count > 0 && consumers.getFirst().takes(current) ? consumers.getFirst() : null;
    }
    JournalConsumer best = null;
    int bestAt = 0;
    for (int i = 0; i < count; i++) {
      int at = (turn + i) % count;
      JournalConsumer candidate = consumers.get(at);
      if (candidate.takes(current)
          && (best == null || candidate.settings.priority() > best.settings.priority())) {
        best = candidate;
        bestAt = at;
        if (current.fair()) {
          break;
        }
      }
    }
    nextTurn = bestAt + 1;
    return best;
  }

  /** Hands out the next message; false if there is none. */
  private boolean handOut(JournalConsumer consumer, long nowMillis, boolean strict) {
    ReturnedEntry again = queue.returned.next(strict);
    if (again != null) {
      handOutAgain(consumer, again, nowMillis);
      return true;
    }
    if (strict && queue.returned.isBlocked()) {
      return false;
    }
    EntryChunk chunk =
        pendingHandOuts > 0 ? null : queue.entries.freshChunk(); // Nothing overtakes.
    if (chunk == null) {
      return false;
    }
    int slot = queue.entries.freshSlot();
    if (queue.isExpired(chunk, slot, nowMillis)) {
      queue.outcomes.expire(chunk, slot);
      return true;
    }
    Message message = queue.message(chunk, slot);
    if (message == null) {
      quarantine(chunk, slot);
      return true;
    }
    take(consumer, chunk, slot, 0);
    outgoing.add(delivery(consumer, chunk, slot, message, 0, 0, nowMillis));
    return true;
  }

  /** A returned message leaves only after the journal knows of it. */
  private void handOutAgain(JournalConsumer consumer, ReturnedEntry again, long nowMillis) {
    EntryIndex.Entry entry = queue.entries.find(again.sequence);
    queue.returned.unpark(again);
    if (entry == null || entry.state() != EntryChunk.RETURNED) {
      return;
    }
    if (queue.isExpired(entry.chunk(), entry.slot(), nowMillis)) {
      queue.outcomes.expire(entry.chunk(), entry.slot());
      return;
    }
    // The return goes first: a hand-out on top of one that the journal doesn't know counts nothing.
    queue.outcomes.reportReturns();
    if (!queue.loop.offer(new HandOut(queue, consumer, again.sequence, again.acquired))) {
      queue.park(again, nowMillis); // It keeps its turn.
      return;
    }
    take(consumer, entry.chunk(), entry.slot(), again.acquired);
    consumer.pendingHandOuts++;
    pendingHandOuts++;
  }

  /** The journal knows that a returned message is handed out again. */
  void handedOut(JournalConsumer consumer, long sequence, int acquired) {
    consumer.pendingHandOuts--;
    pendingHandOuts--;
    queue.loop.busy(queue);
    EntryIndex.Entry entry = queue.entries.find(sequence);
    if (consumer.closed || entry == null || !isHeld(sequence, acquired)) {
      return;
    }
    Message message = queue.message(entry.chunk(), entry.slot());
    if (message == null) {
      consumer.unsettled--;
      unsettled--;
      quarantine(entry.chunk(), entry.slot());
      return;
    }
    deliver(
        delivery(
            consumer,
            entry.chunk(),
            entry.slot(),
            message,
            queue.returned.failed(sequence),
            acquired,
            queue.loop.nowMillis()));
  }

  private void take(JournalConsumer consumer, EntryChunk chunk, int slot, int acquired) {
    chunk.state[slot] = EntryChunk.UNSETTLED;
    turn = nextTurn;
    consumer.credit--;
    consumer.unsettled++;
    unsettled++;
    consumer.deliveries.add(chunk.sequence[slot], acquired, consumer.unsettled, held);
  }

  private Delivery delivery(
      JournalConsumer consumer,
      EntryChunk chunk,
      int slot,
      Message message,
      int failed,
      int acquired,
      long nowMillis) {
    long ttl = chunk.ttlMillis(slot);
    long left =
        ttl == Message.NO_TTL ? ttl : Math.max(0, ttl - (nowMillis - chunk.appendedAtMillis(slot)));
    return new Delivery(consumer, chunk.sequence[slot], failed, acquired, left, message);
  }

  /** Marks how far the queue was handed out, then lets the deliveries leave. */
  private void send() {
    if (outgoing.isEmpty()) {
      return;
    }
    long last = outgoing.getLast().sequence();
    if (last > markedSequence) {
      markedSequence = last;
      try {
        queue.loop.marks.write(queue.id, last);
      } catch (IOException e) {
        throw new StoreException.Failed("cannot mark hand-outs", e);
      }
    }
    for (Delivery delivery : outgoing) {
      deliver(delivery);
    }
    outgoing.clear();
  }

  private void deliver(Delivery delivery) {
    deliveredTotal++;
    try {
      ((JournalConsumer) delivery.consumer()).listener.delivered(delivery);
    } catch (RuntimeException | AssertionError e) {
      LOG.atError().setCause(e).log("delivery listener failed");
    }
  }

  private void answerDrains() {
    for (JournalConsumer consumer : consumers) {
      if (consumer.draining && consumer.pendingHandOuts == 0) {
        consumer.draining = false;
        int unused = consumer.credit;
        consumer.credit = 0;
        try {
          consumer.listener.drained(unused);
        } catch (RuntimeException | AssertionError e) {
          LOG.atError().setCause(e).log("delivery listener failed");
        }
      }
    }
  }

  /** A damaged record is neither delivered nor acknowledged. */
  private void quarantine(EntryChunk chunk, int slot) {
    LOG.atError()
        .addKeyValue("queue", queue.name)
        .addKeyValue("sequence", chunk.sequence[slot])
        .addKeyValue("segment", Location.segment(chunk.location[slot]))
        .addKeyValue("offset", Location.offset(chunk.location[slot]))
        .log("message quarantined: its record is damaged");
    queue.quarantine(chunk, slot);
  }

  /** A consumer gave an outcome. */
  void settled(JournalConsumer consumer) {
    consumer.unsettled--;
    unsettled--;
  }
}
