// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * First block of a segment, little endian, 4096 bytes of which 84 are used. A block of
 * zeros means: prepared, not in use.
 *
 * @param storeId the store it belongs to
 * @param number of the segment, one more than the one before
 * @param firstSequence of its first record
 * @param previousLastSequence of the last record of the segment before that counts, 0 for the first
 * @param previousCrc checksum over the records' checksums of the segment before as far as they
 *     count, 0 for the first
 * @param fileBytes size of the file; a shorter one was cut and is damaged
 * @param createdAtMillis epoch milliseconds
 * @param durableSequence highest sequence known to be forced when the header was written; reaches
 *     into this segment when it begins with records of one before
 */
record SegmentHeader(
    UUID storeId,
    long number,
    long firstSequence,
    long previousLastSequence,
    int previousCrc,
    int fileBytes,
    long createdAtMillis,
    long durableSequence) {
  static final int BYTES = 4096;

  private static final long MAGIC = 0x4745_5354_4645_5731L;
  private static final int USED = 84;

  /** How a header block reads. */
  sealed interface Block {
    record Empty() implements Block {}

    record Damaged() implements Block {}

    /** Written by a newer release. */
    record Newer(int readerVersion) implements Block {}

    record InUse(SegmentHeader header) implements Block {}
  }

  /** A block ready to be written at position 0. */
  ByteBuffer encode() {
    ByteBuffer block = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    block
        .putLong(MAGIC)
        .putInt(RecordFormat.VERSION)
        .putInt(RecordFormat.VERSION) // oldest reader that understands it
        .put(RecordFormat.idBytes(storeId))
        .putLong(number)
        .putLong(firstSequence)
        .putLong(previousLastSequence)
        .putInt(previousCrc)
        .putInt(fileBytes)
        .putLong(createdAtMillis)
        .putLong(durableSequence);
    block.putInt(USED - 4, crc(block));
    return block.position(0).limit(BYTES);
  }

  static Block decode(ByteBuffer bytes) {
    ByteBuffer block = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (block.remaining() < BYTES) {
      return new Block.Damaged();
    }
    int at = block.position();
    if (isZero(block, at)) {
      return new Block.Empty();
    }
    ByteBuffer used = block.slice(at, BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (used.getLong(0) != MAGIC) {
      return new Block.Damaged();
    }
    if (used.getInt(12) > RecordFormat.VERSION) {
      return new Block.Newer(used.getInt(12));
    }
    if (used.getInt(USED - 4) != crc(used)) {
      return new Block.Damaged();
    }
    ByteBuffer id = used.slice(16, 16);
    return new Block.InUse(
        new SegmentHeader(
            new UUID(id.getLong(), id.getLong()),
            used.getLong(32),
            used.getLong(40),
            used.getLong(48),
            used.getInt(56),
            used.getInt(60),
            used.getLong(64),
            used.getLong(72)));
  }

  private static boolean isZero(ByteBuffer block, int at) {
    for (int i = 0; i < BYTES; i += 8) {
      if (block.getLong(at + i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int crc(ByteBuffer block) {
    CRC32C crc = new CRC32C();
    crc.update(block.slice(0, USED - 4));
    return (int) crc.getValue();
  }

  static String fileName(long number) {
    return "segment-%016d.log".formatted(number);
  }

  /** The number in a segment's file name, or null for another file. */
  static @Nullable Long numberOf(String fileName) {
    if (!fileName.startsWith("segment-") || !fileName.endsWith(".log") || fileName.length() != 28) {
      return null;
    }
    String digits = fileName.substring(8, 24);
    return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.valueOf(digits) : null;
  }
}
