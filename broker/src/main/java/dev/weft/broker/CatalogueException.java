// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import org.jspecify.annotations.Nullable;

/** The catalogue cannot be opened. */
public final class CatalogueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** Another process has it open. */
    IN_USE,
    /** A newer Weft wrote it. */
    NEWER_VERSION,
    /** Its bytes are not what was written. */
    DAMAGED,
    /** The files cannot be read or written. */
    UNREADABLE
  }

  private final Reason reason;

  CatalogueException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
