// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.AccessType;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.Delivery;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.QueueStats;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One queue: its entries, its consumers and what became of each message.
 *
 * <p>Owners: the fields of the journal loop decide on admission; {@code settings} is written by the
 * journal loop and read by all; the rest belongs to the queue's loop. Before the loops start,
 * recovery fills both through {@link QueueRecovery}.
 *
 * <p>Longer than 500 lines because the rules of one queue are read best in one place: admission,
 * hand-out, outcome, return, death.
 */
final class QueueState {
  private static final Logger LOG = LoggerFactory.getLogger(QueueState.class);
  private static final int DELIVERIES_PER_TURN = 512;
  private static final long DEAD_RETRY_MILLIS = 5_000;
  private static final long SWEEP_MILLIS = 1_000;

  final int id;
  final QueueName name;
  final QueueLoop loop;
  volatile QueueSettings settings;

  // Journal loop.
  QueueSettings declared;
  long definitionSegment;
  boolean deleted;
  private long admittedMessages;
  private long admittedBytes;

  // Written by the queue's loop, read by the journal loop.
  private final AtomicLong removedMessages = new AtomicLong();
  private final AtomicLong removedBytes = new AtomicLong();

  // Queue's loop.
  final EntryIndex entries = new EntryIndex();
  final ReturnedEntries returned = new ReturnedEntries();
  private final List<JournalConsumer> consumers = new ArrayList<>();
  private final List<Delivery> outgoing = new ArrayList<>();
  private int turn;
  private int nextTurn;

  /** Returned messages on their way that wait for the journal. */
  private int pendingHandOuts;

  private long messages;
  private long bytes;
  private long unsettled;
  private long markedSequence;
  private long deadRetryAtMillis = Long.MAX_VALUE;
  private long sweepAtMillis = Long.MAX_VALUE;
  private @Nullable SettledBatch settledBatch;
  private @Nullable ReturnedBatch returnedBatch;
  private long appendedTotal;
  private long deliveredTotal;
  private long acceptedTotal;
  private long returnedTotal;
  private long deadTotal;
  private long expiredTotal;

  QueueState(int id, QueueName name, QueueLoop loop, QueueSettings settings) {
    this.id = id;
    this.name = name;
    this.loop = loop;
    this.settings = settings;
    this.declared = settings;
  }

  // Admission, on the journal loop.

  /** Why a message of that size can't enter, or null. */
  @Nullable MeshException roomFor(int messageBytes) {
    QueueSettings limits = settings;
    if (admittedMessages - removedMessages.getAcquire() >= limits.maxMessages()) {
      return new MeshException.QueueFull(name, "maxQueueMessageCount " + limits.maxMessages());
    }
    if (admittedBytes - removedBytes.getAcquire() + messageBytes > limits.maxBytes()) {
      return new MeshException.QueueFull(name, "maxQueueSizeInBytes " + limits.maxBytes());
    }
    return null;
  }

  void admit(int messageBytes) {
    admittedMessages++;
    admittedBytes += messageBytes;
  }

  // Everything below runs on the queue's loop.

  /** A durable message becomes ready (hop 7). */
  void enter(NewEntry entry) {
    Message retained = entry.message();
    if (retained != null && !loop.retain(entry.messageBytes())) {
      retained = null;
    }
    addEntry(entry, retained);
    appendedTotal++;
    if (!consumers.isEmpty()) {
      loop.busy(this);
    }
  }

  /** Adds an entry without counting it as appended. */
  void addEntry(NewEntry entry, @Nullable Message retained) {
    long expiresAt = expiresAtMillis(entry.appendedAtMillis(), entry.ttlMillis());
    entries.add(
        entry.sequence(),
        entry.location(),
        entry.messageBytes(),
        entry.appendedAtMillis(),
        entry.ttlMillis(),
        retained,
        expiresAt);
    messages++;
    bytes += entry.messageBytes();
    if (expiresAt != Long.MAX_VALUE) {
      sweepBy(expiresAt);
    }
  }

  // Consumers and credit.

  void attach(JournalConsumer consumer) {
    if (deleted) {
      consumer.closed = true;
      tellClosed(consumer, new MeshException.QueueDeleted(name));
      return;
    }
    consumers.add(consumer);
    loop.busy(this);
  }

