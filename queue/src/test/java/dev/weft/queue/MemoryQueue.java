// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import dev.weft.queue.BrowsedMessage.State;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One queue of the reference engine: the semantics. Belongs to the engine's thread. */
final class MemoryQueue {
  final QueueName name;
  QueueSettings settings;

  private final InMemoryQueueEngine engine;
  private final TreeMap<Long, MemoryEntry> entries = new TreeMap<>();
  private final TreeMap<Long, MemoryEntry> ready = new TreeMap<>();
  private final List<MemoryConsumer> consumers = new ArrayList<>();

  /** Index of the consumer whose turn it is. */
  private int turn;

  /** No timer is due earlier; epoch milliseconds. */
  private long nextDueMillis = Long.MAX_VALUE;

  private long lastSequence;
  private long bytes;
  private int unsettled;
  private int delayed;
  private int deadPending;
  private long appendedTotal;
  private long deliveredTotal;
  private long acceptedTotal;
  private long returnedTotal;
  private long deadTotal;
  private long expiredTotal;

  MemoryQueue(InMemoryQueueEngine engine, QueueName name, QueueSettings settings) {
    this.engine = engine;
    this.name = name;
    this.settings = settings;
  }

  /** Why a message cannot be stored now; null when it can. */
  @Nullable MeshException refusal(Message message) {
    if (settings.ingressDisabled()) {
      return new MeshException.IngressDisabled(name);
    }
    if (message.size() > settings.maxMessageBytes()) {
      return new MeshException.MessageTooLarge(message.size(), settings.maxMessageBytes());
    }
    if (entries.size() >= settings.maxMessages()) {
      return new MeshException.QueueFull(name, "maxQueueMessageCount " + settings.maxMessages());
    }
    if (bytes + message.size() > settings.maxBytes()) {
      return new MeshException.QueueFull(name, "maxQueueSizeInBytes " + settings.maxBytes());
    }
    return null;
  }

  void store(Message message, boolean deadCopy) {
    MemoryEntry entry = new MemoryEntry(++lastSequence, message, engine.nowMillis(), deadCopy);
    entries.put(entry.sequence, entry);
    ready.put(entry.sequence, entry);
    bytes += message.size();
    appendedTotal++;
    nextDueMillis = Math.min(nextDueMillis, entry.expiryMillis(settings));
    engine.touch(this);
  }

  void change(QueueSettings changed) {
    settings = changed;
    nextDueMillis = 0;
    engine.touch(this);
  }

  MemoryConsumer consume(ConsumerSettings consumerSettings, DeliveryListener listener) {
    MemoryConsumer consumer = new MemoryConsumer(engine, this, consumerSettings, listener);
    consumers.add(consumer);
    return consumer;
  }

  void closeConsumers(MeshException reason) {
    for (MemoryConsumer consumer : consumers) {
      consumer.open = false;
      engine.notify(() -> consumer.listener.closed(reason));
    }
    consumers.clear();
  }

  /** A consumer leaves: what it held returns, the first time without a pause. */
  void left(MemoryConsumer consumer) {
    consumer.open = false;
    int index = consumers.indexOf(consumer);
    consumers.remove(index);
    if (index < turn) {
      turn--;
    }
    for (MemoryEntry entry : List.copyOf(consumer.held.values())) {
      takeBack(consumer, entry);
      boolean first = !entry.left;
      entry.left = true;
      giveBack(entry, true, !first);
    }
  }

  void settle(MemoryConsumer consumer, Delivery delivery, Settlement settlement) {
    MemoryEntry entry = consumer.held.get(delivery.sequence());
    if (entry == null || entry.acquired != delivery.acquiredCount() + 1) {
      return;
    }
    takeBack(consumer, entry);
    switch (settlement) {
      case Settlement.Accepted() -> {
        acceptedTotal++;
        remove(entry);
      }
      case Settlement.Rejected rejected -> {
        if (settings.onReject() == QueueSettings.OnReject.DEAD) {
          die(entry);
        } else {
          giveBack(entry, true, true);
        }
      }
      case Settlement.Released(boolean unread) -> {
        if (unread) {
          returnedTotal++;
          comeBack(entry);
        } else {
          giveBack(entry, settings.countReleased(), true);
        }
      }
      case Settlement.Modified(boolean failed, boolean elsewhere) -> {
        if (elsewhere) {
          die(entry);
        } else {
          giveBack(entry, failed || settings.countReleased(), true);
        }
      }
    }
  }

