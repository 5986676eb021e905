// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

/** Room on the disk of the store, by the watermarks of R-219. */
public enum StorageState {
  /** Enough. */
  AMPLE,
  /** Less than 2 GiB or 5 % of the disk are left: somebody should make room. */
  LOW,
  /** New messages are refused; consumers drain, and administration goes on, from the reserve. */
  FULL
}
