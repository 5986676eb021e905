// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Bounds the memory for indexes that were made again. */
  private static final int MISSING_INDEXES_MAX = 8;

  private final Disk disk;
  private final Manifest manifest;
  private final RecordFormat format;
  private final Visitor visitor;
  private final boolean useIndexes;
  private final LogFiles files;

  /** Records of the last segment that are not known to be forced so far. */
  private final Deque<Pending> pending = new ArrayDeque<>();

  private ByteBuffer window = RecordReader.newWindow();
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

  /**
   * @param useIndexes whether segments may be read by their indexes alone
   */
  LogScanner(Disk disk, Manifest manifest, Visitor visitor, boolean useIndexes) {
    this.disk = disk;
    this.manifest = manifest;
    this.format = new RecordFormat(manifest.storeId());
    this.files = new LogFiles(disk, manifest);
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
      return scan(files.find());
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private Result scan(List<LogFiles.InUse> inUse) throws IOException {
    List<Segment> segments = new ArrayList<>();
    String tornAt = "";
    long tornBytes = 0;
    expected = inUse.isEmpty() ? 1 : inUse.getFirst().header().firstSequence();
    durable = expected - 1;
    int previousCrc = 0;
    for (int i = 0; i < inUse.size(); i++) {
      SegmentHeader header = inUse.get(i).header();
      Segment segment = segment(inUse.get(i), i > 0, previousCrc);
      segments.add(segment);
      if (i < inUse.size() - 1) {
        previousCrc = readSealed(segment, header, inUse.get(i + 1).header());
      } else {
        index = new SegmentIndex(manifest.storeId(), segment.number, segment.firstSequence);
        durable = header.durableSequence();
        readSegment(segment, Long.MAX_VALUE);
        if (expected <= durable) {
          throw corrupt(segment, segment.end);
        }
        tornBytes = tornBytes(segment);
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
        useIndexes && files.hasIndex(segment.number)
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
  private Segment segment(LogFiles.InUse inUse, boolean follows, int previousCrc)
      throws IOException {
    SegmentHeader header = inUse.header();
    String name = SegmentHeader.fileName(header.number());
    if (inUse.file().size() != header.fileBytes()) {
      throw new StoreException.Corrupt(
          name
              + " has "
              + inUse.file().size()
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
        header.number(),
        header.firstSequence(),
        inUse.file(),
        header.fileBytes(),
        header.createdAtMillis());
  }

  private void readSegment(Segment segment, long sequenceMax) throws IOException {
    RecordReader reader = new RecordReader(format, segment.file, window);
    int at = SegmentHeader.BYTES;
    while (expected <= sequenceMax) {
      int start = reader.seek(at);
      if (!reader.isValid(start) || !isNext(reader.window(), start)) {
        break;
      }
      int length = RecordFormat.length(reader.window(), start);
      take(segment, reader.window(), start, at, length);
      at += RecordFormat.padded(length);
      segment.end = at;
    }
    window = reader.window();
  }

  /** False for what an earlier life of the file left behind. */
  private boolean isNext(ByteBuffer buffer, int start) {
    return RecordFormat.sequence(buffer, start) == expected
        && RecordFormat.epoch(buffer, start) >= epochMax;
  }

  private void take(Segment segment, ByteBuffer buffer, int start, int at, int length) {
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

  /** Bytes of newer records behind the end of the log, none of which was promised. */
  private long tornBytes(Segment last) throws IOException {
    RecordReader reader = new RecordReader(format, last.file, window);
    return switch (reader.behind(last.end, expected, epochMax)) {
      case RecordReader.Behind.Nothing _ -> 0;
      case RecordReader.Behind.Unforced(long end) -> end - last.end;
      case RecordReader.Behind.Evidence _ -> throw corrupt(last, last.end);
    };
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
