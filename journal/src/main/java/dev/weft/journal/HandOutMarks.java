// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How far each queue was handed out, one slot of 24 bytes per queue in one file, overwritten in
 * place and never forced: after a kill it is exact, after a power loss it may be too low.
 * First hand-outs go in the order of the queue, so one number says it all.
 *
 * <p>Slot: u32 queue, u32 crc32c, u64 highest sequence handed out, u64 zero.
 *
 * <p>Used by all queue loops, each for its own queues.
 */
final class HandOutMarks {
  static final String FILE = "handed-out";

  private static final int SLOT = 24;

  private final Disk.File file;

  HandOutMarks(Disk.File file) {
    this.file = file;
  }

  void write(int queueId, long sequence) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT).order(ByteOrder.LITTLE_ENDIAN);
    slot.putInt(0, queueId).putLong(8, sequence).putInt(4, crc(slot));
    file.write(slot, (long) queueId * SLOT);
  }

  /** The mark of a queue, 0 when there is none that can be trusted. */
  long read(int queueId) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT).order(ByteOrder.LITTLE_ENDIAN);
    file.read(slot, (long) queueId * SLOT);
    boolean valid =
        slot.position() == SLOT && slot.getInt(0) == queueId && slot.getInt(4) == crc(slot);
    return valid ? slot.getLong(8) : 0;
  }

  private static int crc(ByteBuffer slot) {
    CRC32C crc = new CRC32C();
    crc.update(slot.slice(0, 4));
    crc.update(slot.slice(8, SLOT - 8));
    return (int) crc.getValue();
  }

  void close() throws IOException {
    file.close();
  }
}
