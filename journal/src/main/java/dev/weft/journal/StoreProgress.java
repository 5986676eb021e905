// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

/** Hears how far a tool is that reads or copies a store. On the tool's thread. */
@FunctionalInterface
public interface StoreProgress {
  StoreProgress NONE = (_, _) -> {};

  /**
   * @param bytes done so far; a second look at what seems damaged adds to both
   * @param total bytes there are to do
   */
  void done(long bytes, long total);
}
