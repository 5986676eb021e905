// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

/**
 * Entries of a deleted queue: they hold their segments no longer. Needs no record, the queue's
 * deletion is one.
 */
record Release(SegmentCounts counts) implements JournalCommand {
  @Override
  public boolean urgent() {
    return false;
  }

  @Override
  public int recordBytes() {
    return NO_RECORD;
  }

  @Override
  public void write(JournalLoop journal) {
    counts.release(journal);
  }

  @Override
  public void durable(JournalLoop journal) {}
}
