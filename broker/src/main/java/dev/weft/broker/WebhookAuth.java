// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

/** How a push proves itself to its receiver (wire reference 7.1). Secrets never show. */
public sealed interface WebhookAuth {
  record None() implements WebhookAuth {}

  record Basic(String user, String password) implements WebhookAuth {
    @Override
    public String toString() {
      return "Basic[" + user + "]";
    }
  }

  /** Client credentials. */
  record OAuth2(String clientId, String clientSecret, String tokenUrl) implements WebhookAuth {
    @Override
    public String toString() {
      return "OAuth2[" + clientId + ", " + tokenUrl + "]";
    }
  }

  None NONE = new None();
}
