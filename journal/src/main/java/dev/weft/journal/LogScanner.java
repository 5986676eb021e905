// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a store's log from its first segment on, hands out its records and decides where the log
 * ends. Changes nothing.
 *
 * <p>The decision of R-211: a place where the next record should stand and does not is the torn end
 * of the log, unless any valid record behind it, in this or a later segment, says that the missing
 * sequence was forced. Then promised data is damaged and the scan ends with {@link
 * StoreException.Corrupt}.
 *
 * <p>Belongs to one thread.
 */
final class LogScanner {
  /** Hears the records in their order. */
  interface Visitor {
    /**
     * A record that is known to be forced.
     *
     * @param buffer holds the record from {@code start} on, perhaps without the bytes of a message;
     *     valid during the call
     */
    void record(RecordType type, ByteBuffer buffer, int start, long location);
  }

  /**
   * @param segments that are in use, in order
   * @param provenSequence last record that is known to be forced
   * @param unproven valid records behind it, whole: read perhaps from the page cache only
   * @param provenCrc chain checksum of the last segment up to the last proven record
   * @param tornBytes bytes from the torn place to the last valid record of the same unforced batch,
   *     0 for a log that ends with its last record
   * @param tornAt file and offset of the torn place, for the log
   * @param clean whether the engine that opened the store last stopped in order
   * @param epochMax highest epoch seen
   * @param lastIndex of the last segment as far as it is proven; null if there is no segment
   * @param missingIndexes of segments before that had none, with their chain checksums; not all
   *     when there are many
   */
  record Result(
      List<Segment> segments,
      long provenSequence,
      List<ByteBuffer> unproven,
      int provenCrc,
      long tornBytes,
      String tornAt,
      boolean clean,
      int epochMax,
      long records,
      @Nullable SegmentIndex lastIndex,
      Map<SegmentIndex, Integer> missingIndexes) {}

  private static final int READ_BYTES = 1024 * 1024;

  /** Bounds the memory for indexes that were made again. */
  private static final int MISSING_INDEXES_MAX = 8;

  private final Disk disk;
  private final Manifest manifest;
  private final RecordFormat format;
  private final Visitor visitor;
  private final boolean useIndexes;

  private final Set<String> indexFiles = new HashSet<>();
  private final List<Disk.File> opened = new ArrayList<>();

  /** Records of the last segment that are not known to be forced so far. */
  private final Deque<Pending> pending = new ArrayDeque<>();

  private ByteBuffer buffer = RecordFormat.buffer(READ_BYTES);
  private long expected;
  private long durable;
  private int epochMax;
  private long records;
  private @Nullable RecordType lastType;
  private int lastEpoch;
  private final Map<SegmentIndex, Integer> missingIndexes = new HashMap<>();
  private @Nullable SegmentIndex index;

  /**
   * A valid record that is not known to be forced so far.
   *
   * @param type null for one that only newer releases know and this one may skip
   * @param head everything but the bytes of a message
   * @param chainBefore the segment's chain checksum before this record
   */
  private record Pending(
      @Nullable RecordType type, ByteBuffer head, Segment segment, int at, int chainBefore) {
    long sequence() {
      return RecordFormat.sequence(head, 0);
    }
  }

  /** A segment file with its header as read. */
  private record Candidate(long number, Disk.File file, SegmentHeader.Block block) {}

  /**
   * @param useIndexes whether segments may be read by their indexes alone
   */
  LogScanner(Disk disk, Manifest manifest, Visitor visitor, boolean useIndexes) {
    this.disk = disk;
    this.manifest = manifest;
    this.format = new RecordFormat(manifest.storeId());
    this.visitor = visitor;
    this.useIndexes = useIndexes;
  }

  /**
   * Leaves the files of the segments open when it returns.
   *
   * @throws StoreException.Corrupt if promised data is damaged or missing
   * @throws StoreException.Unreadable if a newer release wrote it
   */
  Result scan() throws IOException {
    try {
      return scan(candidates());
    } catch (IOException | RuntimeException e) {
      for (Disk.File file : opened) {
        file.close();
      }
      throw e;
    }
  }

