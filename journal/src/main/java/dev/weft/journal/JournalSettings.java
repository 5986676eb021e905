// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.time.Duration;

/**
 * @param segmentBytes size of a segment file; 64 MiB keeps roll-overs rare and a scan of one short
 * @param batchBytes bytes that are written and forced together at the most; 1 MiB writes reach the
 *     disk's full rate (baseline §5)
 * @param commitWindow when records come in a steady trickle, at least so much lies between two
 *     forces; zero forces at once. 1 ms saves two thirds of the CPU at moderate rates (baseline
 *     §4.3)
 * @param commitRecords so many records in the open batch are forced without waiting for the window
 * @param settlementFlush outcomes alone wait so long for company before they are forced
 * @param payloadBudgetBytes payloads kept in memory; the others are read back from disk
 * @param appendsInFlight messages between append and force, more are refused as overload
 * @param appendBytesInFlight bytes between append and force, more are refused as overload
 * @param queueLoops threads that own queues
 * @param retention how long segments are kept that hold nothing any more, for replay
 */
public record JournalSettings(
    int segmentBytes,
    int batchBytes,
    Duration commitWindow,
    int commitRecords,
    Duration settlementFlush,
    long payloadBudgetBytes,
    int appendsInFlight,
    long appendBytesInFlight,
    int queueLoops,
    Retention retention) {
  private static final int MIB = 1024 * 1024;

  public static final JournalSettings DEFAULT =
      new JournalSettings(
          64 * MIB,
          MIB,
          Duration.ofMillis(1),
          64,
          Duration.ofMillis(10),
          32L * MIB,
          65_536,
          64L * MIB,
          1,
          Retention.NONE);

  public JournalSettings {
    require(segmentBytes >= 64 * 1024 && segmentBytes % SegmentHeader.BYTES == 0, "segmentBytes");
    require(batchBytes >= 4096, "batchBytes");
    require(!commitWindow.isNegative(), "commitWindow");
    require(commitRecords >= 1, "commitRecords");
    require(settlementFlush.toNanos() >= 1, "settlementFlush");
    require(payloadBudgetBytes >= 1, "payloadBudgetBytes");
    require(appendsInFlight >= 1, "appendsInFlight");
    require(appendBytesInFlight >= 1, "appendBytesInFlight");
    require(queueLoops >= 1 && queueLoops <= 64, "queueLoops");
  }

  /** The largest record a segment takes. */
  int recordBytesMax() {
    return segmentBytes - SegmentHeader.BYTES;
  }

  public JournalSettings withSegmentBytes(int value) {
    return new JournalSettings(
        value,
        batchBytes,
        commitWindow,
        commitRecords,
        settlementFlush,
        payloadBudgetBytes,
        appendsInFlight,
        appendBytesInFlight,
        queueLoops,
        retention);
  }

  public JournalSettings withPayloadBudgetBytes(long value) {
    return new JournalSettings(
        segmentBytes,
        batchBytes,
        commitWindow,
        commitRecords,
        settlementFlush,
        value,
        appendsInFlight,
        appendBytesInFlight,
        queueLoops,
        retention);
  }

  public JournalSettings withRetention(Retention value) {
    return new JournalSettings(
        segmentBytes,
        batchBytes,
        commitWindow,
        commitRecords,
        settlementFlush,
        payloadBudgetBytes,
        appendsInFlight,
        appendBytesInFlight,
        queueLoops,
        value);
  }

  private static void require(boolean holds, String setting) {
    if (!holds) {
      throw new IllegalArgumentException("journal setting out of range: " + setting);
    }
  }
}
