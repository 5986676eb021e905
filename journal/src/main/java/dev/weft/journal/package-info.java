// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The embedded queue engine: one append-only log and the state of the queues over it.
 *
 * <p>Threads: the <em>journal loop</em> writes and forces the log and admits messages; <em>queue
 * loops</em> own queue state, each queue belonging to one; a preparing thread makes segments ahead.
 * They speak through bounded mailboxes, a batch at a time. Read {@link
 * dev.weft.journal.JournalEngine}, then {@link dev.weft.journal.JournalLoop}, then {@link
 * dev.weft.journal.QueueLoop}; the format is in {@link dev.weft.journal.RecordFormat} and {@link
 * dev.weft.journal.SegmentHeader}.
 */
@NullMarked
package dev.weft.journal;

import org.jspecify.annotations.NullMarked;
