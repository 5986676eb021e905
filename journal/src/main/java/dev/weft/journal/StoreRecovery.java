// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a store: reads it whole before the first change, then begins a new life of it (R-204, R-211
 * to R-215). Belongs to the thread that opens the engine.
 */
final class StoreRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(StoreRecovery.class);

  private final Disk disk;
  private final JournalSettings settings;
  private final InstantSource clock;
  private final SegmentFiles files;
  private final HandOutMarks marks;
  private final QueueRecovery queues;

  StoreRecovery(
      Disk disk,
      JournalSettings settings,
      InstantSource clock,
      SegmentFiles files,
      HandOutMarks marks,
      QueueRecovery queues) {
    this.disk = disk;
    this.settings = settings;
    this.clock = clock;
    this.files = files;
    this.marks = marks;
    this.queues = queues;
  }

  /** What the directory is; a new identity for an empty one. */
  static Manifest identify(Disk disk, RandomGenerator random) throws IOException {
    Manifest found = Manifest.read(disk);
    if (found != null) {
      return found;
    }
    for (String name : disk.list()) {
      if (SegmentHeader.numberOf(name) != null) {
        throw new StoreException.Corrupt("There are segments but no manifest");
      }
    }
    return Manifest.create(new UUID(random.nextLong(), random.nextLong()));
  }

  RecoveredStore recover(Manifest found) throws IOException {
    LogScanner.Result log = new LogScanner(disk, found, queues, true).scan();
    queues.requireDefinitions(log.unproven());
    marks.open();
    Manifest manifest = found.withEpoch(Math.max(found.epoch(), log.epochMax()) + 1);
    manifest.write(disk);

    List<Segment> segments = new ArrayList<>(log.segments());
    boolean created = segments.isEmpty();
    long firstNumber = created ? 1 : segments.getFirst().number;
    long lastNumber = created ? 0 : segments.getLast().number;
    SegmentPool pool = new SegmentPool(disk, settings.segmentBytes(), lastNumber + 1);
    recycleLeftovers(pool, firstNumber, lastNumber);

    log.missingIndexes().forEach(this::save);
    SegmentIndex index = log.lastIndex();
    Segment active;
    if (log.clean() && index != null) {
      active = reopen(segments);
    } else {
      if (index != null) {
        save(index, log.provenCrc());
      }
      index = new SegmentIndex(manifest.storeId(), lastNumber + 1, log.provenSequence() + 1);
      active = begin(segments, log, manifest, pool, index);
    }
    if (manifest.firstSegment() == Manifest.NOT_BEGUN) {
      manifest = manifest.withFirstSegment(firstNumber);
      manifest.write(disk);
    }
    segments.forEach(files::add);
    Map<Long, Segment> byNumber = new HashMap<>();
    segments.forEach(segment -> byNumber.put(segment.number, segment));
    queues.finish(marks, byNumber);

    long lastSequence = log.provenSequence() + log.unproven().size();
    LogWriter writer =
        new LogWriter(
            pool, manifest.storeId(), manifest.epoch(), settings, active, index, lastSequence);
    RecoveryReport report =
        new RecoveryReport(
            created,
            created || log.clean(),
            log.records(),
            segments.stream().mapToLong(segment -> segment.liveEntries).sum(),
            log.clean() ? 0 : log.unproven().size(),
            log.tornBytes(),
            log.tornBytes() == 0 ? "" : log.tornAt());
    if (!report.clean()) {
      LOG.atWarn()
          .addKeyValue("messages", report.messages())
          .addKeyValue("rewritten", report.rewritten())
          .addKeyValue("tornBytes", report.tornBytes())
          .addKeyValue("tornAt", report.tornAt())
          .log("store recovered after an unclean stop");
    }
    return new RecoveredStore(
        disk, manifest, pool, writer, segments, queues.queues(), queues.nextQueueId(), report);
  }

  private void save(SegmentIndex index, int chainCrc) {
    try {
      index.save(disk, chainCrc);
    } catch (IOException e) {
      LOG.atInfo().addKeyValue("reason", e.toString()).log("no index of a segment");
    }
  }

  /** Files that are no part of the log: prepared ahead, given up, or half made. */
  private void recycleLeftovers(SegmentPool pool, long first, long last) throws IOException {
    List<String> names = disk.list();
    for (String name : names) {
      Long number = SegmentHeader.numberOf(name);
      if (number != null && (number < first || number > last)) {
        String dead = name + ".dead";
        disk.rename(name, dead);
        if (!names.contains(dead)) { // Otherwise its turn comes.
          pool.recycle(dead);
        }
      } else if (isIndexOfNone(name, first, last)) {
        disk.delete(name);
      } else if (name.endsWith(".log.dead")) {
        pool.recycle(name);
      } else if (name.endsWith(".new")) {
        disk.delete(name);
      }
    }
  }

  private static boolean isIndexOfNone(String name, long first, long last) {
    Long number = SegmentIndex.numberOf(name);
    return number != null && (number < first || number > last);
  }

  /**
   * After a stop in order the log goes on where it ended. Only the word of that stop is not proven
   * to be on disk.
   */
  private Segment reopen(List<Segment> segments) throws IOException {
    Segment last = segments.removeLast();
    last.file.close();
    int closed = RecordFormat.padded(RecordFormat.HEADER_BYTES);
    writeAgain(last, last.end - closed, closed);
    Disk.File file = disk.open(SegmentHeader.fileName(last.number));
    Segment active =
        new Segment(last.number, last.firstSequence, file, last.bytes, last.createdAtMillis);
    active.end = last.end;
    active.chain.continueFrom(last.chain);
    segments.add(active);
    return active;
  }

  /**
   * Makes durable what was read: it may be in the page cache only, and count as written there since
   * a force before failed.
   */
  private void writeAgain(Segment segment, int at, int bytes) throws IOException {
    try (Disk.File file = disk.open(SegmentHeader.fileName(segment.number))) {
      ByteBuffer same = ByteBuffer.allocate(bytes);
      file.read(same, at);
      file.write(same.flip(), at);
      file.force();
    }
  }

  /**
   * After any other stop a new segment begins with the records that are not proven to be forced:
   * what was read may be in the page cache only. Its header comes last, so that a crash
   * before leaves the old segment in charge.
   */
  private Segment begin(
      List<Segment> segments,
      LogScanner.Result log,
      Manifest manifest,
      SegmentPool pool,
      SegmentIndex index)
      throws IOException {
    SegmentPool.Prepared prepared = pool.prepareNow();
    long first = log.provenSequence() + 1;
    long nowMillis = clock.millis();
    int bytes = (int) prepared.file().size();
    Segment active = new Segment(prepared.number(), first, prepared.file(), bytes, nowMillis);
    RecordFormat format = new RecordFormat(manifest.storeId());
    for (ByteBuffer record : log.unproven()) {
      rewrite(record, format, manifest.epoch(), active, index);
    }
    active.file.force();
    if (!segments.isEmpty()) {
      // Its header must not get lost behind a segment that goes on from it.
      writeAgain(segments.getLast(), 0, SegmentHeader.BYTES);
    }
    SegmentHeader header =
        new SegmentHeader(
            manifest.storeId(),
            active.number,
            first,
            first - 1,
            log.provenCrc(),
            bytes,
            nowMillis,
            log.provenSequence() + log.unproven().size());
    active.file.write(header.encode(), 0);
    active.file.force();
    segments.add(active);
    return active;
  }

  private void rewrite(
      ByteBuffer record, RecordFormat format, int epoch, Segment active, SegmentIndex index)
      throws IOException {
    format.restamp(record, epoch);
    active.chain.add(RecordFormat.crc(record, 0));
    active.file.write(record.duplicate(), active.end);
    index.add(record, 0, active.end);
    RecordType type = RecordType.of(RecordFormat.type(record, 0));
    if (type != null) {
      queues.record(type, record, 0, Location.of(active.number, active.end));
    }
    active.end += record.limit();
  }
}
