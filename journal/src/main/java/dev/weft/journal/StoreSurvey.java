// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is whole of a damaged store: behind each place that is damaged it goes on at
 * the next record that is whole. {@link LogScanner} says whether there is damage; this says where
 * and how much. Changes nothing, holds one segment in memory. Belongs to one thread.
 */
final class StoreSurvey {
  /**
   * Records that were promised and are not there.
   *
   * @param file segment that should hold them
   * @param toOffset behind the last damaged byte
   * @param firstSequence 0 where it is not known how many records are missing
   */
  record Hole(
      String file,
      long fromOffset,
      long toOffset,
      long firstSequence,
      long lastSequence,
      String reason) {
    boolean holds(long sequence) {
      return sequence >= firstSequence && sequence <= lastSequence;
    }
  }

  /** Hears records and holes in the order of the log. */
  interface Visitor {
    /**
     * A record that is whole.
     *
     * @param type null for one that only newer releases know and this one may skip
     * @param buffer holds it from {@code start} on; valid during the call
     */
    void record(@Nullable RecordType type, ByteBuffer buffer, int start, long location);

    /**
     * @param index of the segment with the hole, when it is whole
     */
    void hole(Hole hole, SegmentIndex.@Nullable Saved index) throws IOException;
  }

  /** A segment file; no header when it is damaged or was never written. */
  private record Candidate(long number, String name, @Nullable SegmentHeader header) {}

  private final Disk disk;
  private final Visitor visitor;
  private final TreeMap<Long, Candidate> candidates = new TreeMap<>();
  private @Nullable Manifest manifest;
  private RecordFormat format;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private long expected;
  private long promised;
  private int epochMax;

  private StoreSurvey(Disk disk, Visitor visitor) {
    this.disk = disk;
    this.visitor = visitor;
    this.format = new RecordFormat(new UUID(0, 0));
  }

  /**
   * Reads the whole store; returns what identifies it.
   *
   * @throws StoreException.Corrupt if nothing says which store it is
   * @throws StoreException.Unreadable if a newer release wrote it
   */
  static Manifest read(Disk disk, Visitor visitor) throws IOException {
    return new StoreSurvey(disk, visitor).run();
  }

  private Manifest run() throws IOException {
    try {
      manifest = Manifest.read(disk);
    } catch (StoreException.Corrupt e) {
      visitor.hole(new Hole("manifest", 0, 0, 0, 0, String.valueOf(e.getMessage())), null);
    }
    findCandidates();
    Manifest identity = identity();
    format = new RecordFormat(identity.storeId());
    while (!candidates.isEmpty() && !holdsLog(candidates.lastEntry().getValue())) {
      candidates.pollLastEntry();
    }
    long next = identity.firstSegment();
    for (Candidate candidate : candidates.values()) {
      if (candidate.number() > next) {
        missing(next, candidate);
      }
      read(candidate);
      next = candidate.number() + 1;
    }
    return new Manifest(
        identity.storeId(),
        identity.generation(),
        Math.max(identity.epoch(), epochMax),
        identity.firstSegment());
  }

  private void findCandidates() throws IOException {
    Manifest known = manifest;
    for (String name : disk.list()) {
      Long number = SegmentHeader.numberOf(name);
      if (number != null && (known == null || number >= known.firstSegment())) {
        candidates.put(number, new Candidate(number, name, header(name, number)));
      }
    }
  }

