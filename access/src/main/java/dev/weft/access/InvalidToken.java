// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

/** A token or a secret that proves nothing. The message tells operators why; clients hear 401. */
public final class InvalidToken extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** Not a token of our form, or with a claim that is missing or of the wrong type. */
    MALFORMED("it is no token of this server"),
    /** Signed with another algorithm than RS256. */
    WRONG_ALGORITHM("it is signed with another algorithm than RS256"),
    UNKNOWN_KEY("the key that signed it is not known here"),
    BAD_SIGNATURE("its signature is wrong"),
    EXPIRED("it has expired"),
    NOT_YET_VALID("it is not valid yet"),
    /** Issued by or meant for somebody else. */
    FOREIGN("it was made for another server"),
    /** The service key, or its instance, was deleted. */
    REVOKED("its service key was deleted"),
    /** Unknown client or wrong secret. */
    BAD_CREDENTIALS("client or secret is wrong");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /** A clause for people; tells nothing that the token does not show its holder. */
    public String words() {
      return words;
    }
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
