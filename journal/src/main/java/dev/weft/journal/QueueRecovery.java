// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the queues' state from the records of the log, in their order, before any loop runs. */
final class QueueRecovery implements LogScanner.Visitor {
  /** Makes the state of a queue. */
  interface QueueFactory {
    QueueState create(int id, QueueName name, QueueSettings settings);
  }

  private static final QueueName UNNAMED = new QueueName("unnamed");

  private record Outcome(int acquired, boolean dead) {}

  private final QueueFactory factory;
  private final Map<Integer, QueueState> queues = new HashMap<>();

  /** Last return of an entry, or the hand-out that followed it; by queue and entry. */
  private final Map<Integer, Map<Long, Outcome>> returns = new HashMap<>();

  /**
   * Names by id as far as the log told them. A definition may stand behind messages of its queue:
   * it is written again when the segment of the first one is given up.
   */
  private final Map<Integer, QueueName> names = new HashMap<>();

  private int queueIdMax = -1;

  QueueRecovery(QueueFactory factory) {
    this.factory = factory;
  }

  Collection<QueueState> queues() {
    return queues.values();
  }

  /** The queue's state; its definition may follow. */
  private QueueState undefinedYet(int id) {
    QueueState queue = queues.get(id);
    if (queue == null) {
      queue = factory.create(id, UNNAMED, QueueSettings.DEFAULT);
      queues.put(id, queue);
      queueIdMax = Math.max(queueIdMax, id);
    }
    return queue;
  }

  int nextQueueId() {
    return queueIdMax + 1;
  }

  @Override
  public void record(RecordType type, ByteBuffer record, long location) {
    int at = RecordFormat.HEADER_BYTES;
    int payloadBytes = RecordFormat.length(record, 0) - RecordFormat.HEADER_BYTES;
    switch (type) {
      case MESSAGE -> message(record, at, location);
      case SETTLED -> settled(record, at);
      case RETURNED -> returned(record, at);
      case MOVED -> moved(record, at);
      case DECLARED -> declared(record, at, payloadBytes, location);
      case DELETED -> deleted(record.getInt(at));
      case HANDED_OUT -> handedOut(record, at);
      case CLOSED -> {}
    }
  }

  private void message(ByteBuffer record, int at, long location) {
    int count = Records.queueCount(record, at);
    for (int i = 0; i < count; i++) {
      QueueState queue = undefinedYet(Records.queueId(record, at, i));
      queue.addEntry(
          new NewEntry(
              queue,
              RecordFormat.sequence(record, 0),
              location,
              Records.messageSize(record, at, RecordFormat.length(record, 0)),
              Records.appendedAtMillis(record, at),
              Records.ttlMillis(record, at),
              null),
          null);
    }
  }

  private void settled(ByteBuffer record, int at) {
    QueueState queue = queues.get(record.getInt(at));
    if (queue == null) {
      return;
    }
    int count = record.getInt(at + 4);
    for (int i = 0; i < count; i++) {
      int item = at + Records.LIST_HEADER + i * Records.SETTLED_ITEM;
      for (EntryIndex.Entry entry :
          queue.entries.range(record.getLong(item), record.getLong(item + 8))) {
        queue.recoverRemoved(entry);
      }
    }
  }

  private void returned(ByteBuffer record, int at) {
    QueueState queue = queues.get(record.getInt(at));
    if (queue == null) {
      return;
    }
    int count = record.getInt(at + 4);
    for (int i = 0; i < count; i++) {
      int item = at + Records.LIST_HEADER + i * Records.RETURNED_ITEM;
      long sequence = record.getLong(item);
      if (queue.entries.find(sequence) == null) {
        continue;
      }
      ReturnedEntry counters = queue.returned.counters(sequence);
      counters.failed = record.getInt(item + 8);
      counters.acquired = record.getInt(item + 12);
      counters.pauses = Short.toUnsignedInt(record.getShort(item + 22));
      counters.dueAtMillis = record.getLong(item + 24);
      returnsOf(queue.id)
          .put(sequence, new Outcome(counters.acquired, record.getShort(item + 20) != 0));
    }
  }

