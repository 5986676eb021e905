// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.time.Instant;

/**
 * Credentials of an instance. The secret is in clear here and lives in memory only; at rest it is
 * sealed.
 *
 * @param clientId in the vendor's form, with {@code !} and {@code |}
 */
public record ServiceKey(
    String instanceId, String name, String clientId, String clientSecret, Instant createdAt) {
  /** Never the secret. */
  @Override
  public String toString() {
    return "ServiceKey[" + instanceId + "/" + name + ", " + clientId + "]";
  }
}
