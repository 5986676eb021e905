// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

/**
 * @param label who it is, for monitors and logs; not unique
 * @param priority consumers of a higher one with credit go first unless the queue is fair; 0 for
 *     doors, negative for push (DESIGN section 7)
 */
public record ConsumerSettings(String label, int priority) {
  /** For links and readers. */
  public static final int NORMAL = 0;

  /** For webhooks, which take what is left. */
  public static final int PUSH = -1;
}
