// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far each queue was handed out, one slot of 32 bytes per queue in one file, overwritten in
 * place and forced once a second: after a kill it is exact, after a power loss it may be too low by
 * the hand-outs of the last second. First hand-outs go in the order of the queue, so one
 * number says it all. A slot never straddles two sectors.
 *
 * <p>Slot: u32 queue, u32 crc32c, u64 highest sequence handed out, zeros.
 *
 * <p>Used by all queue loops, each for its own queues, once recovery has opened it.
 */
final class HandOutMarks {
  static final String FILE = "handed-out";

  private static final int SLOT = 32;
  private static final int COPY_TRIES = 8;

  private final Disk disk;
  private Disk.@Nullable File opened;

  /** Set before a write, by any queue loop. */
  private volatile boolean written;

  HandOutMarks(Disk disk) {
    this.disk = disk;
  }

  /** Opens the file, makes it when missing. Not before the store is known to be sound. */
  void open() throws IOException {
    opened = disk.open(FILE);
  }

  /** Makes durable what was written since the last time. The journal loop. */
  void force() throws IOException {
    if (written) {
      written = false;
      file().force();
    }
  }

  private Disk.File file() {
    return Objects.requireNonNull(opened, "marks are open once the store is recovered");
  }

  void write(int queueId, long sequence) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT).order(ByteOrder.LITTLE_ENDIAN);
    slot.putInt(0, queueId).putLong(8, sequence).putInt(4, crc(slot));
    written = true;
    file().write(slot, (long) queueId * SLOT);
  }

  /** The mark of a queue, 0 when there is none that can be trusted. */
  long read(int queueId) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT).order(ByteOrder.LITTLE_ENDIAN);
    file().read(slot, (long) queueId * SLOT);
    boolean valid =
        slot.position() == SLOT && slot.getInt(0) == queueId && slot.getInt(4) == crc(slot);
    return valid ? slot.getLong(8) : 0;
  }

  /**
   * Copies the marks of a store that may be at work.
   *
   * @param sequenceMax marks above say no more than this: what came later is not in the copy
   */
  static void copy(Disk from, Disk into, long sequenceMax) throws IOException {
    try (Disk.File source = from.openForReading(FILE);
        Disk.File target = into.open(FILE)) {
      long size = source.size() / SLOT * SLOT;
      for (long at = 0; at < size; at += SLOT) {
        ByteBuffer slot = ByteBuffer.allocate(SLOT).order(ByteOrder.LITTLE_ENDIAN);
        for (int tries = 0; tries < COPY_TRIES && !isWhole(slot); tries++) {
          source.read(slot.clear(), at); // A write may be going on.
        }
        if (isWhole(slot)) {
          slot.putLong(8, Math.min(sequenceMax, slot.getLong(8))).putInt(4, 0);
          slot.putInt(4, crc(slot));
          target.write(slot.clear(), at);
        }
      }
      target.force();
    }
  }

  private static boolean isWhole(ByteBuffer slot) {
    return slot.position() == SLOT && slot.getInt(4) == crc(slot);
  }

  private static int crc(ByteBuffer slot) {
    CRC32C crc = new CRC32C();
    crc.update(slot.slice(0, 4));
    crc.update(slot.slice(8, SLOT - 8));
    return (int) crc.getValue();
  }

  void close() throws IOException {
    if (opened != null) {
      try {
        force();
      } finally {
        opened.close();
      }
    }
  }
}
