// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.util.Collection;
import java.util.List;

/**
 * A store that is open and ready to go on.
 *
 * @param segments in use, oldest first, the last one active
 * @param queues as they were
 * @param nextQueueId ids are never used twice
 */
record RecoveredStore(
    Disk disk,
    Manifest manifest,
    SegmentPool pool,
    LogWriter log,
    List<Segment> segments,
    Collection<QueueState> queues,
    int nextQueueId,
    RecoveryReport report) {}