  private Result scan(List<Candidate> candidates) throws IOException {
    List<Segment> segments = new ArrayList<>();
    String tornAt = "";
    long tornBytes = 0;
    expected = candidates.isEmpty() ? 1 : header(candidates.getFirst()).firstSequence();
    durable = expected - 1;
    int previousCrc = 0;
    for (int i = 0; i < candidates.size(); i++) {
      Segment segment = segment(candidates.get(i), i > 0, previousCrc);
      segments.add(segment);
      if (i < candidates.size() - 1) {
        previousCrc = readSealed(segment, header(candidates.get(i)), header(candidates.get(i + 1)));
      } else {
        index = new SegmentIndex(manifest.storeId(), segment.number, segment.firstSequence);
        durable = header(candidates.get(i)).durableSequence();
        readSegment(segment, Long.MAX_VALUE);
        if (expected <= durable) {
          throw corrupt(segment, segment.end);
        }
        long evidenceEnd = requireNoEvidenceBehind(segment);
        tornBytes = evidenceEnd == 0 ? 0 : evidenceEnd - segment.end;
        tornAt = place(segment, segment.end);
      }
    }
    boolean clean =
        lastType == RecordType.CLOSED && lastEpoch == manifest.epoch() && tornBytes == 0;
    if (clean) {
      prove(expected - 1); // Forced again before the log goes on.
    }
    int provenCrc = segments.isEmpty() ? 0 : segments.getLast().chain.value();
    if (!pending.isEmpty()) {
      provenCrc = pending.element().chainBefore();
    }
    List<ByteBuffer> unproven = new ArrayList<>();
    for (Pending item : pending) {
      unproven.add(readWhole(item));
    }
    return new Result(
        segments,
        durable,
        unproven,
        provenCrc,
        tornBytes,
        tornAt,
        clean,
        epochMax,
        records,
        index,
        missingIndexes);
  }

  /**
   * Reads a segment with another one behind it, by its index if it can; returns its chain checksum.
   */
  private int readSealed(Segment segment, SegmentHeader header, SegmentHeader next)
      throws IOException {
    // The next one was begun only after everything in this one was forced.
    durable = next.firstSequence() - 1;
    SegmentIndex.Saved saved =
        indexFiles.contains(SegmentIndex.fileName(segment.number))
            ? SegmentIndex.Saved.read(disk, header, durable, next.previousCrc())
            : null;
    if (saved != null) {
      saved.replay(visitor);
      records += saved.records();
      epochMax = Math.max(epochMax, saved.epochMax());
      expected = durable + 1;
      return next.previousCrc();
    }
    SegmentIndex made =
        missingIndexes.size() < MISSING_INDEXES_MAX
            ? new SegmentIndex(manifest.storeId(), segment.number, segment.firstSequence)
            : null;
    index = made;
    readSegment(segment, durable);
    if (expected <= durable) {
      throw corrupt(segment, segment.end);
    }
    if (made != null) {
      missingIndexes.put(made, segment.chain.value());
    }
    return segment.chain.value();
  }

  private static ByteBuffer readWhole(Pending item) throws IOException {
    int length = RecordFormat.length(item.head(), 0);
    ByteBuffer whole = RecordFormat.buffer(RecordFormat.padded(length));
    whole.limit(length);
    item.segment().file.read(whole, item.at());
    return whole.clear();
  }

  /** The segment in a file, which must go on where the ones before end. */
  private Segment segment(Candidate candidate, boolean follows, int previousCrc)
      throws IOException {
    SegmentHeader header = header(candidate);
    String name = SegmentHeader.fileName(candidate.number());
    if (candidate.file().size() != header.fileBytes()) {
      throw new StoreException.Corrupt(
          name
              + " has "
              + candidate.file().size()
              + " bytes where "
              + header.fileBytes()
              + " were written");
    }
    if (header.firstSequence() != expected) {
      throw new StoreException.Corrupt(
          "Segment "
              + name
              + " begins with record "
              + header.firstSequence()
              + " where record "
              + expected
              + " should be: records are missing");
    }
    if (follows && header.previousCrc() != previousCrc) {
      throw new StoreException.Corrupt(
          "Segment " + name + " does not continue the segment before it");
    }
    return new Segment(
        candidate.number(),
        header.firstSequence(),
        candidate.file(),
        header.fileBytes(),
        header.createdAtMillis());
  }

  private static SegmentHeader header(Candidate candidate) {
    return ((SegmentHeader.Block.InUse) candidate.block()).header();
  }

  /** Segments in use in the order of their numbers, without a gap. */
  private List<Candidate> candidates() throws IOException {
    TreeMap<Long, Candidate> found = new TreeMap<>();
    for (String name : disk.list()) {
      if (useIndexes && SegmentIndex.numberOf(name) != null) {
        indexFiles.add(name);
      }
      Long number = SegmentHeader.numberOf(name);
      if (number != null && number >= manifest.firstSegment()) {
        found.put(number, read(number, name));
      }
    }
    while (!found.isEmpty() && !isInUse(found.lastEntry().getValue(), found)) {
      found.pollLastEntry().getValue().file().close();
    }
    boolean begun = manifest.firstSegment() != Manifest.NOT_BEGUN;
    long next = begun ? manifest.firstSegment() : 1;
    if (begun && found.isEmpty()) {
      throw new StoreException.Corrupt("Segment " + SegmentHeader.fileName(next) + " is missing");
    }
    for (Candidate candidate : found.values()) {
      if (candidate.number() != next) {
        throw new StoreException.Corrupt("Segment " + SegmentHeader.fileName(next) + " is missing");
      }
      if (!(candidate.block() instanceof SegmentHeader.Block.InUse)) {
        throw new StoreException.Corrupt(
            "The header of " + SegmentHeader.fileName(next) + " is damaged");
      }
      next++;
    }
    return List.copyOf(found.values());
  }