  private void takeBack(MemoryConsumer consumer, MemoryEntry entry) {
    consumer.held.remove(entry.sequence);
    entry.holder = null;
    unsettled--;
  }

  private void giveBack(MemoryEntry entry, boolean counts, boolean paced) {
    returnedTotal++;
    entry.returns++;
    if (counts) {
      entry.failed++;
    }
    if (counts && settings.maxRedeliveries() > 0 && entry.failed > settings.maxRedeliveries()) {
      bury(entry);
    } else if (paced && settings.redelivery() instanceof Redelivery.Paced pace) {
      entry.state = State.DELAYED;
      entry.dueMillis = engine.nowMillis() + pauseMillis(pace, entry.returns);
      delayed++;
      nextDueMillis =
          Math.min(nextDueMillis, Math.min(entry.dueMillis, entry.expiryMillis(settings)));
    } else {
      comeBack(entry);
    }
  }

  private long pauseMillis(Redelivery.Paced pace, int returns) {
    double pause = pace.firstDelay().toMillis() * Math.pow(pace.factor(), returns - 1.0);
    double capped = Math.min(pause, (double) pace.maxDelay().toMillis());
    return Math.round(capped * (0.8 + 0.4 * engine.random()));
  }

  private void comeBack(MemoryEntry entry) {
    entry.state = State.READY;
    ready.put(entry.sequence, entry);
    nextDueMillis = Math.min(nextDueMillis, entry.expiryMillis(settings));
  }

  private void die(MemoryEntry entry) {
    entry.failed++;
    bury(entry);
  }

  private void bury(MemoryEntry entry) {
    deadTotal++;
    if (settings.deadMessageQueue() == null && settings.onDead() == QueueSettings.OnDead.DISCARD) {
      remove(entry);
    } else if (!moveToDeadMessageQueue(entry)) {
      keepDead(entry);
    }
  }

  private void expire(MemoryEntry entry) {
    expiredTotal++;
    ready.remove(entry.sequence);
    if (entry.state == State.DELAYED) {
      delayed--;
    }
    if (settings.deadMessageQueue() == null) {
      remove(entry);
    } else if (!moveToDeadMessageQueue(entry)) {
      keepDead(entry);
    }
  }

  private void keepDead(MemoryEntry entry) {
    entry.state = State.DEAD_PENDING;
    deadPending++;
  }

  /** One step: out of this queue and into the other, or nothing. */
  private boolean moveToDeadMessageQueue(MemoryEntry entry) {
    QueueName target = settings.deadMessageQueue();
    if (target == null || target.equals(name)) {
      return false;
    }
    MemoryQueue other = engine.find(target);
    if (other == null || other.refusal(entry.message) != null) {
      return false;
    }
    remove(entry);
    other.store(entry.message, true);
    return true;
  }

  /** Tries again to move what is dead and had nowhere to go. */
  void retryDead() {
    if (deadPending == 0) {
      return;
    }
    for (MemoryEntry entry : List.copyOf(entries.values())) {
      if (entry.state == State.DEAD_PENDING) {
        if (!moveToDeadMessageQueue(entry)) {
          return;
        }
        deadPending--;
      }
    }
  }

  private void remove(MemoryEntry entry) {
    entries.remove(entry.sequence);
    ready.remove(entry.sequence);
    bytes -= entry.message.size();
    engine.touch(this);
  }

  long purge() {
    List<MemoryEntry> waiting =
        entries.values().stream().filter(entry -> entry.state != State.UNSETTLED).toList();
    waiting.forEach(this::remove);
    delayed = 0;
    deadPending = 0;
    return waiting.size();
  }

  /** Whether {@link #fireTimers()} has something to do. */
  boolean due() {
    return engine.nowMillis() >= nextDueMillis;
  }

