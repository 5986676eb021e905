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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds the queues' state from the records of the log, in their order, before any loop runs. */
final class QueueRecovery implements LogScanner.Visitor {
  /** Makes the state of a queue. */
  interface QueueFactory {
    QueueState create(int id, QueueName name, QueueSettings settings);
  }

  private final QueueFactory factory;
  private final Map<Integer, QueueState> queues = new HashMap<>();

  /**
   * Queues whose messages were read and whose definition was not yet: it was written again behind
   * them when its segment was given up.
   */
  private final Set<Integer> undefined = new HashSet<>();

  private int queueIdMax = -1;

  QueueRecovery(QueueFactory factory) {
    this.factory = factory;
  }

  Collection<QueueState> queues() {
    return queues.values();
  }

  int nextQueueId() {
    return queueIdMax + 1;
  }

  @Override
  public void record(RecordType type, ByteBuffer record, int start, long location) {
    int at = start + RecordFormat.HEADER_BYTES;
    int length = RecordFormat.length(record, start);
    long sequence = RecordFormat.sequence(record, start);
    switch (type) {
      case MESSAGE -> message(record, at, length, sequence, location);
      case SETTLED -> settled(record, at);
      case RETURNED -> returned(record, at);
      case MOVED -> moved(record, at, sequence);
      case DECLARED -> declared(record, at, length - RecordFormat.HEADER_BYTES, location);
      case DELETED -> deleted(record.getInt(at));
      case HANDED_OUT -> handedOut(record, at);
      case CLOSED -> {}
      case COPIED -> copied(record, at, length, location);
    }
  }

  private void message(ByteBuffer record, int at, int length, long sequence, long location) {
    int count = Records.queueCount(record, at);
    for (int i = 0; i < count; i++) {
      QueueState queue = holder(Records.queueId(record, at, i));
      queue.addEntry(
          new NewEntry(
              queue,
              sequence,
              location,
              Records.messageSize(record, at, length),
              Records.appendedAtMillis(record, at),
              Records.ttlMillis(record, at),
              null),
          null);
    }
  }

  /** A queue that holds a message, even if its definition comes later. */
  private QueueState holder(int id) {
    QueueState known = queues.get(id);
    if (known != null) {
      return known;
    }
    undefined.add(id);
    return make(id, new QueueName("queue-" + id), QueueSettings.DEFAULT);
  }

