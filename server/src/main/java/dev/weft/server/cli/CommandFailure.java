// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.journal.StoreException;
import dev.weft.server.node.ExitCode;
import dev.weft.server.node.StartFailure;
import org.jspecify.annotations.Nullable;

/** A command cannot do what it was asked to. The message is one sentence for the terminal. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  CommandFailure(ExitCode code, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.code = code;
  }

  CommandFailure(ExitCode code, String sentence) {
    this(code, sentence, null);
  }

  static CommandFailure of(StartFailure failure) {
    return new CommandFailure(failure.code(), String.valueOf(failure.getMessage()), failure);
  }

  static CommandFailure of(StoreException failure) {
    return new CommandFailure(ExitCode.of(failure), String.valueOf(failure.getMessage()), failure);
  }

  ExitCode code() {
    return code;
  }
}