  private void handedOut(ByteBuffer record, int at) {
    QueueState queue = queues.get(record.getInt(at));
    long sequence = record.getLong(at + 4);
    if (queue == null || queue.entries.find(sequence) == null) {
      return;
    }
    ReturnedEntry counters = queue.returned.counters(sequence);
    if (counters.acquired == record.getInt(at + 12)) {
      // Out when the engine stopped, unless another return follows.
      counters.acquired++;
      counters.failed++;
      counters.dueAtMillis = 0;
      returnsOf(queue.id).put(sequence, new Outcome(counters.acquired, false));
    }
  }

  private Map<Long, Outcome> returnsOf(int queueId) {
    return returns.computeIfAbsent(queueId, _ -> new HashMap<>());
  }

  private void moved(ByteBuffer record, int at) {
    QueueState from = queues.get(record.getInt(at));
    QueueState to = undefinedYet(record.getInt(at + 4));
    EntryIndex.Entry entry = from == null ? null : from.entries.find(record.getLong(at + 8));
    if (from == null || entry == null) {
      return; // The queue it came from was deleted; so was its dead message, then or before.
    }
    to.addEntry(
        new NewEntry(
            to,
            RecordFormat.sequence(record, 0),
            entry.chunk().location[entry.slot()],
            entry.chunk().messageBytes[entry.slot()],
            record.getLong(at + 16),
            Message.NO_TTL,
            null),
        null);
    from.recoverRemoved(entry);
  }

  private void declared(ByteBuffer record, int at, int payloadBytes, long location) {
    int id = record.getInt(at);
    QueueSettings settings = Records.declaredSettings(record, at, payloadBytes);
    QueueState queue = undefinedYet(id);
    queue.name = Records.declaredName(record, at);
    names.put(id, queue.name);
    queue.settings = settings;
    queue.declared = settings;
    queue.definitionSegment = Location.segment(location);
  }

  private void deleted(int id) {
    queues.remove(id);
    names.remove(id);
    returns.remove(id);
  }

  /**
   * Settles what the log leaves open: entries that were handed out and not settled come back,
   * counted as failed.
   *
   * @param marks how far each queue was handed out
   */
  void finish(HandOutMarks marks, Map<Long, Segment> segments) throws IOException {
    // Without a definition in the whole log it was deleted, and its messages with it.
    queues.keySet().retainAll(names.keySet());
    for (QueueState queue : queues.values()) {
      queue.settingsChanged(); // They may have come after the messages.
      long handedOut = marks.read(queue.id);
      Map<Long, Outcome> outcomes = returns.getOrDefault(queue.id, Map.of());
      List<EntryIndex.Entry> back = new ArrayList<>();
      for (EntryChunk chunk : queue.entries.chunks()) {
        for (int slot = 0; slot < chunk.size; slot++) {
          if (chunk.state[slot] == EntryChunk.GONE) {
            continue;
          }
          hold(segments, Location.segment(chunk.location[slot]));
          long sequence = chunk.sequence[slot];
          if (sequence <= handedOut || (!outcomes.isEmpty() && outcomes.containsKey(sequence))) {
            back.add(new EntryIndex.Entry(chunk, slot));
          }
        }
      }
      for (EntryIndex.Entry entry : back) {
        comeBack(queue, entry, outcomes.get(entry.sequence()));
      }
      queue.recovered(handedOut);
    }
  }

  private static void comeBack(
      QueueState queue, EntryIndex.Entry entry, @Nullable Outcome outcome) {
    if (outcome == null) {
      ReturnedEntry counters = queue.returned.counters(entry.sequence());
      counters.acquired = 1;
      counters.failed = 1;
    }
    queue.recoverReturned(entry, outcome != null && outcome.dead());
  }

  private static void hold(Map<Long, Segment> segments, long number) {
    Segment segment = segments.get(number);
    if (segment == null) {
      throw new StoreException.Corrupt("A message stands in segment " + number + ", which is gone");
    }
    segment.liveEntries++;
  }
}
