// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

/**
 * The link's part of a flow frame.
 *
 * @param credit link-credit, -1 when absent
 */
record LinkFlow(int deliveryCount, long credit, boolean drain, boolean echo) {
  /** What remains of the peer's credit, given how many deliveries we counted. */
  int creditAfter(int ownDeliveryCount) {
    long remaining = credit - (ownDeliveryCount - deliveryCount & 0xffff_ffffL);
    return Math.clamp(remaining, 0, Integer.MAX_VALUE);
  }
}
