// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import java.io.IOException;

/**
 * Something for the log. Made by any thread, handed over through the journal's mailbox, then used
 * by the journal loop alone.
 */
interface JournalCommand {
  int NO_RECORD = 0;

  /** Whether somebody waits for it to be durable. */
  boolean urgent();

  /** Bytes of the record that {@link #write} may write, {@link #NO_RECORD} for none. */
  int recordBytes();

  /** Whether it leaves the room to others that is kept for a full disk. */
  default boolean leavesReserve() {
    return false;
  }

  /**
   * Writes its record into the open batch with {@link JournalLoop#begin} and {@link
   * JournalLoop#end}, or refuses.
   */
  void write(JournalLoop journal) throws IOException;

  /** Its record is forced: the state of the queues changes. */
  void durable(JournalLoop journal);

  /** The queues know; now the one who waits may. */
  default void answer() {}

  /** The journal ended before it wrote anything of this: it will never happen. Any thread. */
  default void abandon(MeshException reason) {}
}
