// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/** Why a store cannot be opened or go on. Nothing in the store was changed when opening fails. */
public abstract sealed class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** In words: the exceptions of the file system carry little more than a path. */
  static String why(Exception e) {
    return e instanceof AccessDeniedException
        ? "no permission for " + e.getMessage()
        : String.valueOf(e.getMessage());
  }

  /** Another process has it open. */
  public static final class InUse extends StoreException {
    private static final long serialVersionUID = 1L;

    InUse(String where) {
      super("The data directory " + where + " is in use by another process", null);
    }
  }

  /** Promised data is damaged. */
  public static final class Corrupt extends StoreException {
    private static final long serialVersionUID = 1L;

    Corrupt(String message) {
      super(message, null);
    }
  }

  /** It cannot be read: permissions, an input error, or a format of another version. */
  public static final class Unreadable extends StoreException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** A write or force failed while running; the engine stopped. */
  public static final class Failed extends StoreException {
    private static final long serialVersionUID = 1L;

    Failed(String message, IOException cause) {
      super(message, cause);
    }
  }
}
