// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The records of one segment without the bytes of messages, in a file beside it, so that recovery
 * reads a small part of the log. Gathered while the segment is written, saved when the next one
 * begins, never forced: a cache. One that is missing, damaged or does not fit the segment's
 * neighbours is not used, and recovery reads the segment instead.
 *
 * <p>File, little endian: a head of {@value #HEAD_BYTES} bytes, then one item per record.
 *
 * <pre>
 * head  u64 magic, u32 version, u32 highest epoch, 16 bytes store id, u64 segment, u64 first sequence,
 *       u64 records, u32 chain checksum of the segment, u32 crc32c of everything with this field as zero
 * item  u8 type, u24 0, u32 offset / 8, u32 record length, u32 bytes kept of the payload, payload
 * </pre>
 *
 * <p>Belongs to one thread.
 */
final class SegmentIndex {
  private static final long MAGIC = 0x5844_4e49_5446_4557L;
  private static final int HEAD_BYTES = 64;
  private static final int CRC_AT = 60;
  private static final int ITEM_HEAD = 16;
  private static final int CHUNK_BYTES = 64 * 1024;

  private final UUID storeId;
  private final long segment;
  private final long firstSequence;
  private final List<ByteBuffer> chunks = new ArrayList<>();
  private ByteBuffer chunk = newChunk(HEAD_BYTES).position(HEAD_BYTES);
  private long records;
  private int epochMax;

  SegmentIndex(UUID storeId, long segment, long firstSequence) {
    this.storeId = storeId;
    this.segment = segment;
    this.firstSequence = firstSequence;
  }

  /** Name of the file beside a segment. */
  static String fileName(long segment) {
    return SegmentHeader.fileName(segment).replace(".log", ".index");
  }

  /** The segment's number in the name of such a file, or null for another file. */
  static @Nullable Long numberOf(String fileName) {
    return fileName.endsWith(".index")
        ? SegmentHeader.numberOf(fileName.replace(".index", ".log"))
        : null;
  }

  /**
   * Adds the next record.
   *
   * @param record holds it from {@code start} on, of a message at least what stands in front of its
   *     bytes
   * @param offset in the segment
   */
  void add(ByteBuffer record, int start, int offset) {
    int length = RecordFormat.length(record, start);
    int payload = start + RecordFormat.HEADER_BYTES;
    byte code = RecordFormat.type(record, start);
    RecordType type = RecordType.of(code);
    int kept =
        type == null
            ? 0 // As nothing is known of what only newer releases write.
            : Records.bytesBeforeMessage(type, record, payload, length - RecordFormat.HEADER_BYTES);
    int bytes = ITEM_HEAD + padded(kept);
    if (chunk.remaining() < bytes) {
      chunks.add(chunk.flip());
      chunk = newChunk(bytes);
    }
    int at = chunk.position();
    chunk
        .put(at, code)
        .putInt(at + 4, offset >>> 3)
        .putInt(at + 8, length)
        .putInt(at + 12, kept)
        .put(at + ITEM_HEAD, record, payload, kept)
        .position(at + bytes);
    records++;
    epochMax = Math.max(epochMax, RecordFormat.epoch(record, start));
  }

  private static int padded(int bytes) {
    return (bytes + 3) & ~3;
  }

  private static ByteBuffer newChunk(int bytesMin) {
    return ByteBuffer.allocate(Math.max(CHUNK_BYTES, bytesMin)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Saves the index of a segment that is complete. Must not be used afterwards.
   *
   * @param chainCrc checksum over the checksums of the segment's records
   */
  void save(Disk disk, int chainCrc) throws IOException {
    chunks.add(chunk.flip());
    ByteBuffer head = chunks.getFirst();
    head.putLong(0, MAGIC)
        .putInt(8, RecordFormat.VERSION)
        .putInt(12, epochMax)
        .put(16, RecordFormat.idBytes(storeId))
        .putLong(32, segment)
        .putLong(40, firstSequence)
        .putLong(48, records)
        .putInt(56, chainCrc)
        .putInt(CRC_AT, 0);
    CRC32C crc = new CRC32C();
    chunks.forEach(part -> crc.update(part.duplicate()));
    head.putInt(CRC_AT, (int) crc.getValue());
    String name = fileName(segment);
    disk.delete(name);
    try (Disk.File file = disk.open(name)) {
      long at = 0;
      for (ByteBuffer part : chunks) {
        int bytes = part.remaining();
        file.write(part, at);
        at += bytes;
      }
    }
  }

  /** The index of a segment as saved. */
  static final class Saved {
    private final ByteBuffer bytes;

    private Saved(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    /**
     * Reads the index of a segment.
     *
     * @param lastSequence of the last record in the segment
     * @param chainCrc that the next segment names
     * @return null if there is none, or none that fits
     */
    static @Nullable Saved read(Disk disk, SegmentHeader segment, long lastSequence, int chainCrc)
        throws IOException {
      ByteBuffer bytes;
      try (Disk.File file = disk.openForReading(fileName(segment.number()))) {
        long size = file.size();
        if (size < HEAD_BYTES || size > segment.fileBytes()) {
          return null;
        }
        bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        file.read(bytes, 0);
      }
      bytes.flip();
      Saved saved = new Saved(bytes);
      return saved.isWhole() && saved.fits(segment, lastSequence, chainCrc) ? saved : null;
    }

    private boolean isWhole() {
      if (bytes.limit() < HEAD_BYTES || bytes.getLong(0) != MAGIC) {
        return false;
      }
      int expected = bytes.getInt(CRC_AT);
      CRC32C crc = new CRC32C();
      crc.update(bytes.putInt(CRC_AT, 0).duplicate());
      return expected == (int) crc.getValue() && bytes.getInt(8) == RecordFormat.VERSION;
    }

    private boolean fits(SegmentHeader header, long lastSequence, int chainCrc) {
      return bytes.slice(16, 16).equals(ByteBuffer.wrap(RecordFormat.idBytes(header.storeId())))
          && bytes.getLong(32) == header.number()
          && bytes.getLong(40) == header.firstSequence()
          && records() == lastSequence - header.firstSequence() + 1
          && bytes.getInt(56) == chainCrc;
    }

    long records() {
      return bytes.getLong(48);
    }

    int epochMax() {
      return bytes.getInt(12);
    }

    /** Hands out the records as a reading of the segment would. */
    void replay(LogScanner.Visitor visitor) {
      long segment = bytes.getLong(32);
      long sequence = bytes.getLong(40);
      ByteBuffer record = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      int at = HEAD_BYTES;
      while (at < bytes.limit()) {
        int kept = bytes.getInt(at + 12);
        if (RecordFormat.HEADER_BYTES + kept > record.capacity()) {
          record =
              ByteBuffer.allocate(RecordFormat.HEADER_BYTES + kept).order(ByteOrder.LITTLE_ENDIAN);
        }
        RecordType type = RecordType.of(bytes.get(at));
        if (type != null) {
          RecordFormat.head(record, type, bytes.getInt(at + 8), sequence);
          record.put(RecordFormat.HEADER_BYTES, bytes, at + ITEM_HEAD, kept);
          visitor.record(type, record, 0, Location.of(segment, bytes.getInt(at + 4) << 3));
        }
        sequence++;
        at += ITEM_HEAD + padded(kept);
      }
    }
  }
}
