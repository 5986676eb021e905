// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import org.jspecify.annotations.Nullable;

/** The key file cannot be used, or sealed bytes cannot be opened. */
public final class SealException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SealException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
