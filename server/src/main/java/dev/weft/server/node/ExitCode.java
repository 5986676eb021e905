// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.journal.StoreException;

/** What the process says to scripts when it ends. 3 (no JDK) belongs to the launcher. */
public enum ExitCode {
  OK(0),
  /** Anything without a code of its own. */
  FAILED(1),
  /** Wrong flags, settings or landscape. */
  USAGE(2),
  PORT_IN_USE(4),
  DATA_IN_USE(5),
  STORE_CORRUPT(6),
  /** Permissions, or a format of another version. */
  STORE_UNREADABLE(7),
  /** A write or force failed while running. */
  STORE_FAILED(8),
  /** Others than the owner may read the store or its keys. */
  STORE_EXPOSED(9);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** What a start ends with that meets this. */
  public static ExitCode of(StoreException failure) {
    return switch (failure) {
      case StoreException.InUse _ -> DATA_IN_USE;
      case StoreException.Corrupt _ -> STORE_CORRUPT;
      case StoreException.Unreadable _ -> STORE_UNREADABLE;
      case StoreException.Failed _ -> STORE_FAILED;
    };
  }

  public int code() {
    return code;
  }
}