  private QueueState make(int id, QueueName name, QueueSettings settings) {
    QueueState made = factory.create(id, name, settings);
    queues.put(id, made);
    queueIdMax = Math.max(queueIdMax, id);
    return made;
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
      counters.outAtStop = false;
      if (record.getShort(item + 20) != 0) {
        queue.returned.deadPending().add(sequence);
      }
    }
  }

  private void handedOut(ByteBuffer record, int at) {
    QueueState queue = queues.get(record.getInt(at));
    long sequence = record.getLong(at + 4);
    if (queue == null || queue.entries.find(sequence) == null) {
      return;
    }
    ReturnedEntry counters = queue.returned.counters(sequence);
    // Out when the engine stopped, unless another return follows. Hand-outs that earlier lives
    // ended
    // with are counted by no record of their own.
    int handOuts = record.getInt(at + 12) + 1 - counters.acquired;
    if (handOuts > 0) {
      counters.acquired += handOuts;
      counters.failed += handOuts;
      counters.dueAtMillis = 0;
      counters.outAtStop = true;
    }
  }

  private void moved(ByteBuffer record, int at, long sequence) {
    QueueState from = queues.get(record.getInt(at));
    EntryIndex.Entry entry = from == null ? null : from.entries.find(record.getLong(at + 8));
    if (from == null || entry == null) {
      return; // The queue it came from was deleted; so was its dead message, then or before.
    }
    QueueState to = holder(record.getInt(at + 4));
    to.addEntry(
        new NewEntry(
            to,
            sequence,
            entry.chunk().location[entry.slot()],
            entry.chunk().messageBytes[entry.slot()],
            record.getLong(at + 16),
            Message.NO_TTL,
            null),
        null);
    from.recoverRemoved(entry);
  }

  /** The same entry at another place; all that is known of it when the first one is gone. */
  private void copied(ByteBuffer record, int at, int length, long location) {
    QueueState queue = holder(record.getInt(at));
    long sequence = record.getLong(at + 8);
    EntryIndex.Entry known = queue.entries.find(sequence);
    if (known != null) {
      known.chunk().location[known.slot()] = location;
      return;
    }
    int message = at + Records.COPIED_FIXED;
    int flags = record.getShort(at + 20);
    queue.addEntry(
        new NewEntry(
            queue,
            sequence,
            location,
            Records.messageSize(record, message, length - Records.COPIED_FIXED),
            Records.appendedAtMillis(record, message),
            (flags & 8) == 0 ? Records.ttlMillis(record, message) : Message.NO_TTL,
            null),
        null);
    if ((flags & 1) != 0) {
      int out = (flags & 4) != 0 ? 1 : 0;
      ReturnedEntry counters = queue.returned.counters(sequence);
      counters.failed = record.getInt(at + 4) + out;
      counters.acquired = record.getInt(at + 16) + out;
      counters.pauses = Short.toUnsignedInt(record.getShort(at + 22));
      counters.dueAtMillis = out == 0 ? record.getLong(at + 24) : 0;
      counters.outAtStop = out == 1;
    }
    if ((flags & 2) != 0) {
      queue.returned.deadPending().add(sequence);
    }
  }

  private void declared(ByteBuffer record, int at, int payloadBytes, long location) {
    int id = record.getInt(at);
    QueueSettings settings = Records.declaredSettings(record, at, payloadBytes);
    QueueName name = Records.declaredName(record, at);
    QueueState queue = queues.get(id);
    if (queue == null) {
      queue = make(id, name, settings);
    }
    undefined.remove(id);
    queue.recoverDefinition(name, settings, Location.segment(location));
  }

  private void deleted(int id) {
    QueueState queue = queues.remove(id);
    if (queue != null) {
      queue.loop.remove(queue); // What waited for its time must not come back.
    }
    undefined.remove(id);
    queueIdMax = Math.max(queueIdMax, id);
  }

  /**
   * @param following records behind those that were read, which may define a queue or end it
   * @throws StoreException.Corrupt if the log holds messages of a queue and no definition of it
   */
  void requireDefinitions(List<ByteBuffer> following) {
    Set<Integer> missing = new HashSet<>(undefined);
    for (ByteBuffer record : following) {
      RecordType type = RecordType.of(RecordFormat.type(record, 0));
      if (type == RecordType.DECLARED || type == RecordType.DELETED) {
        missing.remove(record.getInt(RecordFormat.HEADER_BYTES));
      }
    }
    if (!missing.isEmpty()) {
      throw new StoreException.Corrupt(
          "The log holds messages of queues it does not define: numbers " + missing);
    }
  }

  /**
   * Settles what the log leaves open: entries that were handed out and not settled come back,
   * counted as failed.
   *
   * @param marks how far each queue was handed out
   */
  void finish(HandOutMarks marks, Map<Long, Segment> segments) throws IOException {
    for (QueueState queue : queues.values()) {
      long handedOut = marks.read(queue.id);
      List<EntryIndex.Entry> back = new ArrayList<>();
      for (EntryChunk chunk : queue.entries.chunks()) {
        for (int slot = 0; slot < chunk.size; slot++) {
          if (chunk.state[slot] == EntryChunk.GONE) {
            continue;
          }
          hold(segments, Location.segment(chunk.location[slot]), chunk.messageBytes[slot]);
          long sequence = chunk.sequence[slot];
          if (sequence <= handedOut || queue.returned.find(sequence) != null) {
            back.add(new EntryIndex.Entry(chunk, slot));
          }
        }
      }
      back.forEach(queue::recoverReturned);
      queue.recovered(handedOut);
      if (handedOut > 0) {
        marks.write(queue.id, handedOut); // What was read may be in the page cache only.
      }
    }
    marks.force();
  }

  private static void hold(Map<Long, Segment> segments, long number, int messageBytes) {
    Segment segment = segments.get(number);
    if (segment == null) {
      throw new StoreException.Corrupt("A message stands in segment " + number + ", which is gone");
    }
    segment.liveEntries++;
    segment.liveBytes += Records.storedBytes(messageBytes);
  }
}
