// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The end of the log: collects records into an open batch, then writes and forces it as one
 * . A batch lies in one segment.
 *
 * <p>Belongs to the journal loop.
 */
final class LogWriter {
  private final SegmentPool pool;
  private final UUID storeId;
  private final RecordFormat format;
  private final int epoch;
  private final int batchBytes;

  private ByteBuffer buffer;
  private Segment active;
  private SegmentIndex index;
  private long lastSequence;
  private long durableSequence;
  private long batch;
  private int recordStart;
  private int records;

  /**
   * @param active segment to go on in
   * @param index of what stands in it
   * @param lastSequence of the last record in the log, which is durable
   */
  LogWriter(
      SegmentPool pool,
      UUID storeId,
      int epoch,
      JournalSettings settings,
      Segment active,
      SegmentIndex index,
      long lastSequence) {
    this.pool = pool;
    this.storeId = storeId;
    this.format = new RecordFormat(storeId);
    this.epoch = epoch;
    this.batchBytes = settings.batchBytes();
    this.active = active;
    this.index = index;
    this.lastSequence = lastSequence;
    this.durableSequence = lastSequence;
    this.buffer = RecordFormat.buffer(batchBytes);
  }

  Segment active() {
    return active;
  }

  long durableSequence() {
    return durableSequence;
  }

  long lastSequence() {
    return lastSequence;
  }

  int records() {
    return records;
  }

  int bytes() {
    return buffer.position();
  }

  boolean isEmpty() {
    return records == 0;
  }

  /**
   * Whether a record of that payload may join the open batch. An empty batch takes every record
   * that a segment can hold.
   */
  boolean fits(int payloadBytes) {
    int bytes = recordBytes(payloadBytes);
    return isEmpty() || (buffer.position() + bytes <= batchBytes && isRoomInSegment(bytes));
  }

  /** Bytes of a record with that payload. */
  static int recordBytes(int payloadBytes) {
    return RecordFormat.padded(RecordFormat.HEADER_BYTES + payloadBytes);
  }

  /** Whether the active segment has room for that many bytes behind the open batch. */
  boolean isRoomInSegment(int recordBytes) {
    return active.end + buffer.position() + recordBytes <= active.bytes;
  }

  /**
   * Begins a record; the payload is to be written at the returned index of {@link #buffer()}, then
   * {@link #end}. Where the active segment has no room, one must be ready in the pool.
   *
   * @param create makes a segment known to readers when the log goes over to a new one
   */
  int begin(int payloadBytes, long nowMillis, SegmentListener create) throws IOException {
    int bytes = recordBytes(payloadBytes);
    if (isEmpty()) {
      batch++;
      if (!isRoomInSegment(bytes)) {
        roll(nowMillis, create);
      }
      if (bytes > buffer.capacity()) {
        buffer = RecordFormat.buffer(bytes);
      }
    }
    recordStart = buffer.position();
    buffer.limit(recordStart + bytes);
    return recordStart + RecordFormat.HEADER_BYTES;
  }

  ByteBuffer buffer() {
    return buffer;
  }

  /** Closes the record begun; returns its sequence. */
  long end(RecordType type, int payloadBytes) {
    lastSequence++;
    records++;
    format.finish(
        buffer,
        recordStart,
        RecordFormat.HEADER_BYTES + payloadBytes,
        type,
        epoch,
        lastSequence,
        batch,
        durableSequence);
    active.chain.add(RecordFormat.crc(buffer, recordStart));
    index.add(buffer, recordStart, active.end + recordStart);
    buffer.position(buffer.limit());
    return lastSequence;
  }

  /** Where the record closed last stands. */
  long location() {
    return Location.of(active.number, active.end + recordStart);
  }

  /** Writes and forces the open batch. After an error the log must not be used again. */
  void commit() throws IOException {
    buffer.flip();
    int bytes = buffer.limit();
    active.file.write(buffer, active.end);
    active.file.force();
    active.end += bytes;
    durableSequence = lastSequence;
    records = 0;
    if (buffer.capacity() > batchBytes) {
      buffer = RecordFormat.buffer(batchBytes);
    }
    buffer.clear();
  }

  private void roll(long nowMillis, SegmentListener create) throws IOException {
    SegmentPool.Prepared prepared = pool.take();
    int bytes = (int) prepared.file().size();
    Segment next =
        new Segment(prepared.number(), lastSequence + 1, prepared.file(), bytes, nowMillis);
    SegmentHeader header =
        new SegmentHeader(
            storeId,
            next.number,
            next.firstSequence,
            lastSequence,
            active.chain.value(),
            bytes,
            nowMillis,
            lastSequence);
    next.file.write(header.encode(), 0);
    // Before the first record, so that records behind a lost header always mean damage.
    next.file.force();
    create.created(next, index, active.chain.value());
    active = next;
    index = new SegmentIndex(storeId, next.number, next.firstSequence);
  }

  /** Hears of a segment before the first record in it is readable. */
  interface SegmentListener {
    /**
     * @param before index of the segment before, which is complete
     * @param chainCrc of the segment before
     */
    void created(Segment segment, SegmentIndex before, int chainCrc);
  }
}
