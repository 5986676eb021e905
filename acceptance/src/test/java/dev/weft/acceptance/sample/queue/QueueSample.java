// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.sample.queue;

/** A word of the house. */
public record QueueSample() {}
