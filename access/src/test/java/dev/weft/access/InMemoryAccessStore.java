// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps records in memory, for tests. */
public final class InMemoryAccessStore implements AccessStore {
  private final Map<String, ServiceInstance> instances = new LinkedHashMap<>();
  private final Map<List<String>, SealedKey> keys = new LinkedHashMap<>();
  private final Map<String, SealedSigningKey> signingKeys = new LinkedHashMap<>();

  @Override
  public synchronized List<ServiceInstance> instances() {
    return new ArrayList<>(instances.values());
  }

  @Override
  public synchronized void put(ServiceInstance instance) {
    instances.put(instance.id(), instance);
  }

  @Override
  public synchronized void deleteInstance(String instanceId) {
    instances.remove(instanceId);
    keys.keySet().removeIf(key -> key.getFirst().equals(instanceId));
  }

  @Override
  public synchronized List<SealedKey> keys() {
    return new ArrayList<>(keys.values());
  }

  @Override
  public synchronized void put(SealedKey key) {
    keys.put(List.of(key.instanceId(), key.name()), key);
  }

  @Override
  public synchronized void deleteKey(String instanceId, String name) {
    keys.remove(List.of(instanceId, name));
  }

  @Override
  public synchronized List<SealedSigningKey> signingKeys() {
    return new ArrayList<>(signingKeys.values());
  }

  @Override
  public synchronized void put(SealedSigningKey key) {
    signingKeys.put(key.keyId(), key);
  }

  @Override
  public synchronized void deleteSigningKey(String keyId) {
    signingKeys.remove(keyId);
  }
}
