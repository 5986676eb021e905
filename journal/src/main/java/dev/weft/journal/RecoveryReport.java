// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

/**
 * How the store was found.
 *
 * @param created it is new
 * @param clean the engine had stopped in order
 * @param records read
 * @param messages entries of all queues
 * @param rewritten records that were not proven to be forced and were written again
 * @param tornBytes bytes of an unfinished write that were dropped; they had been promised
 *     to nobody
 * @param tornAt where, empty if nothing was dropped
 */
public record RecoveryReport(
    boolean created,
    boolean clean,
    long records,
    long messages,
    int rewritten,
    long tornBytes,
    String tornAt) {}
