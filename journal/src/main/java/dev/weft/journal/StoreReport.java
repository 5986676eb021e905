// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.util.List;
import java.util.Map;

/**
 * What a reading of a store from end to end found.
 *
 * @param storeId its identity, empty when the manifest is damaged
 * @param epoch how often it was opened
 * @param segments in use
 * @param bytes of their files
 * @param records that are whole
 * @param recordsByType how many of each kind; those that only newer releases know are left out
 * @param queues by name, as a start would find them; with damage, as far as they can be told
 * @param clean the engine had stopped in order
 * @param unproven records behind the last that is proven to be forced
 * @param tornBytes of an unfinished write at the end, 0 for none
 * @param tornAt file and offset of it, or empty
 * @param remarks about caches and marks, which a start makes again or goes without
 * @param damages in the order of the log; none in a sound store
 */
public record StoreReport(
    String storeId,
    int epoch,
    int segments,
    long bytes,
    long records,
    Map<String, Long> recordsByType,
    List<QueueContent> queues,
    boolean clean,
    int unproven,
    long tornBytes,
    String tornAt,
    List<String> remarks,
    List<Damage> damages) {
  /**
   * @param messages that wait, those that are handed out included
   * @param bytes of them
   */
  public record QueueContent(String name, long messages, long bytes) {}

  /**
   * A part of the log that was promised and cannot be read.
   *
   * @param file segment or manifest
   * @param fromOffset first byte in the file
   * @param toOffset behind the last byte; the same as the first where that is not known
   * @param firstSequence of the first record that is missing, 0 where it is not known
   * @param lastSequence of the last one
   * @param queues that are known to have records in it
   * @param allQueuesKnown whether the index of the segment tells them all
   * @param reason what is wrong
   */
  public record Damage(
      String file,
      long fromOffset,
      long toOffset,
      long firstSequence,
      long lastSequence,
      List<String> queues,
      boolean allQueuesKnown,
      String reason) {
    public Damage {
      queues = List.copyOf(queues);
    }
  }

  public StoreReport {
    recordsByType = Map.copyOf(recordsByType);
    queues = List.copyOf(queues);
    remarks = List.copyOf(remarks);
    damages = List.copyOf(damages);
  }

  /** Whether a server starts on it and finds everything that was promised. */
  public boolean isSound() {
    return damages.isEmpty();
  }
}
