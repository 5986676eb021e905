// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

/** What the token endpoint answers (wire reference 3.3). */
public sealed interface TokenResult {
  /**
   * Status 200.
   *
   * @param expiresInSeconds what is left of the token's life
   * @param scope separated by spaces
   */
  record Granted(String accessToken, long expiresInSeconds, String scope, String jti)
      implements TokenResult {
    /** Never the token. */
    @Override
    public String toString() {
      return "Granted[" + jti + "]";
    }
  }

  /**
   * @param status 400, 401 or 429
   * @param error OAuth's word, e.g. {@code unauthorized}
   * @param retryAfterSeconds 0 when waiting does not help
   */
  record Refused(int status, String error, String description, long retryAfterSeconds)
      implements TokenResult {
    public Refused(int status, String error, String description) {
      this(status, error, description, 0);
    }
  }
}
