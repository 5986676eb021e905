// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

/**
 * One file of the log. The file may be read by any thread; every other field belongs to the journal
 * loop (before it starts, to the thread that recovers).
 */
final class Segment {
  final long number;
  final long firstSequence;
  final Disk.File file;

  /** Size of the file. */
  final int bytes;

  /** When it was begun, which is when the last record of the segment before was written. */
  final long createdAtMillis;

  /** Where the next record goes. */
  int end = SegmentHeader.BYTES;

  /** Checksum over the checksums of the records so far, for the next segment's header. */
  final ChainCrc chain = new ChainCrc();

  /** Entries of queues whose message stands in this segment. */
  long liveEntries;

  /** What they would take if they were written again. */
  long liveBytes;

  Segment(long number, long firstSequence, Disk.File file, int bytes, long createdAtMillis) {
    this.number = number;
    this.firstSequence = firstSequence;
    this.file = file;
    this.bytes = bytes;
    this.createdAtMillis = createdAtMillis;
  }
}
