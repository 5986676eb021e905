// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** What became of one outgoing request. */
sealed interface Outcome {
  /**
   * @param body the first bytes of it, at most what the settings allow
   */
  record Answered(int status, MultiMap headers, Buffer body) implements Outcome {
    boolean success() {
      return status >= 200 && status < 300;
    }
  }

  /**
   * @param reason short, without addresses, e.g. {@code connect refused}
   */
  record Unanswered(String reason) implements Outcome {}
}
