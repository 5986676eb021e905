// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import org.jspecify.annotations.Nullable;

/** The server does not start. The message is one sentence for the person at the terminal. */
public final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  public StartFailure(ExitCode code, String sentence) {
    this(code, sentence, null);
  }

  public StartFailure(ExitCode code, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.code = code;
  }

  public ExitCode code() {
    return code;
  }
}
