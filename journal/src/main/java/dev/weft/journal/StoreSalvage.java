// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Copies what is whole of a damaged store into a new one and tells what is lost. Changes
 * nothing in the damaged one.
 *
 * <p>Records keep their sequences, for others name them; in the place of a lost one stands a record
 * that every reader skips. Of a sealed segment the index brings back every record but messages. A
 * settlement that is lost brings its message back; a definition that is lost leaves a queue of the
 * name {@code salvaged/queue-<number>}.
 *
 * <p>Belongs to one thread.
 */
public final class StoreSalvage {
  /** No kind of record; readers skip it. */
  private static final byte LOST = 127;

  /** Of the files that are written; a record of a larger one makes a file of its own size. */
  private static final int SEGMENT_BYTES = 64 * 1024 * 1024;

  /**
   * What came of it.
   *
   * @param records that were copied
   * @param restored records that the indexes brought back
   * @param lost records that are gone, where their number is known
   * @param lostMessages those of them that held a message, where an index tells
   * @param named queues that had lost their definition, by their new names
   * @param damages as {@link StoreReport#damages}
   */
  public record Result(
      long records,
      long restored,
      long lost,
      long lostMessages,
      List<String> named,
      List<StoreReport.Damage> damages) {
    public Result {
      named = List.copyOf(named);
      damages = List.copyOf(damages);
    }
  }

  private StoreSalvage() {}

  /**
   * @param from a store that no engine has open
   * @param into existing and empty
   * @throws StoreException.InUse if an engine has it open
   * @throws StoreException.Corrupt if not even its identity is left
   * @throws StoreException.Unreadable if it can't be read or a newer release wrote it
   * @throws IOException if the copy can't be written
   */
  public static Result salvage(Path from, Path into, InstantSource clock, RandomGenerator random)
      throws IOException {
    try (Disk source = FileDisk.lock(from);
        Disk target = FileDisk.forReading(into)) {
      return salvage(source, target, clock, random);
    }
  }

  static Result salvage(Disk from, Disk into, InstantSource clock, RandomGenerator random)
      throws IOException {
    if (!into.list().isEmpty()) {
      throw new IOException("The directory of the copy is not empty");
    }
    UUID storeId = new UUID(random.nextLong(), random.nextLong());
    Saving saving = new Saving(new SalvageWriter(into, storeId, SEGMENT_BYTES, clock));
    Manifest old = StoreSurvey.read(from, saving);
    saving.end();
    if (from.list().contains(HandOutMarks.FILE)) {
      HandOutMarks.copy(from, into, Long.MAX_VALUE);
    }
    saving.writer.finish(old.epoch());
    return saving.result();
  }

  /** Hears what is whole and what is not, and writes. */
  private static final class Saving implements StoreSurvey.Visitor {
    final SalvageWriter writer;
    private final QueueCensus census = new QueueCensus();
    private final List<StoreReport.Damage> damages = new ArrayList<>();
    private final List<String> named = new ArrayList<>();
    private long records;
    private long restored;
    private long lost;
    private long lostMessages;

    /** The reader of records has no room for this; thrown at the end of the visit. */
    private @Nullable IOException failure;

    Saving(SalvageWriter writer) {
      this.writer = writer;
    }

    @Override
    public void record(@Nullable RecordType type, ByteBuffer buffer, int start, long location) {
      if (failure != null) {
        return;
      }
      try {
        fillUpTo(RecordFormat.sequence(buffer, start));
        writer.copy(buffer, start);
        records++;
        if (type != null) {
          census.record(type, buffer, start, location);
        }
      } catch (IOException e) {
        failure = e;
      }
    }

    @Override
    public void hole(StoreSurvey.Hole hole, SegmentIndex.@Nullable Saved index) throws IOException {
      requireNoFailure();
      if (writer.nextSequence() == 0 && hole.firstSequence() > 0) {
        writer.beginAt(hole.firstSequence());
      }
      Set<Integer> queues = new TreeSet<>();
      if (index != null && hole.firstSequence() > 0) {
        index.replay((type, record, start, at) -> restore(hole, type, record, start, at, queues));
        requireNoFailure();
      }
      if (hole.lastSequence() > 0 && writer.nextSequence() > 0) {
        fillUpTo(hole.lastSequence() + 1);
      }
      damages.add(
          new StoreReport.Damage(
              hole.file(),
              hole.fromOffset(),
              hole.toOffset(),
              hole.firstSequence(),
              hole.lastSequence(),
              queues.stream().map(census::name).sorted().toList(),
              index != null,
              hole.reason()));
    }

    private void restore(
        StoreSurvey.Hole hole,
        RecordType type,
        ByteBuffer record,
        int start,
        long location,
        Set<Integer> queues) {
      long sequence = RecordFormat.sequence(record, start);
      if (!hole.holds(sequence) || failure != null) {
        return;
      }
      int at = start + RecordFormat.HEADER_BYTES;
      queues.addAll(RecordLinks.queues(type, record, at));
      if (type == RecordType.MESSAGE || type == RecordType.COPIED) {
        lostMessages++;
        return;
      }
      try {
        fillUpTo(sequence);
        writer.restore(type, record, start);
        restored++;
        census.record(type, record, start, location);
      } catch (IOException e) {
        failure = e;
      }
    }

    private void fillUpTo(long sequence) throws IOException {
      if (writer.nextSequence() == 0) {
        writer.beginAt(sequence);
      }
      while (writer.nextSequence() < sequence) {
        writer.skip(LOST);
        lost++;
      }
    }

    private void requireNoFailure() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }

    /** Gives queues without a definition a name, so that a start takes their messages. */
    void end() throws IOException {
      requireNoFailure();
      if (writer.nextSequence() == 0) {
        writer.beginAt(1);
      }
      for (int id : census.undefined()) {
        QueueName name = new QueueName("salvaged/queue-" + id);
        writer.write(RecordType.DECLARED, Records.declared(id, name, QueueSettings.DEFAULT));
        named.add(name.value());
      }
    }

    Result result() {
      return new Result(records, restored, lost, lostMessages, named, damages);
    }
  }
}
