// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import dev.weft.access.InvalidToken.Reason;
import dev.weft.access.SigningKeys.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes and checks our tokens: JWT, RS256 alone, claims as the vendor's token service sets them
 * (wire reference 3.6). A token is checked against what we would have issued, never against what it
 * says about itself: {@code jku}, {@code x5u} and {@code jwk} are not looked at. Safe for
 * any thread.
 */
final class AccessTokens {
  /** Skew of clocks that is forgiven (wire reference 3.4). */
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final int TOKEN_LENGTH_MAX = 8 * 1024;
  private static final String ALGORITHM = "RS256";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** A token that was made. */
  record Issued(String token, String jti, String scope, Instant issuedAt, Instant expiresAt) {
    @Override
    public String toString() {
      return "Issued[" + jti + "]";
    }
  }

  /** What a token proved. */
  record Verified(String clientId, Instant expiresAt) {}

  private final SigningKeys keys;
  private final AccessSettings settings;
  private final InstantSource clock;
  private final SecureRandom random;

  AccessTokens(
      SigningKeys keys, AccessSettings settings, InstantSource clock, SecureRandom random) {
    this.keys = keys;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  String issuer() {
    return settings.publicUrl() + "/oauth/token";
  }

  Issued issue(ServiceInstance instance, String clientId, String zoneId) {
    SigningKey key = keys.current();
    Instant issuedAt = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    Instant expiresAt = issuedAt.plus(settings.tokenLifetime());
    String jti = randomHex(16);
    List<String> granted = Descriptor.parse(instance.descriptor()).authorities();
    var scopes = new ArrayList<String>(granted);
    scopes.add("uaa.resource");
    ObjectNode header =
        Descriptor.JSON
            .createObjectNode()
            .put("alg", ALGORITHM)
            .put("jku", settings.publicUrl() + "/token_keys")
            .put("kid", key.id())
            .put("typ", "JWT");
    ObjectNode claims = Descriptor.JSON.createObjectNode().put("jti", jti);
    claims
        .putObject("ext_attr")
        .put("enhancer", "XSUAA")
        .put("subaccountid", Zone.ID)
        .put("zdn", Zone.SUBDOMAIN)
        .put("serviceinstanceid", instance.id());
    claims.put("sub", clientId);
    addAll(claims, "authorities", scopes);
    addAll(claims, "scope", scopes);
    claims
        .put("client_id", clientId)
        .put("cid", clientId)
        .put("azp", clientId)
        .put("grant_type", "client_credentials")
        .put("rev_sig", revocationSignature(clientId))
        .put("iat", issuedAt.getEpochSecond())
        .put("nbf", issuedAt.getEpochSecond())
        .put("exp", expiresAt.getEpochSecond())
        .put("iss", issuer())
        .put("zid", zoneId);
    addAll(claims, "aud", audience(clientId, granted));
    return new Issued(
        sign(key, header, claims), jti, String.join(" ", scopes), issuedAt, expiresAt);
  }

  /** The client itself, and every application that granted it a scope. */
  private static List<String> audience(String clientId, List<String> granted) {
    var audience = new LinkedHashSet<String>(List.of(clientId, "uaa"));
    for (String scope : granted) {
      audience.add(scope.substring(0, scope.lastIndexOf('.')));
    }
    return List.copyOf(audience);
  }

  /**
   * Checks everything but whether the client still exists.
   *
   * @throws InvalidToken with the first reason found
   */
  Verified verify(String token) throws InvalidToken {
    if (token.length() > TOKEN_LENGTH_MAX) {
      throw new InvalidToken(Reason.MALFORMED, "more than 8 KiB");
    }
    int firstDot = token.indexOf('.');
    int secondDot = token.indexOf('.', firstDot + 1);
    if (firstDot < 1 || secondDot < 0 || token.indexOf('.', secondDot + 1) >= 0) {
      throw new InvalidToken(Reason.MALFORMED, "not three parts");
    }
    SigningKey key = keyOf(json(token.substring(0, firstDot), "header"));
    byte[] signature = bytes(token.substring(secondDot + 1), "signature");
    requireSignature(key, token.substring(0, secondDot), signature);
    return checkClaims(json(token.substring(firstDot + 1, secondDot), "claims"));
  }

  private SigningKey keyOf(JsonNode header) throws InvalidToken {
    if (!isText(header, "alg", ALGORITHM)) {
      throw new InvalidToken(Reason.WRONG_ALGORITHM, "alg is not RS256");
    }
    if (!isText(header, "typ", "JWT")) {
      throw new InvalidToken(Reason.MALFORMED, "typ is not JWT");
    }
    if (header.has("crit")) {
      throw new InvalidToken(Reason.MALFORMED, "crit names extensions we do not know");
    }
    SigningKey key = keys.find(text(header, "kid"));
    if (key == null) {
      throw new InvalidToken(Reason.UNKNOWN_KEY, "no such signing key");
    }
    return key;
  }

  private Verified checkClaims(JsonNode claims) throws InvalidToken {
    Instant now = clock.instant();
    Instant expiresAt = time(claims, "exp");
    Instant issuedAt = time(claims, "iat");
    Instant notBefore = time(claims, "nbf");
    if (!now.isBefore(expiresAt.plus(SKEW))) {
      throw new InvalidToken(Reason.EXPIRED, "expired at " + expiresAt);
    }
    if (now.plus(SKEW).isBefore(issuedAt) || now.plus(SKEW).isBefore(notBefore)) {
      throw new InvalidToken(Reason.NOT_YET_VALID, "not valid before " + notBefore);
    }
    if (!isText(claims, "iss", issuer())) {
      throw new InvalidToken(Reason.FOREIGN, "another issuer");
    }
    if (!isText(claims, "grant_type", "client_credentials")) {
      throw new InvalidToken(Reason.FOREIGN, "not a client's token");
    }
    text(claims, "jti");
    String clientId = text(claims, "client_id");
    if (!isText(claims, "cid", clientId)
        || !isText(claims, "azp", clientId)
        || !isText(claims, "sub", clientId)) {
      throw new InvalidToken(Reason.MALFORMED, "the claims name several clients");
    }
    if (!names(claims.get("aud"), clientId)) {
      throw new InvalidToken(Reason.FOREIGN, "another audience");
    }
    return new Verified(clientId, expiresAt);
  }

  private static boolean names(@Nullable JsonNode audience, String client) {
    if (audience == null || !audience.isArray()) {
      return false;
    }
    for (JsonNode entry : audience) {
      if (entry.isString() && entry.stringValue().equals(client)) {
        return true;
      }
    }
    return false;
  }

  private static Instant time(JsonNode claims, String name) throws InvalidToken {
    JsonNode value = claims.get(name);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new InvalidToken(Reason.MALFORMED, name + " is no integer");
    }
    long seconds = value.longValue();
    // Far beyond any token of ours, and well within what Instant can add to.
    if (seconds < 0 || seconds > 253_402_300_799L) {
      throw new InvalidToken(Reason.MALFORMED, name + " is out of range");
    }
    return Instant.ofEpochSecond(seconds);
  }

