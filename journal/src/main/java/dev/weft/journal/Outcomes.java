// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Delivery;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the messages of one queue that were handed out or ran out of time (hop 9): they
 * leave, come back after a pause, or die; and what of it the journal still has to hear. Belongs to
 * the queue's loop.
 */
final class Outcomes {
  private static final long DEAD_RETRY_MILLIS = 5_000;

  private final QueueState queue;

  /** Entries that die as soon as the loops run. */
  private final List<Long> lastFailures = new ArrayList<>();

  private long deadRetryAtMillis = Long.MAX_VALUE;
  private @Nullable SettledBatch settledBatch;
  private @Nullable ReturnedBatch returnedBatch;
  private long acceptedTotal;
  private long returnedTotal;
  private long deadTotal;
  private long expiredTotal;

  Outcomes(QueueState queue) {
    this.queue = queue;
  }

  long acceptedTotal() {
    return acceptedTotal;
  }

  long returnedTotal() {
    return returnedTotal;
  }

  long deadTotal() {
    return deadTotal;
  }

  long expiredTotal() {
    return expiredTotal;
  }

  void settle(JournalConsumer consumer, Delivery delivery, Settlement settlement) {
    EntryIndex.Entry entry = queue.entries.find(delivery.sequence());
    if (consumer.closed
        || entry == null
        || entry.state() != EntryChunk.UNSETTLED
        || queue.returned.acquired(delivery.sequence()) != delivery.acquiredCount()) {
      return;
    }
    queue.handOuts.settled(consumer);
    switch (settlement) {
      case Settlement.Accepted() -> {
        acceptedTotal++;
        remove(entry.chunk(), entry.slot());
      }
      case Settlement.Rejected(var _) -> {
        if (queue.settings.onReject() == QueueSettings.OnReject.DEAD) {
          countFailure(entry);
          die(entry);
        } else {
          comeBack(entry, true, false);
        }
      }
      case Settlement.Released(boolean unread) ->
          comeBack(entry, !unread && queue.settings.countReleased(), unread);
      case Settlement.Modified(boolean failed, boolean elsewhere) -> {
        if (elsewhere) {
          countFailure(entry);
          die(entry);
        } else {
          comeBack(entry, failed || queue.settings.countReleased(), false);
        }
      }
    }
    queue.loop.busy(queue);
  }

  private ReturnedEntry countFailure(EntryIndex.Entry entry) {
    ReturnedEntry counters = queue.returned.counters(entry.sequence());
    counters.acquired++;
    counters.failed++;
    return counters;
  }

  /**
   * @param failed counts as an attempt: everything but a release of what nobody looked at, and
   *     releases where the queue does not count them (wire reference 4.10, R-403)
   * @param atOnce without a pause
   */
  void comeBack(EntryIndex.Entry entry, boolean failed, boolean atOnce) {
    ReturnedEntry counters = queue.returned.counters(entry.sequence());
    counters.acquired++;
    counters.failed += failed ? 1 : 0;
    returnedTotal++;
    int max = queue.settings.maxRedeliveries();
    if (failed && max > 0 && counters.failed > max) {
      die(entry);
      return;
    }
    long now = queue.loop.nowMillis();
    counters.pauses += failed || !atOnce ? 1 : 0;
    counters.dueAtMillis = atOnce ? now : now + pauseMillis(counters.pauses);
    entry.chunk().state[entry.slot()] = EntryChunk.RETURNED;
    queue.park(counters, now);
    reportReturned(counters, false);
  }

  /** */
  private long pauseMillis(int returns) {
    return switch (queue.settings.redelivery()) {
      case Redelivery.Immediate() -> 0;
      case Redelivery.Paced paced -> {
        double delay =
            Math.min(
                (double) paced.maxDelay().toMillis(),
                paced.firstDelay().toMillis() * Math.pow(paced.factor(), returns - 1.0));
        yield Math.max(1, Math.round(delay * (0.8 + 0.4 * queue.loop.random.nextDouble())));
      }
    };
  }

  // Death and expiry.

  private void die(EntryIndex.Entry entry) {
    deadTotal++;
    leave(entry.chunk(), entry.slot(), queue.settings.onDead() == QueueSettings.OnDead.DISCARD);
  }

  void expire(EntryChunk chunk, int slot) {
    expiredTotal++;
    leave(chunk, slot, true);
  }

