// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the files of a store's log and opens them for reading. Changes nothing. Belongs to one
 * thread.
 */
final class LogFiles {
  /** A segment in use. */
  record InUse(SegmentHeader header, Disk.File file) {}

  /** A segment file with its header as read. */
  private record Candidate(long number, Disk.File file, SegmentHeader.Block block) {}

  private final Disk disk;
  private final Manifest manifest;
  private final RecordFormat format;
  private final List<Disk.File> opened = new ArrayList<>();
  private final Set<String> indexes = new HashSet<>();

  LogFiles(Disk disk, Manifest manifest) {
    this.disk = disk;
    this.manifest = manifest;
    this.format = new RecordFormat(manifest.storeId());
  }

  /** Whether a segment has an index beside it. */
  boolean hasIndex(long segment) {
    return indexes.contains(SegmentIndex.fileName(segment));
  }

  void close() throws IOException {
    for (Disk.File file : opened) {
      file.close();
    }
  }

  /**
   * Segments in use in the order of their numbers, without a gap.
   *
   * @throws StoreException.Corrupt if one is missing, cut or without its header
   * @throws StoreException.Unreadable if a newer release wrote one
   */
  List<InUse> find() throws IOException {
    TreeMap<Long, Candidate> found = new TreeMap<>();
    for (String name : disk.list()) {
      if (SegmentIndex.numberOf(name) != null) {
        indexes.add(name);
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
      throw missing(next);
    }
    List<InUse> inUse = new ArrayList<>();
    for (Candidate candidate : found.values()) {
      if (candidate.number() != next) {
        throw missing(next);
      }
      if (!(candidate.block() instanceof SegmentHeader.Block.InUse(SegmentHeader header))) {
        throw new StoreException.Corrupt(
            "The header of " + SegmentHeader.fileName(next) + " is damaged");
      }
      inUse.add(new InUse(header, candidate.file()));
      next++;
    }
    return inUse;
  }

  private static StoreException.Corrupt missing(long segment) {
    return new StoreException.Corrupt("Segment " + SegmentHeader.fileName(segment) + " is missing");
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
    if (last.block() instanceof SegmentHeader.Block.InUse) {
      return true;
    }
    long first = firstSequenceBehind(all.headMap(last.number(), false));
    RecordReader reader = new RecordReader(format, last.file(), RecordReader.newWindow());
    if (last.block() instanceof SegmentHeader.Block.Empty && !beginsWithRecord(reader, first)) {
      return false; // Prepared only; saves reading a whole segment of zeros at every start.
    }
    if (reader.behind(SegmentHeader.BYTES, first, 0) instanceof RecordReader.Behind.Evidence) {
      throw new StoreException.Corrupt(
          "The header of " + SegmentHeader.fileName(last.number()) + " is damaged");
    }
    return false;
  }

  private static boolean beginsWithRecord(RecordReader reader, long sequenceMin)
      throws IOException {
    int start = reader.seek(SegmentHeader.BYTES);
    return reader.isValid(start) && RecordFormat.sequence(reader.window(), start) >= sequenceMin;
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
}
