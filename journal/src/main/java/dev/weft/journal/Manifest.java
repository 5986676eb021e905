// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a store is, in two files overwritten in turn; the valid one of the higher generation counts,
 * so that one is always whole, and a full disk keeps none from being written.
 *
 * @param epoch number of openings; increases before anything else is written
 * @param firstSegment segments below are dead; {@value #NOT_BEGUN} until the first one is in use
 */
record Manifest(UUID storeId, long generation, int epoch, long firstSegment) {
  private static final long MAGIC = 0x5453_464d_5446_4557L;
  private static final int BYTES = 52;

  /** Nothing was ever promised by such a store, so that no segment of it can be missing. */
  static final long NOT_BEGUN = 0;

  private static final String[] NAMES = {"manifest-a", "manifest-b"};

  static Manifest create(UUID storeId) {
    return new Manifest(storeId, 0, 0, NOT_BEGUN);
  }

  Manifest withEpoch(int number) {
    return new Manifest(storeId, generation + 1, number, firstSegment);
  }

  Manifest withFirstSegment(long number) {
    return new Manifest(storeId, generation + 1, epoch, number);
  }

  /** Durable when it returns. */
  void write(Disk disk) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes
        .putLong(MAGIC)
        .putInt(RecordFormat.VERSION)
        .putInt(epoch)
        .put(RecordFormat.idBytes(storeId))
        .putLong(generation)
        .putLong(firstSegment)
        .putInt(0);
    bytes.putInt(BYTES - 4, crc(bytes));
    String name = NAMES[(int) (generation % 2)];
    boolean isNew = !disk.list().contains(name);
    try (Disk.File file = disk.open(name)) {
      file.write(bytes.position(0).limit(BYTES), 0);
      file.force();
    }
    if (isNew) {
      disk.sync();
    }
  }

  /**
   * The manifest that counts, or null for a directory that has none. A single copy that is not
   * whole is none: the very first start ended while it wrote it.
   *
   * @throws StoreException.Corrupt if there are both copies and none is whole
   * @throws StoreException.Unreadable if a newer release wrote it
   */
  static @Nullable Manifest read(Disk disk) throws IOException {
    Manifest best = null;
    int damaged = 0;
    for (String name : NAMES) {
      if (!disk.list().contains(name)) {
        continue;
      }
      ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
      try (Disk.File file = disk.openForReading(name)) {
        file.read(bytes, 0);
      }
      Manifest found = decode(bytes, name);
      damaged += found == null ? 1 : 0;
      if (found != null && (best == null || found.generation > best.generation)) {
        best = found;
      }
    }
    if (best == null && damaged == NAMES.length) {
      throw new StoreException.Corrupt("The store's manifest is damaged in both copies");
    }
    return best;
  }

  private static @Nullable Manifest decode(ByteBuffer bytes, String name) {
    if (bytes.position() < BYTES
        || bytes.getLong(0) != MAGIC
        || bytes.getInt(BYTES - 4) != crc(bytes)) {
      return null;
    }
    int version = bytes.getInt(8);
    if (version != RecordFormat.VERSION) {
      throw new StoreException.Unreadable(
          name + " has format " + version + ", this release reads " + RecordFormat.VERSION, null);
    }
    ByteBuffer id = bytes.slice(16, 16);
    return new Manifest(
        new UUID(id.getLong(), id.getLong()),
        bytes.getLong(32),
        bytes.getInt(12),
        bytes.getLong(40));
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, BYTES - 4));
    return (int) crc.getValue();
  }
}