  private static boolean isText(JsonNode object, String name, String expected) {
    JsonNode value = object.get(name);
    return value != null && value.isString() && value.stringValue().equals(expected);
  }

  private static String text(JsonNode object, String name) throws InvalidToken {
    JsonNode value = object.get(name);
    if (value == null || !value.isString() || value.stringValue().isEmpty()) {
      throw new InvalidToken(Reason.MALFORMED, name + " is missing");
    }
    return value.stringValue();
  }

  private static JsonNode json(String part, String what) throws InvalidToken {
    try {
      // The mapper refuses a field given twice: parsers disagree about which one counts.
      JsonNode tree = Descriptor.JSON.readTree(bytes(part, what));
      if (tree.isObject()) {
        return tree;
      }
    } catch (JacksonException malformed) {
      throw new InvalidToken(Reason.MALFORMED, what + " is no JSON");
    }
    throw new InvalidToken(Reason.MALFORMED, what + " is no object");
  }

  private static byte[] bytes(String part, String what) throws InvalidToken {
    try {
      byte[] bytes = DECODER.decode(part);
      // Base64 has several spellings of the same bytes; only one is ours.
      if (ENCODER.encodeToString(bytes).equals(part)) {
        return bytes;
      }
    } catch (IllegalArgumentException malformed) {
      throw new InvalidToken(Reason.MALFORMED, what + " is no base64url");
    }
    throw new InvalidToken(Reason.MALFORMED, what + " is no canonical base64url");
  }

  private static void requireSignature(SigningKey key, String signed, byte[] signature)
      throws InvalidToken {
    try {
      var verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(key.publicKey());
      verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
      if (verifier.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException wrongForm) {
      throw new InvalidToken(Reason.BAD_SIGNATURE, "the signature has a wrong form");
    }
    throw new InvalidToken(Reason.BAD_SIGNATURE, "the signature does not fit");
  }

  private static String sign(SigningKey key, ObjectNode header, ObjectNode claims) {
    String signed = encode(header) + "." + encode(claims);
    try {
      var signer = Signature.getInstance("SHA256withRSA");
      signer.initSign(key.privateKey());
      signer.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + ENCODER.encodeToString(signer.sign());
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("Tokens cannot be signed", failure);
    }
  }

  private static String encode(ObjectNode json) {
    return ENCODER.encodeToString(Descriptor.JSON.writeValueAsBytes(json));
  }

  private static void addAll(ObjectNode object, String name, List<String> values) {
    var array = object.putArray(name);
    values.forEach(array::add);
  }

  private String randomHex(int bytes) {
    var value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }

  /** Eight hex digits that stay while the client stays, as the vendor's. */
  private static String revocationSignature(String clientId) {
    return HexFormat.of().formatHex(Digests.sha256("rev_sig " + clientId), 0, 4);
  }
}
