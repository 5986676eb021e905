// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A service key as the doors meet it.
 *
 * @param secretDigest SHA-256 of the secret: comparing digests takes the same time for every guess
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared as a record.
record Client(ServiceKey key, byte[] secretDigest) {
  /** Nobody: unknown clients are compared with it, so that they take the time of known ones. */
  private static final byte[] NOBODY = Digests.sha256("no client has this secret");

  static Client of(ServiceKey key) {
    return new Client(key, Digests.sha256(key.clientSecret()));
  }

  /** Whether the secret is that of the client, in constant time. */
  static boolean proves(@Nullable Client client, String secret) {
    byte[] expected = client == null ? NOBODY : client.secretDigest;
    return MessageDigest.isEqual(expected, Digests.sha256(secret)) && client != null;
  }

  @Override
  public String toString() {
    return "Client[" + key + "]";
  }
}
