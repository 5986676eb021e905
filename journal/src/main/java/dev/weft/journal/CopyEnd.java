// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;

/** One queue loop has copied what it had in a segment; the copies are durable. */
record CopyEnd(SegmentCounts released) implements JournalCommand {
  @Override
  public boolean urgent() {
    return false;
  }

  @Override
  public int recordBytes() {
    return NO_RECORD;
  }

  @Override
  public void write(JournalLoop journal) throws IOException {
    released.release(journal);
    journal.copyEnded();
  }

  @Override
  public void durable(JournalLoop journal) {}
}
