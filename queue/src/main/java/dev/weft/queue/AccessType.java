// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

/** Who receives (wire reference 4.11, 9.2). */
public enum AccessType {
  /** One active consumer, the others stand by in the order they came. */
  EXCLUSIVE,
  /** Competing consumers. */
  NON_EXCLUSIVE
}