  private @Nullable SegmentHeader header(String name, long number) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SegmentHeader.BYTES);
    try (Disk.File file = disk.openForReading(name)) {
      file.read(block, 0);
    }
    return switch (SegmentHeader.decode(block.flip())) {
      case SegmentHeader.Block.Newer newer ->
          throw new StoreException.Unreadable(
              name + " needs a reader of format " + newer.readerVersion(), null);
      case SegmentHeader.Block.InUse(SegmentHeader header) ->
          header.number() == number && isOurs(header) ? header : null;
      case SegmentHeader.Block.Empty _, SegmentHeader.Block.Damaged _ -> null;
    };
  }

  private boolean isOurs(SegmentHeader header) {
    Manifest known = manifest;
    return known == null || header.storeId().equals(known.storeId());
  }

  /** The manifest, or what the segments say where it is damaged. */
  private Manifest identity() {
    Manifest known = manifest;
    if (known != null) {
      long first =
          known.firstSegment() == Manifest.NOT_BEGUN
              ? candidates.isEmpty() ? 1 : candidates.firstKey()
              : known.firstSegment();
      return new Manifest(known.storeId(), known.generation(), known.epoch(), first);
    }
    for (Candidate candidate : candidates.values()) {
      SegmentHeader header = candidate.header();
      if (header != null) {
        return new Manifest(header.storeId(), 0, 0, candidate.number());
      }
    }
    throw new StoreException.Corrupt("Neither a manifest nor a segment says which store it is");
  }

  /** Whether the last file is a part of the log, and not one prepared for it. */
  private boolean holdsLog(Candidate last) throws IOException {
    if (last.header() != null) {
      return true;
    }
    load(last.name());
    Map.Entry<Long, Candidate> before = candidates.lowerEntry(last.number());
    SegmentHeader header = before == null ? null : before.getValue().header();
    expected = header == null ? 1 : header.firstSequence() + 1;
    boolean found = nextWhole(SegmentHeader.BYTES, Long.MAX_VALUE) >= 0;
    expected = 0;
    return found;
  }

  private void missing(long number, Candidate following) throws IOException {
    SegmentHeader header = following.header();
    long last = header == null ? 0 : header.firstSequence() - 1;
    boolean known = header != null && expected > 0 && last >= expected;
    visitor.hole(
        new Hole(
            SegmentHeader.fileName(number),
            0,
            0,
            known ? expected : 0,
            known ? last : 0,
            "The segment is missing"),
        null);
    if (known) {
      expected = last + 1;
    }
  }

  private void load(String name) throws IOException {
    try (Disk.File file = disk.openForReading(name)) {
      int size = (int) Math.min(file.size(), Integer.MAX_VALUE);
      if (buffer.capacity() < size) {
        buffer = RecordFormat.buffer(size);
      }
      buffer.clear().limit(size);
      file.read(buffer, 0);
      buffer.flip();
    }
  }

  private void read(Candidate candidate) throws IOException {
    load(candidate.name());
    SegmentHeader header = candidate.header();
    SegmentHeader next = following(candidate);
    long limit = next == null ? Long.MAX_VALUE : next.firstSequence() - 1;
    if (header == null) {
      visitor.hole(
          new Hole(candidate.name(), 0, SegmentHeader.BYTES, 0, 0, "The header is damaged"), null);
    } else {
      if (expected == 0 || header.firstSequence() < expected) {
        expected = header.firstSequence();
      } else if (header.firstSequence() > expected) {
        visitor.hole(
            hole(candidate, 0, 0, header.firstSequence() - 1, "Records before it are missing"),
            null);
        expected = header.firstSequence();
      }
      if (buffer.limit() != header.fileBytes()) {
        visitor.hole(
            new Hole(
                candidate.name(),
                buffer.limit(),
                header.fileBytes(),
                0,
                0,
                "The file was cut or grew: " + buffer.limit() + " bytes"),
            null);
      }
      promised = Math.max(promised, header.durableSequence());
    }
    readRecords(candidate, limit, next == null);
  }

  /** The header of the next segment that has one, which tells where this one ends. */
  private @Nullable SegmentHeader following(Candidate candidate) {
    return candidates.tailMap(candidate.number(), false).values().stream()
        .map(Candidate::header)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private void readRecords(Candidate candidate, long limit, boolean last) throws IOException {
    int at = SegmentHeader.BYTES;
    while (expected == 0 || expected <= limit) {
      int found = isNext(at) ? at : nextWhole(at, limit);
      if (found < 0) {
        break;
      }
      long sequence = RecordFormat.sequence(buffer, found);
      if (expected > 0 && sequence > expected) {
        if (last && !isPromised(found)) {
          return; // The torn end of the log.
        }
        tell(hole(candidate, at, found, sequence - 1, "Records are damaged"), candidate);
      }
      at = found + RecordFormat.padded(take(candidate, found));
      expected = sequence + 1;
    }
    boolean sealed = isSealed(candidate) && expected <= limit;
    if (sealed || (last && expected <= promised)) {
      long end = sealed ? limit : promised;
      tell(hole(candidate, at, buffer.limit(), end, "Records are damaged"), candidate);
      expected = end + 1;
    }
  }

  /** Whether the next segment tells where this one ends, and no file between may hold the rest. */
  private boolean isSealed(Candidate candidate) {
    Candidate next = candidates.get(candidate.number() + 1);
    return next != null && next.header() != null;
  }

  private static Hole hole(Candidate in, long from, long to, long first, long last, String reason) {
    return new Hole(in.name(), from, to, first, last, reason);
  }

  private Hole hole(Candidate in, long from, long to, long last, String reason) {
    return hole(in, from, to, expected, last, reason);
  }

  private void tell(Hole hole, Candidate candidate) throws IOException {
    SegmentHeader header = candidate.header();
    Map.Entry<Long, Candidate> next = candidates.higherEntry(candidate.number());
    SegmentHeader following = next == null ? null : next.getValue().header();
    String index = SegmentIndex.fileName(candidate.number());
    visitor.hole(
        hole,
        header != null && following != null && disk.list().contains(index)
            ? SegmentIndex.Saved.read(
                disk, header, following.firstSequence() - 1, following.previousCrc())
            : null);
  }

  private boolean isNext(int at) {
    return expected > 0
        && format.isValid(buffer, at)
        && RecordFormat.sequence(buffer, at) == expected
        && RecordFormat.epoch(buffer, at) >= epochMax
        && isUsable(at);
  }

  /** Offset of the next whole record from there on, -1 if there is none. */
  private int nextWhole(int from, long limit) {
    for (int at = from; at + RecordFormat.HEADER_BYTES <= buffer.limit(); at += 8) {
      long sequence = RecordFormat.sequence(buffer, at);
      if (sequence >= Math.max(1, expected)
          && sequence <= limit
          && RecordFormat.epoch(buffer, at) >= epochMax
          && format.isValid(buffer, at)
          && isUsable(at)) {
        return at;
      }
    }
    return -1;
  }

  private boolean isUsable(int at) {
    RecordType type = RecordType.of(RecordFormat.type(buffer, at));
    if (RecordFormat.version(buffer, at) != RecordFormat.VERSION
        || (type == null && !RecordFormat.skippable(buffer, at))) {
      throw new StoreException.Unreadable("A newer release wrote a record of the store", null);
    }
    int payload = RecordFormat.length(buffer, at) - RecordFormat.HEADER_BYTES;
    return type == null
        || Records.isWellFormed(type, buffer, at + RecordFormat.HEADER_BYTES, payload);
  }

  /** whether anything from there on says that the record which is missing was forced. */
  private boolean isPromised(int from) {
    if (expected <= promised) {
      return true;
    }
    for (int at = from; at + RecordFormat.HEADER_BYTES <= buffer.limit(); at += 8) {
      if (RecordFormat.sequence(buffer, at) > expected
          && RecordFormat.durable(buffer, at) >= expected
          && format.isValid(buffer, at)) {
        return true;
      }
    }
    return false;
  }

  private int take(Candidate candidate, int at) {
    epochMax = Math.max(epochMax, RecordFormat.epoch(buffer, at));
    promised = Math.max(promised, RecordFormat.durable(buffer, at));
    visitor.record(
        RecordType.of(RecordFormat.type(buffer, at)),
        buffer,
        at,
        Location.of(candidate.number(), at));
    return RecordFormat.length(buffer, at);
  }
}
