// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

/**
 * A queue at one moment.
 *
 * @param messages waiting, unsettled and dead-pending messages
 * @param bytes their size
 * @param unsettledMessages handed out, no outcome yet
 * @param delayedMessages returned, waiting for their pause to end
 * @param deadPendingMessages dead, kept because the dead message queue is missing or full,
 *     or put aside because what is stored is damaged
 * @param consumers live consumers, those that stand by included
 * @param appendedTotal messages stored since the queue was declared by this process
 * @param deliveredTotal hand-outs since then
 * @param acceptedTotal messages accepted since then
 * @param returnedTotal returns since then
 * @param deadTotal messages that died since then, moved or kept
 * @param expiredTotal messages that expired since then
 */
public record QueueStats(
    long messages,
    long bytes,
    long unsettledMessages,
    long delayedMessages,
    long deadPendingMessages,
    int consumers,
    long appendedTotal,
    long deliveredTotal,
    long acceptedTotal,
    long returnedTotal,
    long deadTotal,
    long expiredTotal) {}
