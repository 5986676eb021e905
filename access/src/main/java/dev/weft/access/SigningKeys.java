// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import dev.weft.access.AccessStore.SealedSigningKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The RSA keys that sign tokens: one signs, those before it verify until their last token ended
 * . Read from the store, or made, when first asked for: 2048 bits take a fraction of a
 * second that a start does not have. Safe for any thread; the lock is held while a key is made.
 */
final class SigningKeys {
  private static final int KEY_BITS = 2048;

  /** A key may sign until the first grant after its age; clocks of validators differ. */
  private static final Duration MARGIN = Duration.ofHours(1);

  /** One key pair. */
  record SigningKey(
      String id, RSAPrivateCrtKey privateKey, RSAPublicKey publicKey, Instant createdAt) {
    /** X.509 form in PEM lines, as the vendor's {@code verificationkey}. */
    String publicPem() {
      var lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
      return "-----BEGIN PUBLIC KEY-----\n"
          + lines.encodeToString(publicKey.getEncoded())
          + "\n-----END PUBLIC KEY-----";
    }

    /** JSON Web Key, public half only. */
    ObjectNode publicJwk() {
      return Descriptor.JSON
          .createObjectNode()
          .put("kty", "RSA")
          .put("e", base64Url(publicKey.getPublicExponent()))
          .put("use", "sig")
          .put("kid", id)
          .put("alg", "RS256")
          .put("value", publicPem())
          .put("n", base64Url(publicKey.getModulus()));
    }

    @Override
    public String toString() {
      return "SigningKey[" + id + "]";
    }
  }

  private final AccessStore store;
  private final Sealer sealer;
  private final AccessSettings settings;
  private final InstantSource clock;
  private final SecureRandom random;

  /** Newest first; null until read. Written under the lock. */
  private volatile @Nullable List<SigningKey> keys;

  SigningKeys(
      AccessStore store,
      Sealer sealer,
      AccessSettings settings,
      InstantSource clock,
      SecureRandom random) {
    this.store = store;
    this.sealer = sealer;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  /** The key that signs now. */
  SigningKey current() {
    SigningKey newest = published().getFirst();
    return isOld(newest) ? rotate() : newest;
  }

  /** Keys that may have signed a token which still lives; never empty. */
  List<SigningKey> published() {
    List<SigningKey> read = keys;
    return read == null ? load() : read;
  }

  @Nullable SigningKey find(String id) {
    for (SigningKey key : published()) {
      if (key.id().equals(id)) {
        return key;
      }
    }
    return null;
  }

  private synchronized List<SigningKey> load() {
    List<SigningKey> known = keys;
    if (known != null) {
      return known;
    }
    var read = new ArrayList<SigningKey>();
    for (SealedSigningKey sealed : store.signingKeys()) {
      read.add(open(sealed));
    }
    if (read.isEmpty()) {
      read.add(make());
    }
    read.sort(Comparator.comparing(SigningKey::createdAt).reversed());
    return publish(read);
  }

  private synchronized SigningKey rotate() {
    List<SigningKey> known = published();
    if (!isOld(known.getFirst())) {
      return known.getFirst();
    }
    var next = new ArrayList<SigningKey>();
    next.add(make());
    Duration use = settings.signingKeyAgeMax().plus(settings.tokenLifetime()).plus(MARGIN);
    for (SigningKey key : known) {
      if (key.createdAt().plus(use).isBefore(clock.instant())) {
        store.deleteSigningKey(key.id());
      } else {
        next.add(key);
      }
    }
    return publish(next).getFirst();
  }

  private List<SigningKey> publish(List<SigningKey> next) {
    List<SigningKey> frozen = List.copyOf(next);
    keys = frozen;
    return frozen;
  }

  private boolean isOld(SigningKey key) {
    return key.createdAt().plus(settings.signingKeyAgeMax()).isBefore(clock.instant());
  }

  private SigningKey make() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(KEY_BITS, random);
      var pair = generator.generateKeyPair();
      var privateKey = (RSAPrivateCrtKey) pair.getPrivate();
      String id = idOf(privateKey.getModulus());
      Instant now = Instant.ofEpochMilli(clock.millis());
      byte[] plain = privateKey.getEncoded();
      store.put(new SealedSigningKey(id, sealer.seal(plain, objectId(id)), now.toEpochMilli()));
      Arrays.fill(plain, (byte) 0);
      return new SigningKey(id, privateKey, (RSAPublicKey) pair.getPublic(), now);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("RSA keys cannot be made", failure);
    }
  }

  /** As {@link AccessControl#requireOpens}. */
  static void requireOpens(AccessStore store, Sealer sealer) {
    for (SealedSigningKey sealed : store.signingKeys()) {
      Arrays.fill(sealer.unseal(sealed.sealedPrivateKey(), objectId(sealed.keyId())), (byte) 0);
    }
  }

  private SigningKey open(SealedSigningKey sealed) {
    byte[] plain = sealer.unseal(sealed.sealedPrivateKey(), objectId(sealed.keyId()));
    try {
      var factory = KeyFactory.getInstance("RSA");
      var privateKey = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(plain));
      var publicKey =
          (RSAPublicKey)
              factory.generatePublic(
                  new RSAPublicKeySpec(privateKey.getModulus(), privateKey.getPublicExponent()));
      return new SigningKey(
          sealed.keyId(), privateKey, publicKey, Instant.ofEpochMilli(sealed.createdAtMillis()));
    } catch (GeneralSecurityException failure) {
      throw new SealException("Signing key " + sealed.keyId() + " cannot be read", failure);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static String objectId(String keyId) {
    return "signing-key:" + keyId;
  }

  private static String idOf(BigInteger modulus) {
    byte[] digest =
        Digests.sha256(
            "weft-signing-key".getBytes(StandardCharsets.US_ASCII), modulus.toByteArray());
    return "weft-"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(digest).substring(0, 16);
  }

  /** Big-endian without a sign byte (RFC 7518, 6.3.1). */
  private static String base64Url(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int start = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOfRange(bytes, start, bytes.length));
  }

  /** Public halves, as {@code {"keys":[…]}}. */
  ObjectNode document() {
    ObjectNode document = Descriptor.JSON.createObjectNode();
    var array = document.putArray("keys");
    // A new key appears here before it signs: a validator that asks learns both.
    current();
    published().stream().map(SigningKey::publicJwk).forEach(array::add);
    return document;
  }
}
