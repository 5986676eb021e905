// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.sample.producer;

import dev.weft.acceptance.sample.queue.QueueSample;

/** A guest that imports a room. */
public record ProducerSample(QueueSample queue) {}
