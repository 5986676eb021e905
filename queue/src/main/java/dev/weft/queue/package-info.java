// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The words of the house and the {@link dev.weft.queue.QueueEngine} SPI. Owns no thread and no
 * state: values are immutable, an engine brings its own threads. Read {@link
 * dev.weft.queue.QueueEngine} first.
 */
@NullMarked
package dev.weft.queue;

import org.jspecify.annotations.NullMarked;
