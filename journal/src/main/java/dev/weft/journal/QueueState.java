// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.QueueStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One queue: its entries, and what is done with all of them at once. {@link HandOuts} has its
 * consumers, {@link Outcomes} what became of each message.
 *
 * <p>Owners: the fields of the journal loop decide on admission; {@code settings} is written by the
 * journal loop and read by all; the rest belongs to the queue's loop. Before the loops start,
 * recovery fills both through {@link QueueRecovery}.
 */
final class QueueState {
  private static final long SWEEP_MILLIS = 1_000;

  final int id;

  /** Fixed once recovery is over. */
  QueueName name;

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
  final HandOuts handOuts = new HandOuts(this);
  final Outcomes outcomes = new Outcomes(this);
  private long messages;
  private long bytes;
  private long quarantined;
  private long sweepAtMillis = Long.MAX_VALUE;
  private long appendedTotal;

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
    if (handOuts.hasConsumers()) {
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

  void park(ReturnedEntry entry, long nowMillis) {
    returned.park(entry, nowMillis);
    if (entry.dueAtMillis > nowMillis) {
      loop.timer(this, entry.dueAtMillis);
    }
  }

  /** Removes an entry, which the batch reports to the journal. */
  void removeInto(SettledBatch batch, EntryChunk chunk, int slot) {
    batch.add(chunk, slot);
    quarantined -= chunk.state[slot] == EntryChunk.QUARANTINED ? 1 : 0;
    letGo(chunk, slot);
    count(chunk.messageBytes[slot]);
    returned.remove(chunk.sequence[slot]);
    entries.remove(chunk, slot);
  }

  /** Puts an entry aside whose record is damaged. */
  void quarantine(EntryChunk chunk, int slot) {
    chunk.state[slot] = EntryChunk.QUARANTINED;
    quarantined++;
  }

  void count(int messageBytes) {
    messages--;
    bytes -= messageBytes;
    removedMessages.setRelease(removedMessages.getPlain() + 1);
    removedBytes.setRelease(removedBytes.getPlain() + messageBytes);
  }

  /** The message, which stays where it is; null if it can't be read. */
  @Nullable Message peek(EntryChunk chunk, int slot) {
    Message retained = chunk.message(slot);
    if (retained != null) {
      return retained;
    }
    PayloadReader.StoredMessage read = loop.payloads.read(chunk.location[slot]);
    return read == null ? null : read.message();
  }

  /** The message to be handed out; null if it can't be read. */
  @Nullable Message message(EntryChunk chunk, int slot) {
    Message message = peek(chunk, slot);
    letGo(chunk, slot); // What comes back is read from disk: it is rare, and memory is for the new.
    return message;
  }

  void letGo(EntryChunk chunk, int slot) {
    if (chunk.message(slot) != null) {
      loop.letGo(chunk.messageBytes[slot]);
      chunk.forgetMessage(slot);
    }
  }

  boolean isExpired(EntryChunk chunk, int slot, long nowMillis) {
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
    return life > Long.MAX_VALUE - appendedAtMillis ? Long.MAX_VALUE : appendedAtMillis + life;
  }

  // Time.

  /** Does what is due and says when to come again, {@link Long#MAX_VALUE} for never. */
  long fireTimers(long nowMillis) {
    if (returned.release(nowMillis)) {
      loop.busy(this);
    }
    if (nowMillis >= sweepAtMillis) {
      sweepExpired(nowMillis);
    }
    long deadRetryAtMillis = outcomes.fireTimers(nowMillis); // After the sweep, which adds to it.
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
      sweepBy(loop.isBlocked() ? nowMillis + 1 : Math.max(next, nowMillis + SWEEP_MILLIS));
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
      if (expiresAt > nowMillis || state == EntryChunk.UNSETTLED || loop.isBlocked()) {
        min = Math.min(min, expiresAt);
      } else {
        outcomes.expire(chunk, slot);
      }
    }
    chunk.expiryMin = min;
  }

  // Management.

  void settingsChanged() {
    expireByNewSettings();
    outcomes.settingsChanged();
    loop.busy(this);
  }

  private void expireByNewSettings() {
    sweepAtMillis = Long.MAX_VALUE;
    long min = Long.MAX_VALUE;
    for (EntryChunk chunk : entries.chunks()) {
      chunk.expiryMin = settings.respectTtl() ? 0 : Long.MAX_VALUE; // The next sweep sets it right.
      min = Math.min(min, chunk.expiryMin);
    }
    if (min != Long.MAX_VALUE) {
      sweepBy(loop.nowMillis());
    }
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
            || state == EntryChunk.DEAD_PENDING
            || state == EntryChunk.QUARANTINED) {
          removeInto(batch, chunk, slot);
          count++;
        }
        if (batch.isFull()) {
          loop.send(batch);
          batch = new SettledBatch(this);
        }
      }
    }
    batch.whenDurable(done, count);
    loop.send(batch);
  }

  /** The queue is gone for good. */
  void drop(CompletableFuture<Boolean> done) {
    handOuts.closeConsumers(new MeshException.QueueDeleted(name));
    SegmentCounts held = new SegmentCounts();
    for (EntryChunk chunk : entries.chunks()) {
      for (int slot = 0; slot < chunk.size; slot++) {
        if (chunk.state[slot] != EntryChunk.GONE) {
          letGo(chunk, slot);
          held.add(chunk.location[slot], chunk.messageBytes[slot]);
        }
      }
    }
    // What was settled before and not reported yet holds its segments as well.
    outcomes.report();
    loop.remove(this);
    loop.send(new Release(held));
    done.complete(true);
  }

  QueueStats stats() {
    return new QueueStats(
        messages,
        bytes,
        handOuts.unsettled(),
        returned.delayedCount(),
        returned.deadPending().size() + quarantined,
        handOuts.consumers(),
        appendedTotal,
        handOuts.deliveredTotal(),
        outcomes.acceptedTotal(),
        outcomes.returnedTotal(),
        outcomes.deadTotal(),
        outcomes.expiredTotal());
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
    Message message = peek(chunk, slot);
    if (message == null) {
      return;
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
    handOuts.recovered(handedOutUpTo);
  }

  /** An entry left before the stop. */
  void recoverRemoved(EntryIndex.Entry entry) {
    messages--;
    bytes -= entry.chunk().messageBytes[entry.slot()];
    returned.remove(entry.sequence());
    entries.remove(entry.chunk(), entry.slot());
  }

  /** An entry that came back, or was handed out when the engine stopped: that counts as failed. */
  void recoverReturned(EntryIndex.Entry entry) {
    ReturnedEntry counters = returned.find(entry.sequence());
    if (counters == null) {
      counters = returned.counters(entry.sequence());
      counters.acquired = 1;
      counters.failed = 1;
      counters.outAtStop = true;
    }
    int max = settings.maxRedeliveries();
    if (returned.deadPending().contains(entry.sequence())) {
      outcomes.recoverDead(entry);
    } else if (counters.outAtStop && max > 0 && counters.failed > max) {
      outcomes.recoverLastFailure(entry);
    } else {
      entry.chunk().state[entry.slot()] = EntryChunk.RETURNED;
      park(counters, loop.nowMillis());
    }
  }

  /** What the log says of the queue itself. */
  void recoverDefinition(QueueName declaredName, QueueSettings declaredSettings, long segment) {
    name = declaredName;
    settings = declaredSettings;
    declared = declaredSettings;
    definitionSegment = segment;
    expireByNewSettings();
  }
}
