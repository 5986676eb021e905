// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Layout of a record, little endian, 40 bytes of header, payload, zeros up to a multiple of
 * 8.
 *
 * <pre>
 *  0 u32 length       header and payload, without the padding
 *  4 u32 crc32c       over the store's id and the record with this field as zero
 *  8 u16 version      1
 * 10 u8  type         {@link RecordType}
 * 11 u8  flags        bit 0: an older reader may skip the record
 * 12 u32 epoch        life of the store that wrote it
 * 16 u64 sequence     one more than the record before
 * 24 u64 batch        number of the batch within the epoch
 * 32 u64 durable      highest sequence known to be forced when the batch was written
 * </pre>
 *
 * The checksum begins with the store's id so that bytes inside a message can't pose as a record of
 * this store: the id is not known to a publisher, and recovery looks for records at every offset
 * behind a damaged one.
 *
 * <p>Belongs to one thread, because of the checksum's state.
 */
final class RecordFormat {
  static final int HEADER_BYTES = 40;
  static final int VERSION = 1;
  static final int FLAG_SKIPPABLE = 1;

  private static final int CRC_AT = 4;

  private final byte[] storeId;
  private final CRC32C crc = new CRC32C();
  private final byte[] zeroField = new byte[4];

  RecordFormat(UUID storeId) {
    this.storeId = idBytes(storeId);
  }

  static byte[] idBytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  /** Bytes a record of that length takes on disk. */
  static int padded(int length) {
    return (length + 7) & ~7;
  }

  /**
   * Writes the header of a record whose payload stands at {@code start + HEADER_BYTES} already, and
   * pads.
   */
  void finish(
      ByteBuffer buffer,
      int start,
      int length,
      RecordType type,
      int epoch,
      long sequence,
      long batch,
      long durable) {
    buffer
        .putInt(start, length)
        .putInt(start + CRC_AT, 0)
        .putShort(start + 8, (short) VERSION)
        .put(start + 10, type.code)
        .put(start + 11, (byte) 0)
        .putInt(start + 12, epoch)
        .putLong(start + 16, sequence)
        .putLong(start + 24, batch)
        .putLong(start + 32, durable);
    for (int i = start + length; i < start + padded(length); i++) {
      buffer.put(i, (byte) 0);
    }
    buffer.putInt(start + CRC_AT, checksum(buffer, start, length));
  }

  /** Writes of a record's header what tells its kind, length and sequence. */
  static void head(ByteBuffer buffer, RecordType type, int length, long sequence) {
    buffer.putInt(0, length).put(10, type.code).putLong(16, sequence);
  }

  /**
   * Makes a record of an earlier life one of this life, whatever its type and version. It says of
   * nothing that it is forced: until the segment it is written to is in use, it must not speak
   * against the one it was read from.
   */
  void restamp(ByteBuffer buffer, int epoch) {
    buffer.putInt(CRC_AT, 0).putInt(12, epoch).putLong(24, 0).putLong(32, 0);
    buffer.putInt(CRC_AT, checksum(buffer, 0, length(buffer, 0)));
  }

  /**
   * Whether a whole, undamaged record stands at {@code start}. Looks at no byte beyond the buffer's
   * limit and allocates nothing by the length it finds.
   */
  boolean isValid(ByteBuffer buffer, int start) {
    if (buffer.limit() - start < HEADER_BYTES) {
      return false;
    }
    int length = buffer.getInt(start);
    if (length < HEADER_BYTES || length > buffer.limit() - start) {
      return false;
    }
    return checksum(buffer, start, length) == buffer.getInt(start + CRC_AT);
  }

  private int checksum(ByteBuffer buffer, int start, int length) {
    int position = buffer.position();
    int limit = buffer.limit();
    crc.reset();
    crc.update(storeId);
    buffer.limit(start + CRC_AT).position(start);
    crc.update(buffer);
    crc.update(zeroField);
    buffer.limit(start + length).position(start + 8);
    crc.update(buffer);
    buffer.limit(limit).position(position);
    return (int) crc.getValue();
  }

  static int length(ByteBuffer buffer, int start) {
    return buffer.getInt(start);
  }

  static int crc(ByteBuffer buffer, int start) {
    return buffer.getInt(start + CRC_AT);
  }

  static int version(ByteBuffer buffer, int start) {
    return Short.toUnsignedInt(buffer.getShort(start + 8));
  }

  static byte type(ByteBuffer buffer, int start) {
    return buffer.get(start + 10);
  }

  static boolean skippable(ByteBuffer buffer, int start) {
    return (buffer.get(start + 11) & FLAG_SKIPPABLE) != 0;
  }

  static int epoch(ByteBuffer buffer, int start) {
    return buffer.getInt(start + 12);
  }

  static long sequence(ByteBuffer buffer, int start) {
    return buffer.getLong(start + 16);
  }

  static long durable(ByteBuffer buffer, int start) {
    return buffer.getLong(start + 32);
  }

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
