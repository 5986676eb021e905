// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.util.List;

/**
 * Where access keeps its records; the broker's catalogue implements it. What it gets is already
 * sealed. Every write is durable when it returns.
 */
public interface AccessStore {
  /** A service key at rest. */
  record SealedKey(
      String instanceId, String name, String clientId, byte[] sealedSecret, long createdAtMillis) {}

  /** A private key that signs tokens, at rest: sealed PKCS#8. */
  record SealedSigningKey(String keyId, byte[] sealedPrivateKey, long createdAtMillis) {}

  List<ServiceInstance> instances();

  void put(ServiceInstance instance);

  /** Its keys go with it. */
  void deleteInstance(String instanceId);

  List<SealedKey> keys();

  void put(SealedKey key);

  void deleteKey(String instanceId, String name);

  List<SealedSigningKey> signingKeys();

  void put(SealedSigningKey key);

  void deleteSigningKey(String keyId);
}