  private Candidate read(long number, String name) throws IOException {
    Disk.File file = disk.openForReading(name);
    opened.add(file);
    if (file.size() < SegmentHeader.BYTES) {
      throw new StoreException.Corrupt(name + " was cut to " + file.size() + " bytes");
    }
    ByteBuffer block = ByteBuffer.allocate(SegmentHeader.BYTES);
    file.read(block, 0);
    SegmentHeader.Block decoded = SegmentHeader.decode(block.flip());
    if (decoded instanceof SegmentHeader.Block.Newer newer) {
      throw new StoreException.Unreadable(
          name + " needs a reader of format " + newer.readerVersion(), null);
    }
    if (decoded instanceof SegmentHeader.Block.InUse(SegmentHeader header)
        && !(header.storeId().equals(manifest.storeId()) && header.number() == number)) {
      throw new StoreException.Corrupt(name + " belongs to another store or place");
    }
    return new Candidate(number, file, decoded);
  }

  /**
   * Whether the last file is part of the log. One without a header was prepared only; one with a
   * damaged header is the torn start of a segment, unless it holds a record that proves more.
   */
  private boolean isInUse(Candidate last, NavigableMap<Long, Candidate> all) throws IOException {
    long first = firstSequenceBehind(all.headMap(last.number(), false));
    switch (last.block()) {
      case SegmentHeader.Block.InUse _ -> {
        return true;
      }
      case SegmentHeader.Block.Empty _, SegmentHeader.Block.Newer _ -> {
        if (!beginsWithRecord(last.file(), first)) {
          return false; // Prepared only; saves reading a whole segment of zeros at every start.
        }
      }
      case SegmentHeader.Block.Damaged _ -> {}
    }
    if (evidence(last.file(), SegmentHeader.BYTES, first) >= 0) {
      throw new StoreException.Corrupt(
          "The header of " + SegmentHeader.fileName(last.number()) + " is damaged");
    }
    return false;
  }

  private boolean beginsWithRecord(Disk.File file, long sequenceMin) throws IOException {
    fill(file, SegmentHeader.BYTES, file.size());
    return format.isValid(buffer, 0) && RecordFormat.sequence(buffer, 0) >= sequenceMin;
  }

  /**
   * A lower bound of the sequences that segments behind hold. What recycled files hold from an
   * earlier life lies below.
   */
  private static long firstSequenceBehind(NavigableMap<Long, Candidate> before) {
    for (Candidate candidate : before.descendingMap().values()) {
      if (candidate.block() instanceof SegmentHeader.Block.InUse(SegmentHeader header)) {
        return header.firstSequence();
      }
    }
    return 1;
  }

  private void readSegment(Segment segment, long sequenceMax) throws IOException {
    int at = SegmentHeader.BYTES;
    buffer.clear().limit(0);
    int bufferAt = at;
    while (expected <= sequenceMax) {
      if (!holdsRecord(at - bufferAt, segment.bytes - at)) {
        bufferAt = at;
        fill(segment.file, at, segment.bytes);
      }
      int start = at - bufferAt;
      if (!isNext(start)) {
        break;
      }
      int length = RecordFormat.length(buffer, start);
      take(segment, start, at, length);
      at += RecordFormat.padded(length);
      segment.end = at;
    }
  }

  /**
   * Whether the buffer holds the whole record that begins there, as far as its length can be
   * trusted.
   */
  private boolean holdsRecord(int start, int bytesLeft) {
    if (start < 0 || buffer.limit() - start < RecordFormat.HEADER_BYTES) {
      return false;
    }
    int length = RecordFormat.length(buffer, start);
    return length < RecordFormat.HEADER_BYTES
        || length > bytesLeft
        || length <= buffer.limit() - start;
  }

  private void fill(Disk.File file, int at, long size) throws IOException {
    buffer.clear().limit(Math.clamp(size - at, 0, buffer.capacity()));
    file.read(buffer, at);
    buffer.flip();
    if (buffer.limit() >= RecordFormat.HEADER_BYTES) {
      int length = RecordFormat.length(buffer, 0);
      if (length > buffer.limit() && length <= size - at) {
        buffer = RecordFormat.buffer(RecordFormat.padded(length));
        buffer.limit(length);
        file.read(buffer, at);
        buffer.flip();
      }
    }
  }

