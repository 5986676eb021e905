// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

/**
 * Limits of the broker (wire reference 9.1, R-533). The vendor counts by resource units; these are
 * the generous ones of a machine of one's own.
 *
 * @param messageSizeMax bytes of one message, properties included: 1 MB = 1 000 000
 * @param connectionsPerInstance 50 as the vendor
 * @param queuesPerInstance 500
 * @param subscriptionsPerInstance 1 000
 * @param webhooksPerInstance 500: one for each queue
 * @param directSubscriptionsPerInstance 1 000: they live in memory
 */
public record BrokerLimits(
    int messageSizeMax,
    int connectionsPerInstance,
    int queuesPerInstance,
    int subscriptionsPerInstance,
    int webhooksPerInstance,
    int directSubscriptionsPerInstance) {
  public static final BrokerLimits DEFAULT =
      new BrokerLimits(1_000_000, 50, 500, 1_000, 500, 1_000);

  public BrokerLimits {
    requirePositive("messageSizeMax", messageSizeMax);
    requirePositive("connectionsPerInstance", connectionsPerInstance);
    requirePositive("queuesPerInstance", queuesPerInstance);
    requirePositive("subscriptionsPerInstance", subscriptionsPerInstance);
    requirePositive("webhooksPerInstance", webhooksPerInstance);
    requirePositive("directSubscriptionsPerInstance", directSubscriptionsPerInstance);
  }

  private static void requirePositive(String field, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(field + " must be at least 1");
    }
  }
}