  /** Expires and wakes what is due; expiry goes first. */
  void fireTimers() {
    long nowMillis = engine.nowMillis();
    if (nowMillis < nextDueMillis) {
      return;
    }
    nextDueMillis = Long.MAX_VALUE;
    for (MemoryEntry entry : List.copyOf(entries.values())) {
      if (entry.state != State.READY && entry.state != State.DELAYED) {
        continue;
      }
      long expiryMillis = entry.expiryMillis(settings);
      if (expiryMillis <= nowMillis) {
        expire(entry);
      } else if (entry.state == State.DELAYED && entry.dueMillis <= nowMillis) {
        delayed--;
        comeBack(entry);
      } else {
        nextDueMillis = Math.min(nextDueMillis, expiryMillis);
        if (entry.state == State.DELAYED) {
          nextDueMillis = Math.min(nextDueMillis, entry.dueMillis);
        }
      }
    }
  }

  /** Hands out what can be handed out, then answers drains. */
  void dispatch() {
    fireTimers();
    while (true) {
      MemoryEntry entry = nextEntry();
      MemoryConsumer consumer = entry == null ? null : nextConsumer();
      if (entry == null || consumer == null) {
        break;
      }
      handOut(entry, consumer);
    }
    for (MemoryConsumer consumer : consumers) {
      if (consumer.draining) {
        int unused = consumer.credit;
        consumer.draining = false;
        consumer.credit = 0;
        engine.notify(() -> consumer.listener.drained(unused));
      }
    }
  }

  private @Nullable MemoryEntry nextEntry() {
    if (settings.egressDisabled() || ready.isEmpty()) {
      return null;
    }
    MemoryEntry first = ready.firstEntry().getValue();
    if (settings.redelivery() instanceof Redelivery.Paced pace
        && pace.order() == Redelivery.Order.STRICT) {
      boolean overtakes =
          entries.headMap(first.sequence).values().stream()
              .anyMatch(earlier -> earlier.state == State.DELAYED);
      return unsettled > 0 || overtakes ? null : first;
    }
    return first;
  }

  private @Nullable MemoryConsumer nextConsumer() {
    if (settings.accessType() == AccessType.EXCLUSIVE) {
      return !consumers.isEmpty() && canTake(consumers.getFirst()) ? consumers.getFirst() : null;
    }
    MemoryConsumer chosen = null;
    for (int i = 0; i < consumers.size(); i++) {
      MemoryConsumer candidate = consumers.get((turn + i) % consumers.size());
      if (canTake(candidate)
          && (chosen == null
              || (!settings.fair()
                  && candidate.settings.priority() > chosen.settings.priority()))) {
        chosen = candidate;
      }
    }
    if (chosen != null) {
      turn = (consumers.indexOf(chosen) + 1) % consumers.size();
    }
    return chosen;
  }

  private boolean canTake(MemoryConsumer consumer) {
    return consumer.credit > 0 && consumer.held.size() < settings.maxUnsettledPerConsumer();
  }

  private void handOut(MemoryEntry entry, MemoryConsumer consumer) {
    ready.remove(entry.sequence);
    entry.state = State.UNSETTLED;
    entry.holder = consumer;
    consumer.held.put(entry.sequence, entry);
    consumer.credit--;
    unsettled++;
    deliveredTotal++;
    Delivery delivery =
        new Delivery(
            consumer,
            entry.sequence,
            entry.failed,
            entry.acquired,
            entry.remainingTtlMillis(engine.nowMillis()),
            entry.message);
    entry.acquired++;
    engine.notify(() -> consumer.listener.delivered(delivery));
  }

  List<BrowsedMessage> browse(long fromSequence, int limit) {
    return entries.tailMap(fromSequence).values().stream()
        .limit(limit)
        .map(MemoryEntry::browsed)
        .toList();
  }

  QueueStats stats() {
    return new QueueStats(
        entries.size(),
        bytes,
        unsettled,
        delayed,
        deadPending,
        consumers.size(),
        appendedTotal,
        deliveredTotal,
        acceptedTotal,
        returnedTotal,
        deadTotal,
        expiredTotal);
  }
}