  private boolean isNext(int start) {
    if (!format.isValid(buffer, start)) {
      return false;
    }
    if (RecordFormat.sequence(buffer, start) != expected
        || RecordFormat.epoch(buffer, start) < epochMax) {
      return false; // What an earlier life of the file left behind.
    }
    return true;
  }

  private void take(Segment segment, int start, int at, int length) {
    int version = RecordFormat.version(buffer, start);
    RecordType type = RecordType.of(RecordFormat.type(buffer, start));
    if (version != RecordFormat.VERSION
        || (type == null && !RecordFormat.skippable(buffer, start))) {
      throw new StoreException.Unreadable(
          "A newer release wrote the record in "
              + place(segment, at)
              + "; this one does not read it",
          null);
    }
    int payload = start + RecordFormat.HEADER_BYTES;
    if (type != null
        && !Records.isWellFormed(type, buffer, payload, length - RecordFormat.HEADER_BYTES)) {
      throw new StoreException.Corrupt(
          "The record in " + place(segment, at) + " contradicts itself");
    }
    int chainBefore = segment.chain.value();
    segment.chain.add(RecordFormat.crc(buffer, start));
    lastType = type;
    lastEpoch = RecordFormat.epoch(buffer, start);
    epochMax = Math.max(epochMax, lastEpoch);
    prove(RecordFormat.durable(buffer, start));
    if (expected <= durable) {
      visit(type, buffer, start, segment, at);
    } else {
      int payloadBytes = length - RecordFormat.HEADER_BYTES;
      int headBytes =
          RecordFormat.HEADER_BYTES
              + (type == null
                  ? payloadBytes
                  : Records.bytesBeforeMessage(type, buffer, payload, payloadBytes));
      ByteBuffer head = ByteBuffer.allocate(headBytes).order(buffer.order());
      head.put(0, buffer, start, headBytes);
      pending.add(new Pending(type, head, segment, at, chainBefore));
    }
    expected++;
    records++;
  }

  private void visit(
      @Nullable RecordType type, ByteBuffer from, int start, Segment segment, int at) {
    if (index != null) {
      index.add(from, start, at);
    }
    if (type != null) {
      visitor.record(type, from, start, Location.of(segment.number, at));
    }
  }

  private static String place(Segment segment, int at) {
    return SegmentHeader.fileName(segment.number) + " at " + at;
  }

  /** Hands on what is known to be forced now. */
  private void prove(long sequence) {
    durable = Math.max(durable, sequence);
    while (!pending.isEmpty() && pending.element().sequence() <= durable) {
      Pending item = pending.remove();
      visit(item.type(), item.head(), 0, item.segment(), item.at());
    }
  }

  /**
   * @return end of the last valid record behind the end of the log in the same file, 0 if there is
   *     none
   */
  private long requireNoEvidenceBehind(Segment segment) throws IOException {
    long found = evidence(segment.file, segment.end, expected);
    if (found >= 0) {
      throw corrupt(segment, segment.end);
    }
    return found == -1 ? 0 : -found;
  }

  /**
   * Looks behind a place where record {@code missing} should stand.
   *
   * @return the offset of a valid record that says {@code missing} was forced; -1 if there is no
   *     newer record; the negative end of the last newer record otherwise
   */
  private long evidence(Disk.File file, long from, long missing) throws IOException {
    long size = file.size();
    long lastEnd = 0;
    long at = from;
    while (at + RecordFormat.HEADER_BYTES <= size) {
      fill(file, (int) at, size);
      int usable = buffer.limit() - RecordFormat.HEADER_BYTES;
      int start = 0;
      while (start <= usable) {
        int length = RecordFormat.length(buffer, start);
        boolean plausible =
            length >= RecordFormat.HEADER_BYTES
                && length <= size - at - start
                && RecordFormat.sequence(buffer, start) > missing
                && RecordFormat.epoch(buffer, start) >= epochMax;
        if (plausible && length > buffer.limit() - start && start > 0) {
          break; // Read again from here, to have it whole.
        }
        if (plausible && format.isValid(buffer, start)) {
          if (RecordFormat.durable(buffer, start) >= missing) {
            return at + start;
          }
          start += RecordFormat.padded(length);
          lastEnd = at + start;
        } else {
          start += 8;
        }
      }
      at += Math.max(start, 8);
    }
    return lastEnd == 0 ? -1 : -lastEnd;
  }

  private StoreException.Corrupt corrupt(Segment segment, int at) {
    return new StoreException.Corrupt(
        "The store is damaged: "
            + place(segment, at)
            + " should hold record "
            + expected
            + ", which was promised");
  }
}