  /** To the dead message queue when one is named, otherwise out or to the side. */
  private void leave(EntryChunk chunk, int slot, boolean discard) {
    QueueName dead = queue.settings.deadMessageQueue();
    if (dead == null) {
      if (discard) {
        remove(chunk, slot);
      } else {
        keepDead(chunk, slot);
      }
      return;
    }
    queue.letGo(chunk, slot);
    long sequence = chunk.sequence[slot];
    queue.returned.unpark(queue.returned.counters(sequence));
    chunk.state[slot] = EntryChunk.MOVING;
    if (!queue.loop.offer(
        new DeadMove(queue, dead, sequence, chunk.location[slot], chunk.messageBytes[slot]))) {
      keepDead(chunk, slot);
    }
  }

  /** The dead message queue has it. */
  void moved(long sequence) {
    EntryIndex.Entry entry = queue.entries.find(sequence);
    if (entry != null) {
      queue.count(entry.chunk().messageBytes[entry.slot()]);
      queue.returned.remove(sequence);
      queue.entries.remove(entry.chunk(), entry.slot());
    }
  }

  /** The dead message queue is missing or full: the message stays, marked. */
  void moveRefused(long sequence) {
    EntryIndex.Entry entry = queue.entries.find(sequence);
    if (entry != null) {
      keepDead(entry.chunk(), entry.slot());
    }
  }

  private void keepDead(EntryChunk chunk, int slot) {
    queue.letGo(chunk, slot);
    ReturnedEntry counters = queue.returned.counters(chunk.sequence[slot]);
    boolean isNew = queue.returned.deadPending().add(counters.sequence);
    chunk.state[slot] = EntryChunk.DEAD_PENDING;
    if (isNew) {
      reportReturned(counters, true);
    }
    if (queue.settings.deadMessageQueue() != null) {
      deadRetryAtMillis = queue.loop.nowMillis() + DEAD_RETRY_MILLIS;
      queue.loop.timer(queue, deadRetryAtMillis);
    }
  }

  /** Tries again to move what is dead. */
  private void retryDead() {
    deadRetryAtMillis = Long.MAX_VALUE;
    for (long sequence : lastFailures) {
      EntryIndex.Entry entry = queue.entries.find(sequence);
      if (entry != null) {
        die(entry);
      }
    }
    lastFailures.clear();
    if (queue.settings.deadMessageQueue() == null) {
      return; // What was kept stays kept, whatever becomes of those that die from now on.
    }
    for (long sequence : List.copyOf(queue.returned.deadPending())) {
      EntryIndex.Entry entry = queue.entries.find(sequence);
      if (entry != null && entry.state() == EntryChunk.DEAD_PENDING) {
        leave(entry.chunk(), entry.slot(), false);
      }
    }
  }

  private void remove(EntryChunk chunk, int slot) {
    SettledBatch batch = settledBatch;
    if (batch == null) {
      batch = new SettledBatch(queue);
      settledBatch = batch;
      queue.loop.reporting(queue);
    }
    queue.removeInto(batch, chunk, slot);
    if (batch.isFull()) {
      report();
    }
  }

  private void reportReturned(ReturnedEntry entry, boolean dead) {
    ReturnedBatch batch = returnedBatch;
    if (batch == null) {
      batch = new ReturnedBatch(queue);
      returnedBatch = batch;
      queue.loop.reporting(queue);
    }
    batch.add(entry, dead);
    if (batch.isFull()) {
      report();
    }
  }

  /** Hands returns to the journal. */
  void reportReturns() {
    if (returnedBatch != null) {
      queue.loop.send(returnedBatch);
      returnedBatch = null;
    }
  }

  /** Hands outcomes to the journal. */
  void report() {
    reportReturns(); // Before settlements of the same turn: a settlement ends what a return said.
    if (settledBatch != null) {
      queue.loop.send(settledBatch);
      settledBatch = null;
    }
  }

  // Time.

  /** Does what is due and says when to come again, {@link Long#MAX_VALUE} for never. */
  long fireTimers(long nowMillis) {
    if (nowMillis >= deadRetryAtMillis) {
      retryDead();
    }
    return deadRetryAtMillis;
  }

  void settingsChanged() {
    if (!queue.returned.deadPending().isEmpty()) {
      retryDead();
    }
  }

  /** An entry that was dead with nowhere to go when the engine stopped. */
  void recoverDead(EntryIndex.Entry entry) {
    entry.chunk().state[entry.slot()] = EntryChunk.DEAD_PENDING;
    if (queue.settings.deadMessageQueue() != null) {
      retryDeadAtOnce();
    }
  }

  /** An entry whose last allowed attempt ended with the engine: it dies when the loops run. */
  void recoverLastFailure(EntryIndex.Entry entry) {
    entry.chunk().state[entry.slot()] = EntryChunk.MOVING;
    lastFailures.add(entry.sequence());
    retryDeadAtOnce();
  }

  private void retryDeadAtOnce() {
    deadRetryAtMillis = queue.loop.nowMillis();
    queue.loop.timer(queue, deadRetryAtMillis);
  }
}
