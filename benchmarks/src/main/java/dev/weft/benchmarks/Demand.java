// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cell asks of a server beside one queue. A peer does what its product can be told.
 *
 * @param maxHeap value of {@code -Xmx}, or null for what the product is shipped with; a peer that
 *     would not survive a backlog with it keeps its own
 * @param connections clients at once; 0 = what the product allows by itself
 * @param queues more queues; only our server has them
 */
record Demand(@Nullable String maxHeap, int connections, List<ExtraQueue> queues) {
  /** The product as it comes. */
  static final Demand NONE = new Demand(null, 0, List.of());

  Demand {
    queues = List.copyOf(queues);
  }

  static Demand heap(String maxHeap) {
    return new Demand(maxHeap, 0, List.of());
  }

  static Demand connections(int connections) {
    return new Demand(null, connections, List.of());
  }

  static Demand queues(List<ExtraQueue> queues) {
    return new Demand(null, 0, queues);
  }

  /**
   * A queue beside the one that every peer has.
   *
   * @param name last segment
   * @param topic last segment of a topic it is subscribed to, or null for none
   * @param immediate whether what a consumer returns comes back at once
   */
  record ExtraQueue(String name, @Nullable String topic, boolean immediate) {}
}
