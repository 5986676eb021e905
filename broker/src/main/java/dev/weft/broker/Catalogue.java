// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.AccessStore;
import dev.weft.access.ServiceInstance;
import java.nio.file.Path;
import java.util.List;

/** The database. */
@SuppressWarnings({"DoNotCallSuggester", "InlineMeSuggester", "UnusedVariable"}) // Bodies follow.
public final class Catalogue implements AccessStore, AutoCloseable {
  private Catalogue() {}

  public static Catalogue open(Path directory) {
    throw new UnsupportedOperationException(directory.toString());
  }

  @Override
  public List<ServiceInstance> instances() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void put(ServiceInstance instance) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteInstance(String instanceId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SealedKey> keys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void put(SealedKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteKey(String instanceId, String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SealedSigningKey> signingKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void put(SealedSigningKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteSigningKey(String keyId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