  void grant(JournalConsumer consumer, int credit) {
    if (!consumer.closed) {
      consumer.credit = (int) Math.min(Integer.MAX_VALUE, (long) consumer.credit + credit);
      loop.busy(this);
    }
  }

  void drain(JournalConsumer consumer) {
    if (!consumer.closed) {
      consumer.draining = true;
      loop.busy(this);
    }
  }

  void close(JournalConsumer consumer) {
    if (!consumer.closed) {
      consumer.closed = true;
      consumers.remove(consumer);
      returnUnsettled(consumer);
      loop.busy(this);
    }
  }

  void closeConsumers(MeshException reason) {
    for (JournalConsumer consumer : List.copyOf(consumers)) {
      consumer.closed = true;
      consumers.remove(consumer);
      returnUnsettled(consumer);
      tellClosed(consumer, reason);
    }
  }

  private void returnUnsettled(JournalConsumer consumer) {
    for (long sequence : consumer.deliveries.held(this::isHeld)) {
      EntryIndex.Entry entry = entries.find(sequence);
      if (entry != null) {
        unsettled--;
        boolean first = returned.acquired(sequence) == 0;
        comeBack(entry, true, first);
      }
    }
    consumer.unsettled = 0;
  }

  private boolean isHeld(long sequence, int acquired) {
    EntryIndex.Entry entry = entries.find(sequence);
    return entry != null
        && entry.state() == EntryChunk.UNSETTLED
        && returned.acquired(sequence) == acquired;
  }

  private static void tellClosed(JournalConsumer consumer, MeshException reason) {
    try {
      consumer.listener.closed(reason);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("delivery listener failed");
    }
  }

  // Hand-out (hop 8).

  void dispatch(long nowMillis) {
    QueueSettings current = settings;
    boolean more = !current.egressDisabled();
    boolean strict =
        current.redelivery()
                instanceof Redelivery.Paced(var _, var _, var _, Redelivery.Order order)
            && order == Redelivery.Order.STRICT;
    int budget = DELIVERIES_PER_TURN;
    while (more && budget > 0) {
      JournalConsumer consumer = strict && unsettled > 0 ? null : nextConsumer(current);
      more = consumer != null && handOut(consumer, nowMillis, strict);
      budget--;
    }
    send();
    if (more) {
      loop.busy(this);
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
    ReturnedEntry again = returned.next(strict);
    if (again != null) {
      handOutAgain(consumer, again, nowMillis);
      return true;
    }
    if (strict && returned.isBlocked()) {
      return false;
    }
    EntryChunk chunk = pendingHandOuts > 0 ? null : entries.freshChunk(); // Nothing overtakes.
    if (chunk == null) {
      return false;
    }
    int slot = entries.freshSlot();
    if (isExpired(chunk, slot, nowMillis)) {
      expire(chunk, slot);
      return true;
    }
    Message message = message(chunk, slot);
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
    EntryIndex.Entry entry = entries.find(again.sequence);
    returned.unpark(again);
    if (entry == null || entry.state() != EntryChunk.RETURNED) {
      return;
    }
    if (isExpired(entry.chunk(), entry.slot(), nowMillis)) {
      expire(entry.chunk(), entry.slot());
      return;
    }
    if (!loop.journal.offer(new HandOut(this, consumer, again.sequence, again.acquired))) {
      again.dueAtMillis = nowMillis + 1;
      park(again, nowMillis);
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
    loop.busy(this);
    EntryIndex.Entry entry = entries.find(sequence);
    if (consumer.closed || entry == null || !isHeld(sequence, acquired)) {
      return;
    }
    Message message = message(entry.chunk(), entry.slot());
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
            returned.failed(sequence),
            acquired,
            loop.nowMillis()));
  }

