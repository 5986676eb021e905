// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a log of records that another store held, with their sequences, as a store that was
 * stopped in order. Nothing counts before {@link #finish}. Belongs to one thread.
 */
final class SalvageWriter {
  private final Disk disk;
  private final UUID storeId;
  private final RecordFormat format;
  private final int segmentBytes;
  private final InstantSource clock;

  private long number;
  private long next;
  private long firstOfSegment;
  private int previousCrc;
  private int end;
  private int fileBytes;
  private ChainCrc chain = new ChainCrc();
  private Disk.@Nullable File file;
  private ByteBuffer record = RecordFormat.buffer(64 * 1024);

  /** Of every record: the epoch that the store's manifest names. */
  private static final int EPOCH = 1;

  SalvageWriter(Disk disk, UUID storeId, int segmentBytes, InstantSource clock) {
    this.disk = disk;
    this.storeId = storeId;
    this.format = new RecordFormat(storeId);
    this.segmentBytes = segmentBytes;
    this.clock = clock;
  }

  /** Of the record that is written next; 0 before {@link #beginAt}. */
  long nextSequence() {
    return next;
  }

  void beginAt(long sequence) {
    next = sequence;
  }

  /** Writes a record as it stands in a buffer; its sequence is the next one. */
  void copy(ByteBuffer from, int start) throws IOException {
    int length = RecordFormat.length(from, start);
    ByteBuffer target = target(length);
    target.put(0, from, start, length);
    put(length);
  }

  /** Writes a record of which only kind, sequence and payload are known. */
  void restore(RecordType type, ByteBuffer from, int start) throws IOException {
    int length = RecordFormat.length(from, start);
    byte[] payload = new byte[length - RecordFormat.HEADER_BYTES];
    from.get(start + RecordFormat.HEADER_BYTES, payload);
    write(type, payload);
  }

  void write(RecordType type, byte[] payload) throws IOException {
    int length = RecordFormat.HEADER_BYTES + payload.length;
    ByteBuffer target = target(length);
    target.put(RecordFormat.HEADER_BYTES, payload);
    format.finish(target, 0, length, type, EPOCH, next, 0, 0);
    put(length);
  }

  /** Writes a record of no known kind that readers pass over. */
  void skip(byte kind) throws IOException {
    ByteBuffer target = target(RecordFormat.HEADER_BYTES);
    format.finish(target, 0, RecordFormat.HEADER_BYTES, RecordType.CLOSED, EPOCH, next, 0, 0);
    target.put(10, kind).put(11, (byte) RecordFormat.FLAG_SKIPPABLE);
    put(RecordFormat.HEADER_BYTES);
  }

  private ByteBuffer target(int length) {
    int bytes = RecordFormat.padded(length);
    if (record.capacity() < bytes) {
      record = RecordFormat.buffer(bytes);
    }
    record.clear().limit(bytes);
    for (int i = length; i < bytes; i++) {
      record.put(i, (byte) 0);
    }
    return record;
  }

  private void put(int length) throws IOException {
    format.restamp(record, EPOCH);
    int bytes = RecordFormat.padded(length);
    Disk.File open = file;
    if (open == null || end + bytes > fileBytes) {
      seal();
      number++;
      firstOfSegment = next;
      fileBytes = Math.max(segmentBytes, SegmentHeader.BYTES + bytes);
      end = SegmentHeader.BYTES;
      chain = new ChainCrc();
      open = disk.open(SegmentHeader.fileName(number));
      file = open;
    }
    chain.add(RecordFormat.crc(record, 0));
    open.write(record, end);
    end += bytes;
    next++;
  }

  /** The header says that everything in the segment was forced. */
  private void seal() throws IOException {
    Disk.File open = file;
    if (open == null) {
      return;
    }
    open.write(ByteBuffer.allocate(1), fileBytes - 1L);
    open.force();
    SegmentHeader header =
        new SegmentHeader(
            storeId,
            number,
            firstOfSegment,
            firstOfSegment - 1,
            previousCrc,
            fileBytes,
            clock.millis(),
            next - 1);
    open.write(header.encode(), 0);
    open.force();
    open.close();
    file = null;
    previousCrc = chain.value();
  }

  /**
   * Ends the log and makes the directory a store.
   *
   * @param epochOfOld of the store the records come from, for its manifest's generation
   */
  void finish(int epochOfOld) throws IOException {
    write(RecordType.CLOSED, new byte[0]);
    seal();
    disk.sync();
    Manifest manifest = new Manifest(storeId, epochOfOld, EPOCH, 1);
    manifest.write(disk);
    manifest.withEpoch(EPOCH).write(disk);
    disk.sync();
  }
}
