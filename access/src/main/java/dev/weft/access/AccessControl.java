// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Instances, keys, tokens. */
@SuppressWarnings({"DoNotCallSuggester", "InlineMeSuggester", "UnusedVariable"}) // Bodies follow.
public final class AccessControl {
  public AccessControl(
      AccessStore store,
      Sealer sealer,
      AccessSettings settings,
      InstantSource clock,
      SecureRandom random) {}

  public List<ServiceInstance> instances() {
    throw new UnsupportedOperationException();
  }

  public ServiceInstance instance(String name) {
    throw new UnsupportedOperationException();
  }

  public @Nullable ServiceInstance instanceById(String id) {
    throw new UnsupportedOperationException();
  }

  public ServiceInstance putInstance(String name, String descriptorJson) {
    throw new UnsupportedOperationException();
  }

  public void deleteInstance(String name) {
    throw new UnsupportedOperationException();
  }

  public ServiceKey createKey(String instanceName, String keyName, @Nullable String secret) {
    throw new UnsupportedOperationException();
  }

  public ServiceKey key(String instanceName, String keyName) {
    throw new UnsupportedOperationException();
  }

  public List<ServiceKey> keys(String instanceName) {
    throw new UnsupportedOperationException();
  }

  public void deleteKey(String instanceName, String keyName) {
    throw new UnsupportedOperationException();
  }

  public ObjectNode keyDocument(ServiceInstance instance, ServiceKey key) {
    throw new UnsupportedOperationException();
  }

  public TokenResult grant(TokenRequest request) {
    throw new UnsupportedOperationException();
  }

  public Caller verify(String bearerToken) throws InvalidToken {
    throw new InvalidToken(InvalidToken.Reason.MALFORMED, bearerToken);
  }

  public Caller authenticate(String clientId, String clientSecret) throws InvalidToken {
    throw new InvalidToken(InvalidToken.Reason.MALFORMED, clientId);
  }

  public ObjectNode tokenKeys() {
    throw new UnsupportedOperationException();
  }

  /** The listener runs on the thread of the change and returns fast. */
  public void onChange(Consumer<AccessChange> listener) {}
}
