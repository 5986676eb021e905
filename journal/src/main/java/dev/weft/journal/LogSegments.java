// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of the log: what lives in them, which one may go, and when what lives in the oldest
 * is better copied. Belongs to the journal loop.
 */
final class LogSegments {
  private static final Logger LOG = LoggerFactory.getLogger(LogSegments.class);
  private static final int COPY_SEGMENTS_MIN = 4;
  private static final int COPY_USED_PER_LIVE = 4;

  private final Disk disk;
  private final SegmentPool pool;
  private final SegmentFiles files;
  private final Retention retention;

  /** Oldest first, the last one active. */
  private final Deque<Segment> segments;

  private Manifest manifest;
  private long usedBytes;
  private long liveBytes;

  /** Backups that read the segments: none may be given up. */
  private int pins;

  /** Queue loops that copy what they have in the oldest segment. */
  private int copiers;

  /** Segment copied last, and the newest one then: what could not be copied waits for another. */
  private long copied;

  private long newestWhenCopied;

  LogSegments(RecoveredStore store, SegmentFiles files, Retention retention) {
    this.disk = store.disk();
    this.pool = store.pool();
    this.files = files;
    this.retention = retention;
    this.manifest = store.manifest();
    this.segments = new ArrayDeque<>(store.segments());
    for (Segment segment : segments) {
      usedBytes += segment.bytes;
      liveBytes += segment.liveBytes;
    }
  }

  /**
   * The log goes over to another segment.
   *
   * @param before index of the segment before, which is complete
   * @param chainCrc of the segment before
   */
  void add(Segment segment, SegmentIndex before, int chainCrc) {
    segments.add(segment);
    files.add(segment);
    usedBytes += segment.bytes;
    try {
      before.save(disk, chainCrc);
    } catch (IOException e) {
      // Recovery reads the segment then; a full disk must not end the log.
      LOG.atInfo().addKeyValue("reason", e.toString()).log("no index of a segment");
    }
  }

  /** Entries whose message stands in a segment keep it. */
  void hold(Segment segment, int entries, int messageBytes) {
    long bytes = (long) entries * Records.storedBytes(messageBytes);
    segment.liveEntries += entries;
    segment.liveBytes += bytes;
    liveBytes += bytes;
  }

  /** Entries left a segment. */
  void release(long segmentNumber, long entries, long bytes) {
    for (Segment segment : segments) {
      if (segment.number == segmentNumber) {
        segment.liveEntries -= entries;
        segment.liveBytes -= bytes;
        liveBytes -= bytes;
        return;
      }
    }
  }

  /**
   * The oldest segment if nothing lives in it and nobody wants it for replay, or null. Only the
   * oldest: a younger one may hold the word that something in an older one is settled.
   */
  @Nullable Segment disposable(long nowMillis) {
    return segments.size() > 1
            && segments.element().liveEntries == 0
            && pins == 0
            && !isRetained(nowMillis)
        ? segments.element()
        : null;
  }

  private boolean isRetained(long nowMillis) {
    Iterator<Segment> fromOldest = segments.iterator();
    fromOldest.next();
    return usedBytes <= retention.bytes()
        && nowMillis - fromOldest.next().createdAtMillis < retention.time().toMillis()
        && !pool.isFull();
  }

  /** Gives up the oldest segment. */
  void removeOldest() throws IOException {
    Segment oldest = segments.remove();
    usedBytes -= oldest.bytes;
    manifest = manifest.withFirstSegment(oldest.number + 1);
    manifest.write(disk);
    files.remove(oldest);
    disk.delete(SegmentIndex.fileName(oldest.number));
    oldest.file.close();
    String dead = SegmentHeader.fileName(oldest.number) + ".dead";
    disk.rename(SegmentHeader.fileName(oldest.number), dead);
    pool.recycle(dead);
    LOG.atDebug().addKeyValue("segment", oldest.number).log("segment reclaimed");
  }

  /**
   * The oldest segment if what lives in it is to be copied now, or null: when little lives in all
   * of them, so that at most a third is written of what that frees.
   *
   * @param loops that will each tell {@link #copyEnded}
   */
  @Nullable Segment startCopy(int loops, long nowMillis) {
    Segment oldest = segments.element();
    if (copiers > 0
        || pins > 0
        || segments.size() < COPY_SEGMENTS_MIN
        || usedBytes <= COPY_USED_PER_LIVE * liveBytes
        || (oldest.number == copied && segments.getLast().number == newestWhenCopied)
        || isRetained(nowMillis)
        || pool.isFull()) {
      return null;
    }
    copiers = loops;
    copied = oldest.number;
    newestWhenCopied = segments.getLast().number;
    return oldest;
  }

  /** A loop has copied what it had; true for the last one. */
  boolean copyEnded() {
    copiers--;
    return copiers == 0;
  }

  /**
   * Keeps every segment until {@link #unpin}.
   *
   * @param end of the records in the last one, which are forced
   * @param lastSequence of the last record
   */
  Snapshot.State pin(int end, long lastSequence) {
    pins++;
    return new Snapshot.State(
        manifest,
        segments.stream().map(segment -> new Snapshot.Part(segment.number, segment.bytes)).toList(),
        end,
        lastSequence);
  }

  void unpin() {
    pins--;
  }
}
