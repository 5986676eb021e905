// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

/** A token or a secret that proves nothing. The message tells operators why; clients hear 401. */
public final class InvalidToken extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** Not a token of our form, or with a claim that is missing or of the wrong type. */
    MALFORMED,
    /** Signed with another algorithm than RS256. */
    WRONG_ALGORITHM,
    UNKNOWN_KEY,
    BAD_SIGNATURE,
    EXPIRED,
    NOT_YET_VALID,
    /** Issued by or meant for somebody else. */
    FOREIGN,
    /** The service key, or its instance, was deleted. */
    REVOKED,
    /** Unknown client or wrong secret. */
    BAD_CREDENTIALS
  }

  private final Reason reason;

  InvalidToken(Reason reason, String detail) {
    // An answer, not an accident: no stack trace, no cause.
    super(detail, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
