// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

/**
 * One attempt to hand one message to one consumer.
 *
 * @param consumer whom it is for; settle through {@link Consumer#settle}
 * @param sequence number of the message in its queue, growing in order of acceptance, stable over
 *     redeliveries
 * @param failedCount earlier attempts that failed: what AMQP calls delivery-count
 * @param acquiredCount earlier hand-outs of any outcome
 * @param remainingTtlMillis what is left of the publisher's time to live, {@link Message#NO_TTL}
 *     when it gave none
 */
public record Delivery(
    Consumer consumer,
    long sequence,
    int failedCount,
    int acquiredCount,
    long remainingTtlMillis,
    Message message) {}
