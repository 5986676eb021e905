// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import java.util.ArrayList;
import java.util.List;

/**
 * What consumers saw of one message in one queue: how often without the redelivered mark, and the
 * highest delivery count. A power loss may take back what was seen in the last moment before it
 * and nothing older.
 *
 * <p>Belongs to the verifier, under its lock.
 */
final class History {
  private record Sight(long nanos, long deliveryCount, boolean first) {}

  private int unmarked;
  private long deliveryCount = -1;
  private int safeUnmarked;
  private long safeDeliveryCount = -1;
  private final List<Sight> sinceLoss = new ArrayList<>(1);

  void delivered(long nanos, long count, boolean first) {
    sinceLoss.add(new Sight(nanos, count, first));
    deliveryCount = Math.max(deliveryCount, count);
    unmarked += first ? 1 : 0;
  }

  /** -1 when nothing was seen that counts. */
  long deliveryCount() {
    return deliveryCount;
  }

  /** Deliveries without the redelivered mark. */
  int unmarked() {
    return unmarked;
  }

  /**
   * Forgets what a power loss may have taken back.
   *
   * @param safeNanos what was seen before this moment was on disk
   */
  void powerLost(long safeNanos) {
    for (Sight sight : sinceLoss) {
      if (sight.nanos - safeNanos < 0) {
        safeDeliveryCount = Math.max(safeDeliveryCount, sight.deliveryCount);
        safeUnmarked += sight.first ? 1 : 0;
      }
    }
    sinceLoss.clear();
    deliveryCount = safeDeliveryCount;
    unmarked = safeUnmarked;
  }
}
