// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.queue.FakeClock;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** An access control over an in-memory store, for tests. */
final class Access {
  static final String DESCRIPTOR =
      """
      {"emname":"shop","version":"1.1.0","namespace":"acme/shop/one",
       "options":{"management":true,"messagingrest":true,"messaging":true},
       "rules":{"queueRules":{"publishFilter":["${namespace}/*"],"subscribeFilter":["${namespace}/*"]},
                "topicRules":{"publishFilter":["${namespace}/*"],"subscribeFilter":["${namespace}/*"]}}}
      """;

  final FakeClock clock = new FakeClock();
  final InMemoryAccessStore store = new InMemoryAccessStore();
  final SecureRandom random = new SecureRandom();
  final Sealer sealer;
  AccessSettings settings = AccessSettings.of("https://mesh.example:8443");

  /** Made once: 2048 bits take a fraction of a second, and a hundred tests need one. */
  private static final byte[] SIGNING_KEY = signingKey();

  Access(Path directory) {
    sealer = Sealer.open(directory.resolve("seal.key"), random);
    store.put(
        new AccessStore.SealedSigningKey(
            "first", sealer.seal(SIGNING_KEY, "signing-key:first"), clock.millis()));
  }

  private static byte[] signingKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair().getPrivate().getEncoded();
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** As after a restart. */
  AccessControl open() {
    return new AccessControl(store, sealer, settings, clock, random);
  }

  static String basic(String user, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  static String descriptor(String emname, String namespace) {
    return DESCRIPTOR.replace("\"shop\"", "\"" + emname + "\"").replace("acme/shop/one", namespace);
  }

  /** A token of the client. */
  static String token(AccessControl access, ServiceKey key) {
    TokenResult result =
        access.grant(
            new TokenRequest(
                basic(key.clientId(), key.clientSecret()),
                "grant_type=client_credentials",
                null,
                null));
    if (result instanceof TokenResult.Granted granted) {
      return granted.accessToken();
    }
    throw new AssertionError("refused: " + result);
  }
}
