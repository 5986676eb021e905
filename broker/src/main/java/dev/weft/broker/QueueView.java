// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.QueueStats;

/** A queue as management shows it. */
public record QueueView(QueueName name, QueueSettings settings, QueueStats stats) {}
