// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts records and what waits in the queues, by the rules of {@link QueueRecovery} and without an
 * engine. Takes 25 bytes for each message that waits. Belongs to one thread.
 */
final class QueueCensus implements LogScanner.Visitor {
  private static final class Content {
    final int id;
    final EntryIndex entries = new EntryIndex();
    @Nullable String name;
    @Nullable String trouble;
    long messages;
    long bytes;

    Content(int id) {
      this.id = id;
    }

    String shownName() {
      return name == null ? "queue number " + id : name;
    }

    void add(long sequence, long location, int messageBytes) {
      entries.add(sequence, location, messageBytes, 0, Message.NO_TTL, null, Long.MAX_VALUE);
      messages++;
      bytes += messageBytes;
    }

    void remove(EntryIndex.Entry entry) {
      messages--;
      bytes -= entry.chunk().messageBytes[entry.slot()];
      entries.remove(entry.chunk(), entry.slot());
    }
  }

  private final Map<RecordType, Long> counts = new EnumMap<>(RecordType.class);
  private final Map<Integer, Content> queues = new HashMap<>();

  /** Names of queues that were deleted, for what is said about records of theirs. */
  private final Map<Integer, String> names = new HashMap<>();

  @Override
  public void record(RecordType type, ByteBuffer record, int start, long location) {
    counts.merge(type, 1L, Long::sum);
    int at = start + RecordFormat.HEADER_BYTES;
    int length = RecordFormat.length(record, start);
    long sequence = RecordFormat.sequence(record, start);
    switch (type) {
      case MESSAGE -> {
        for (int i = 0; i < Records.queueCount(record, at); i++) {
          queue(Records.queueId(record, at, i))
              .add(sequence, location, Records.messageSize(record, at, length));
        }
      }
      case SETTLED -> settled(record, at);
      case MOVED -> moved(record, at, sequence);
      case DECLARED -> declared(record, at, length - RecordFormat.HEADER_BYTES);
      case DELETED -> queues.remove(record.getInt(at));
      case COPIED -> copied(record, at, length, location);
      case RETURNED, HANDED_OUT, CLOSED -> {}
    }
  }

  private Content queue(int id) {
    return queues.computeIfAbsent(id, Content::new);
  }

  private void settled(ByteBuffer record, int at) {
    Content queue = queues.get(record.getInt(at));
    if (queue == null) {
      return;
    }
    for (int i = 0; i < record.getInt(at + 4); i++) {
      int item = at + Records.LIST_HEADER + i * Records.SETTLED_ITEM;
      queue.entries.range(record.getLong(item), record.getLong(item + 8)).forEach(queue::remove);
    }
  }

  private void moved(ByteBuffer record, int at, long sequence) {
    Content from = queues.get(record.getInt(at));
    EntryIndex.Entry entry = from == null ? null : from.entries.find(record.getLong(at + 8));
    if (from != null && entry != null) {
      queue(record.getInt(at + 4))
          .add(
              sequence,
              entry.chunk().location[entry.slot()],
              entry.chunk().messageBytes[entry.slot()]);
      from.remove(entry);
    }
  }

  private void copied(ByteBuffer record, int at, int length, long location) {
    Content queue = queue(record.getInt(at));
    long sequence = record.getLong(at + 8);
    EntryIndex.Entry known = queue.entries.find(sequence);
    if (known == null) {
      int message = at + Records.COPIED_FIXED;
      queue.add(
          sequence, location, Records.messageSize(record, message, length - Records.COPIED_FIXED));
    } else {
      known.chunk().location[known.slot()] = location;
    }
  }

  private void declared(ByteBuffer record, int at, int payloadBytes) {
    Content queue = queue(record.getInt(at));
    queue.trouble = null;
    try {
      queue.name = Records.declaredName(record, at).value();
      names.put(queue.id, queue.shownName());
      Records.declaredSettings(record, at, payloadBytes);
    } catch (MeshException | IllegalArgumentException | StringIndexOutOfBoundsException e) {
      queue.trouble =
          "The definition of " + queue.shownName() + " cannot be read: " + e.getMessage();
    }
  }

  Map<String, Long> recordsByType() {
    Map<String, Long> byName = new TreeMap<>();
    counts.forEach((type, count) -> byName.put(type.name(), count));
    return byName;
  }

  /** By name. */
  List<StoreReport.QueueContent> queues() {
    return queues.values().stream()
        .map(queue -> new StoreReport.QueueContent(queue.shownName(), queue.messages, queue.bytes))
        .sorted(Comparator.comparing(StoreReport.QueueContent::name))
        .toList();
  }

  /** The name of a queue, even of one that is gone. */
  String name(int id) {
    return names.getOrDefault(id, "queue number " + id);
  }

  /** Numbers of queues that hold messages and have no definition. */
  List<Integer> undefined() {
    return queues.values().stream()
        .filter(queue -> queue.name == null)
        .map(queue -> queue.id)
        .sorted()
        .toList();
  }

  /**
   * What no single record shows, in words.
   *
   * @param firstSegment older ones are gone
   */
  List<String> contradictions(long firstSegment) {
    List<String> found = new ArrayList<>();
    if (!undefined().isEmpty()) {
      found.add("The log holds messages of queues it does not define: numbers " + undefined());
    }
    for (Content queue : queues.values()) {
      if (queue.trouble != null) {
        found.add(queue.trouble);
      }
      boolean lost =
          queue.entries.chunks().stream().anyMatch(chunk -> reaches(chunk, firstSegment));
      if (lost) {
        found.add("A message of " + queue.shownName() + " stands in a segment that is gone");
      }
    }
    return found;
  }

  private static boolean reaches(EntryChunk chunk, long firstSegment) {
    for (int slot = 0; slot < chunk.size; slot++) {
      if (chunk.state[slot] != EntryChunk.GONE
          && Location.segment(chunk.location[slot]) < firstSegment) {
        return true;
      }
    }
    return false;
  }
}