  private void take(JournalConsumer consumer, EntryChunk chunk, int slot, int acquired) {
    chunk.state[slot] = EntryChunk.UNSETTLED;
    turn = nextTurn;
    consumer.credit--;
    consumer.unsettled++;
    unsettled++;
    consumer.deliveries.add(chunk.sequence[slot], acquired, consumer.unsettled, this::isHeld);
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
        ttl == Message.NO_TTL ? ttl : Math.max(0, chunk.appendedAtMillis(slot) + ttl - nowMillis);
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
        loop.marks.write(id, last);
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
    } catch (RuntimeException e) {
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
        } catch (RuntimeException e) {
          LOG.atError().setCause(e).log("delivery listener failed");
        }
      }
    }
  }

  private @Nullable Message message(EntryChunk chunk, int slot) {
    Message retained = chunk.message(slot);
    if (retained != null) {
      letGo(
          chunk,
          slot); // What comes back is read from disk: it is rare, and memory is for what is new.
      return retained;
    }
    PayloadReader.StoredMessage read = loop.payloads.read(chunk.location[slot]);
    return read == null ? null : read.message();
  }

  private void letGo(EntryChunk chunk, int slot) {
    if (chunk.message(slot) != null) {
      loop.letGo(chunk.messageBytes[slot]);
      chunk.forgetMessage(slot);
    }
  }

  /** A damaged record is neither delivered nor acknowledged. */
  private void quarantine(EntryChunk chunk, int slot) {
    LOG.atError()
        .addKeyValue("queue", name)
        .addKeyValue("sequence", chunk.sequence[slot])
        .addKeyValue("segment", Location.segment(chunk.location[slot]))
        .addKeyValue("offset", Location.offset(chunk.location[slot]))
        .log("message quarantined: its record is damaged");
    chunk.state[slot] = EntryChunk.DEAD_PENDING;
    returned.counters(chunk.sequence[slot]);
    returned.deadPending().add(chunk.sequence[slot]);
  }

  // Outcomes (hop 9).

  void settle(JournalConsumer consumer, Delivery delivery, Settlement settlement) {
    EntryIndex.Entry entry = entries.find(delivery.sequence());
    if (consumer.closed
        || entry == null
        || entry.state() != EntryChunk.UNSETTLED
        || returned.acquired(delivery.sequence()) != delivery.acquiredCount()) {
      return;
    }
    consumer.unsettled--;
    unsettled--;
    switch (settlement) {
      case Settlement.Accepted() -> {
        acceptedTotal++;
        remove(entry.chunk(), entry.slot());
      }
      case Settlement.Rejected(var _) -> {
        if (settings.onReject() == QueueSettings.OnReject.DEAD) {
          countFailure(entry);
          die(entry);
        } else {
          comeBack(entry, true, false);
        }
      }
      case Settlement.Released(boolean unread) ->
          comeBack(entry, !unread && settings.countReleased(), unread);
      case Settlement.Modified(boolean failed, boolean elsewhere) -> {
        if (elsewhere) {
          countFailure(entry);
          die(entry);
        } else {
          comeBack(entry, failed || settings.countReleased(), false);
        }
      }
    }
    loop.busy(this);
  }

  private ReturnedEntry countFailure(EntryIndex.Entry entry) {
    ReturnedEntry counters = returned.counters(entry.sequence());
    counters.acquired++;
    counters.failed++;
    return counters;
  }

  /**
   * @param failed counts as an attempt: everything but a release of what nobody looked at, and
   *     releases where the queue does not count them (wire reference 4.10, R-403)
   * @param atOnce without a pause
   */
  private void comeBack(EntryIndex.Entry entry, boolean failed, boolean atOnce) {
    ReturnedEntry counters = returned.counters(entry.sequence());
    counters.acquired++;
    counters.failed += failed ? 1 : 0;
    returnedTotal++;
    int max = settings.maxRedeliveries();
    if (max > 0 && counters.failed > max) {
      die(entry);
      return;
    }
    long now = loop.nowMillis();
    counters.pauses += atOnce ? 0 : 1;
    counters.dueAtMillis = atOnce ? now : now + pauseMillis(counters.pauses);
    entry.chunk().state[entry.slot()] = EntryChunk.RETURNED;
    park(counters, now);
    reportReturned(counters, false);
  }

  private void park(ReturnedEntry entry, long nowMillis) {
    returned.park(entry, nowMillis);
    if (entry.dueAtMillis > nowMillis) {
      loop.timer(this, entry.dueAtMillis);
    }
  }

  /** */
  private long pauseMillis(int returns) {
    return switch (settings.redelivery()) {
      case Redelivery.Immediate() -> 0;
      case Redelivery.Paced paced -> {
        double delay =
            Math.min(
                (double) paced.maxDelay().toMillis(),
                paced.firstDelay().toMillis() * Math.pow(paced.factor(), returns - 1.0));
        yield Math.max(1, Math.round(delay * (0.8 + 0.4 * loop.random.nextDouble())));
      }
    };
  }

  // Death and expiry.

  private void die(EntryIndex.Entry entry) {
    deadTotal++;
    leave(entry.chunk(), entry.slot(), settings.onDead() == QueueSettings.OnDead.DISCARD);
  }

  private boolean isExpired(EntryChunk chunk, int slot, long nowMillis) {
    return nowMillis >= chunk.expiryMin
        && nowMillis >= expiresAtMillis(chunk.appendedAtMillis(slot), chunk.ttlMillis(slot));
  }

  private long expiresAtMillis(long appendedAtMillis, long ttlMillis) {
    QueueSettings current = settings;
    if (!current.respectTtl()) {
      return Long.MAX_VALUE;
    }
    long longest = current.maxTtl().isZero() ? Long.MAX_VALUE : current.maxTtl().toMillis();
    long life = ttlMillis == Message.NO_TTL ? longest : Math.min(longest, ttlMillis);
    return life == Long.MAX_VALUE ? life : appendedAtMillis + life;
  }

  private void expire(EntryChunk chunk, int slot) {
    expiredTotal++;
    leave(chunk, slot, true);
  }

  /** To the dead message queue when one is named, otherwise out or to the side. */
  private void leave(EntryChunk chunk, int slot, boolean discard) {
    QueueName dead = settings.deadMessageQueue();
    if (dead == null) {
      if (discard) {
        remove(chunk, slot);
      } else {
        keepDead(chunk, slot);
      }
      return;
    }
    letGo(chunk, slot);
    long sequence = chunk.sequence[slot];
    returned.unpark(returned.counters(sequence));
    chunk.state[slot] = EntryChunk.MOVING;
    if (!loop.journal.offer(
        new DeadMove(this, dead, sequence, chunk.location[slot], chunk.messageBytes[slot]))) {
      keepDead(chunk, slot);
    }
  }

  /** The dead message queue has it. */
  void moved(long sequence) {
    EntryIndex.Entry entry = entries.find(sequence);
    if (entry != null) {
      count(entry.chunk().messageBytes[entry.slot()]);
      returned.remove(sequence);
      entries.remove(entry.chunk(), entry.slot());
    }
  }

  /** The dead message queue is missing or full: the message stays, marked. */
  void moveRefused(long sequence) {
    EntryIndex.Entry entry = entries.find(sequence);
    if (entry != null) {
      keepDead(entry.chunk(), entry.slot());
    }
  }

  private void keepDead(EntryChunk chunk, int slot) {
    letGo(chunk, slot);
    ReturnedEntry counters = returned.counters(chunk.sequence[slot]);
    boolean isNew = returned.deadPending().add(counters.sequence);
    chunk.state[slot] = EntryChunk.DEAD_PENDING;
    if (isNew) {
      reportReturned(counters, true);
    }
    if (settings.deadMessageQueue() != null) {
      deadRetryAtMillis = loop.nowMillis() + DEAD_RETRY_MILLIS;
      loop.timer(this, deadRetryAtMillis);
    }
  }

  private void retryDead() {
    deadRetryAtMillis = Long.MAX_VALUE;
    for (long sequence : List.copyOf(returned.deadPending())) {
      EntryIndex.Entry entry = entries.find(sequence);
      if (entry != null && entry.state() == EntryChunk.DEAD_PENDING) {
        leave(entry.chunk(), entry.slot(), settings.onDead() == QueueSettings.OnDead.DISCARD);
      }
    }
  }

  private void remove(EntryChunk chunk, int slot) {
    SettledBatch batch = settledBatch;
    if (batch == null) {
      batch = new SettledBatch(this);
      settledBatch = batch;
      loop.reporting(this);
    }
    removeInto(batch, chunk, slot);
    if (batch.isFull() && loop.journal.offer(batch)) {
      settledBatch = null;
    }
  }

  private void removeInto(SettledBatch batch, EntryChunk chunk, int slot) {
    batch.add(chunk, slot);
    letGo(chunk, slot);
    count(chunk.messageBytes[slot]);
    returned.remove(chunk.sequence[slot]);
    entries.remove(chunk, slot);
  }

  private void count(int messageBytes) {
    messages--;
    bytes -= messageBytes;
    removedMessages.setRelease(removedMessages.getPlain() + 1);
    removedBytes.setRelease(removedBytes.getPlain() + messageBytes);
  }

  private void reportReturned(ReturnedEntry entry, boolean dead) {
    ReturnedBatch batch = returnedBatch;
    if (batch == null) {
      batch = new ReturnedBatch(this);
      returnedBatch = batch;
      loop.reporting(this);
    }
    batch.add(entry, dead);
    if (batch.isFull() && loop.journal.offer(batch)) {
      returnedBatch = null;
    }
  }

  /** Offers outcomes to the journal; false if something is left. */
  boolean report() {
    if (returnedBatch != null && loop.journal.offer(returnedBatch)) {
      returnedBatch = null;
    }
    // Returns before settlements of the same turn: a settlement ends what a return said.
    if (returnedBatch == null && settledBatch != null && loop.journal.offer(settledBatch)) {
      settledBatch = null;
    }
    return returnedBatch == null && settledBatch == null;
  }

  // Time.

  /** Does what is due and says when to come again, {@link Long#MAX_VALUE} for never. */
  long fireTimers(long nowMillis) {
    if (returned.release(nowMillis)) {
      loop.busy(this);
    }
    if (nowMillis >= deadRetryAtMillis) {
      retryDead();
    }
    if (nowMillis >= sweepAtMillis) {
      sweepExpired(nowMillis);
    }
    return Math.min(returned.nextDueMillis(), Math.min(deadRetryAtMillis, sweepAtMillis));
  }

  private void sweepBy(long atMillis) {
    if (atMillis < sweepAtMillis) {
      sweepAtMillis = atMillis;
      loop.timer(this, sweepAtMillis);
    }
  }

  private void sweepExpired(long nowMillis) {
    sweepAtMillis = Long.MAX_VALUE;
    long next = Long.MAX_VALUE;
    for (EntryChunk chunk : List.copyOf(entries.chunks())) {
      if (chunk.expiryMin <= nowMillis) {
        sweepExpired(chunk, nowMillis);
      }
      next = Math.min(next, chunk.expiryMin);
    }
    if (next != Long.MAX_VALUE) {
      sweepBy(Math.max(next, nowMillis + SWEEP_MILLIS));
    }
  }

  private void sweepExpired(EntryChunk chunk, long nowMillis) {
    long min = Long.MAX_VALUE;
    for (int slot = 0; slot < chunk.size; slot++) {
      byte state = chunk.state[slot];
      if (state != EntryChunk.READY
          && state != EntryChunk.RETURNED
          && state != EntryChunk.UNSETTLED) {
        continue;
      }
      long expiresAt = expiresAtMillis(chunk.appendedAtMillis(slot), chunk.ttlMillis(slot));
      if (expiresAt > nowMillis || state == EntryChunk.UNSETTLED) {
        min = Math.min(min, expiresAt);
      } else {
        expire(chunk, slot);
      }
    }
    chunk.expiryMin = min;
  }

  // Management.

  void settingsChanged() {
    sweepAtMillis = Long.MAX_VALUE;
    long min = Long.MAX_VALUE;
    for (EntryChunk chunk : entries.chunks()) {
      chunk.expiryMin = settings.respectTtl() ? 0 : Long.MAX_VALUE; // The next sweep sets it right.
      min = Math.min(min, chunk.expiryMin);
    }
    if (min != Long.MAX_VALUE) {
      sweepBy(loop.nowMillis());
    }
    if (!returned.deadPending().isEmpty()) {
      retryDead();
    }
    loop.busy(this);
  }

  /** Removes what is not handed out; {@code done} hears how many when that is durable. */
  void purge(CompletableFuture<Long> done) {
    SettledBatch batch = new SettledBatch(this);
    long count = 0;
    for (EntryChunk chunk : List.copyOf(entries.chunks())) {
      for (int slot = 0; slot < chunk.size; slot++) {
        byte state = chunk.state[slot];
        if (state == EntryChunk.READY
            || state == EntryChunk.RETURNED
            || state == EntryChunk.DEAD_PENDING) {
          removeInto(batch, chunk, slot);
          count++;
        }
        if (batch.isFull()) {
          offerUntilTaken(batch);
          batch = new SettledBatch(this);
        }
      }
    }
    batch.whenDurable(done, count);
    offerUntilTaken(batch);
  }

  private void offerUntilTaken(JournalCommand command) {
    if (!loop.journal.offer(command)) {
      loop.put(() -> offerUntilTaken(command));
    }
  }

  /** The queue is gone for good. */
  void drop(CompletableFuture<Boolean> done) {
    closeConsumers(new MeshException.QueueDeleted(name));
    Map<Long, Long> held = new HashMap<>();
    for (EntryChunk chunk : entries.chunks()) {
      for (int slot = 0; slot < chunk.size; slot++) {
        if (chunk.state[slot] != EntryChunk.GONE) {
          letGo(chunk, slot);
          held.merge(Location.segment(chunk.location[slot]), 1L, Long::sum);
        }
      }
    }
    // What was settled before and not reported yet holds its segments as well.
    report();
    loop.remove(this);
    offerUntilTaken(new Release(held));
    done.complete(true);
  }

  QueueStats stats() {
    return new QueueStats(
        messages,
        bytes,
        unsettled,
        returned.delayedCount(),
        returned.deadPending().size(),
        consumers.size(),
        appendedTotal,
        deliveredTotal,
        acceptedTotal,
        returnedTotal,
        deadTotal,
        expiredTotal);
  }

  List<BrowsedMessage> browse(long fromSequence, int limit) {
    List<BrowsedMessage> result = new ArrayList<>();
    for (EntryChunk chunk : entries.chunks()) {
      if (chunk.sequence[chunk.size - 1] < fromSequence) {
        continue;
      }
      int from = Arrays.binarySearch(chunk.sequence, 0, chunk.size, fromSequence);
      for (int slot = from < 0 ? -from - 1 : from; slot < chunk.size; slot++) {
        if (result.size() == limit) {
          return result;
        }
        if (chunk.state[slot] != EntryChunk.GONE) {
          browse(chunk, slot, result);
        }
      }
    }
    return result;
  }

  private void browse(EntryChunk chunk, int slot, List<BrowsedMessage> result) {
    Message message = chunk.message(slot);
    if (message == null) {
      PayloadReader.StoredMessage read = loop.payloads.read(chunk.location[slot]);
      if (read == null) {
        return;
      }
      message = read.message();
    }
    long sequence = chunk.sequence[slot];
    ReturnedEntry counters = returned.find(sequence);
    result.add(
        new BrowsedMessage(
            sequence,
            stateOf(chunk.state[slot], counters),
            chunk.appendedAtMillis(slot),
            counters == null ? 0 : counters.failed,
            returned.acquired(sequence) + (chunk.state[slot] == EntryChunk.UNSETTLED ? 1 : 0),
            message));
  }

  private BrowsedMessage.State stateOf(byte state, @Nullable ReturnedEntry counters) {
    return switch (state) {
      case EntryChunk.UNSETTLED -> BrowsedMessage.State.UNSETTLED;
      case EntryChunk.MOVING, EntryChunk.DEAD_PENDING -> BrowsedMessage.State.DEAD_PENDING;
      case EntryChunk.RETURNED ->
          counters != null && counters.dueAtMillis > loop.nowMillis()
              ? BrowsedMessage.State.DELAYED
              : BrowsedMessage.State.READY;
      default -> BrowsedMessage.State.READY;
    };
  }

  // Recovery, before the loops start.

  /** Takes over what recovery found: counts for admission, and how far the queue was handed out. */
  void recovered(long handedOutUpTo) {
    admittedMessages = messages;
    admittedBytes = bytes;
    markedSequence = handedOutUpTo;
  }

  /** An entry left before the stop. */
  void recoverRemoved(EntryIndex.Entry entry) {
    messages--;
    bytes -= entry.chunk().messageBytes[entry.slot()];
    returned.remove(entry.sequence());
    entries.remove(entry.chunk(), entry.slot());
  }

  /** An entry that waits for its time, or is dead with nowhere to go. */
  void recoverReturned(EntryIndex.Entry entry, boolean dead) {
    ReturnedEntry counters = returned.counters(entry.sequence());
    if (dead) {
      keepRecoveredDead(entry, counters);
    } else {
      entry.chunk().state[entry.slot()] = EntryChunk.RETURNED;
      park(counters, loop.nowMillis());
    }
  }

  private void keepRecoveredDead(EntryIndex.Entry entry, ReturnedEntry counters) {
    entry.chunk().state[entry.slot()] = EntryChunk.DEAD_PENDING;
    returned.deadPending().add(counters.sequence);
    if (settings.deadMessageQueue() != null) {
      deadRetryAtMillis = loop.nowMillis();
      loop.timer(this, deadRetryAtMillis);
    }
  }
}
