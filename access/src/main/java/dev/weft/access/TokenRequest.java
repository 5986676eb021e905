// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import org.jspecify.annotations.Nullable;

/**
 * A request to the token endpoint, GET or POST, as it came (wire reference 3.2).
 *
 * @param authorizationHeader e.g. {@code Basic …}
 * @param query the raw query, without the question mark
 * @param body the raw body
 * @param contentType of the body; JSON bodies are ignored
 * @param zoneId the header {@code x-zid}: the tenant the token is for
 * @param address of the one who asks, as far as it is known; guesses are counted by it
 */
@SuppressWarnings("ArrayRecordComponent") // Lives for one request and is never compared.
public record TokenRequest(
    @Nullable String authorizationHeader,
    @Nullable String query,
    byte @Nullable [] body,
    @Nullable String contentType,
    @Nullable String zoneId,
    String address) {
  public TokenRequest(
      @Nullable String authorizationHeader,
      @Nullable String query,
      byte @Nullable [] body,
      @Nullable String contentType) {
    this(authorizationHeader, query, body, contentType, null, "");
  }

  /** Never a header or a body: both may hold a secret. */
  @Override
  public String toString() {
    return "TokenRequest[" + contentType + "]";
  }
}
