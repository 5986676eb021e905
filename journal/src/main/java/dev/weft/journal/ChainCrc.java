// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Running checksum over the checksums of a segment's records. Belongs to one thread. */
final class ChainCrc {
  private CRC32C crc = new CRC32C();
  private final ByteBuffer field = ByteBuffer.allocate(4);

  void add(int recordCrc) {
    crc.update(field.putInt(0, recordCrc).clear());
  }

  /** Goes on where another one stands, which must not be used any more. */
  void continueFrom(ChainCrc other) {
    crc = other.crc;
  }

  int value() {
    return (int) crc.getValue();
  }
}
