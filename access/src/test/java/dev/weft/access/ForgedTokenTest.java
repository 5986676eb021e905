// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.InvalidToken.Reason;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * Goal: nothing but a token of ours passes. Method: take a good token apart, change one
 * thing, sign it again (with our own key where the signature must not be what fails), and look at
 * the reason.
 */
class ForgedTokenTest {
  @TempDir Path directory;
  private Access world;
  private AccessControl access;
  private ServiceKey key;
  private String good;
  private SigningKeys.SigningKey ours;

  @BeforeEach
  void open() {
    world = new Access(directory);
    access = world.open();
    access.putInstance("shop", Access.DESCRIPTOR);
    key = access.createKey("shop", "default", null);
    good = Access.token(access, key);
    ours =
        new SigningKeys(world.store, world.sealer, world.settings, world.clock, world.random)
            .current();
  }

  private String part(int index) {
    return good.split("\\.")[index];
  }

  private ObjectNode json(int index) {
    return (ObjectNode) Descriptor.JSON.readTree(Base64.getUrlDecoder().decode(part(index)));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String encode(String text) {
    return encode(text.getBytes(UTF_8));
  }

  private static String signed(String header, String claims, PrivateKey key, String algorithm) {
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      String content = header + "." + claims;
      signature.update(content.getBytes(UTF_8));
      return content + "." + encode(signature.sign());
    } catch (java.security.GeneralSecurityException failure) {
      throw new AssertionError(failure);
    }
  }

  private String signed(String header, String claims) {
    return signed(header, claims, ours.privateKey(), "SHA256withRSA");
  }

  private String withHeader(Consumer<ObjectNode> change) {
    ObjectNode header = json(0);
    change.accept(header);
    return signed(encode(header.toString()), part(1));
  }

  private String withClaims(Consumer<ObjectNode> change) {
    ObjectNode claims = json(1);
    change.accept(claims);
    return signed(part(0), encode(claims.toString()));
  }

  private String hmac(String header, byte[] secret) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    String content = encode(header) + "." + part(1);
    return content + "." + encode(mac.doFinal(content.getBytes(UTF_8)));
  }

  private static KeyPair foreignKey() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private record Forgery(String name, Reason reason, String token) {}

  @Test
  void theGoodTokenPasses() throws Exception {
    assertThat(access.verify(good).clientId()).isEqualTo(key.clientId());
    // What the other cases change is what makes them fail: signed again, the same content passes.
    assertThat(access.verify(signed(part(0), part(1))).clientId()).isEqualTo(key.clientId());
  }

  @TestFactory
  List<DynamicTest> everyForgeryIsRefused() throws Exception {
    var forgeries = new ArrayList<Forgery>();
    forgeries.addAll(forms());
    forgeries.addAll(algorithms());
    forgeries.addAll(signatures());
    forgeries.addAll(claims());
    assertThat(forgeries).hasSizeGreaterThanOrEqualTo(60);
    return forgeries.stream()
        .map(
            forgery ->
                DynamicTest.dynamicTest(
                    forgery.name(), () -> assertRefused(forgery.token(), forgery.reason())))
        .toList();
  }

  private void assertRefused(String token, Reason reason) {
    for (int attempt = 0; attempt < 2; attempt++) {
      // Twice: a refusal must not be remembered as a success.
      assertThatThrownBy(() -> access.verify(token))
          .isInstanceOfSatisfying(
              InvalidToken.class, invalid -> assertThat(invalid.reason()).isEqualTo(reason));
    }
  }

  private List<Forgery> forms() {
    String h = part(0);
    String c = part(1);
    String s = part(2);
    char last = s.charAt(s.length() - 1);
    return List.of(
        malformed("empty", ""),
        malformed("one part", h),
        malformed("two parts", h + "." + c),
        malformed("two parts and a dot in front", "." + h + "." + c),
        malformed("four parts", good + "."),
        malformed("five parts", good + ".a.b"),
        malformed("empty header", "." + c + "." + s),
        malformed("spaces", " " + good),
        malformed("line break", good + "\n"),
        malformed("padding", h + "=." + c + "." + s),
        malformed(
            "standard base64 in the header", encode("{\"alg\":\"RS256\"}") + "+." + c + "." + s),
        malformed("header no JSON", encode("RS256") + "." + c + "." + s),
        malformed("header an array", encode("[]") + "." + c + "." + s),
        malformed("header null", encode("null") + "." + c + "." + s),
        malformed("header with a tail", encode("{\"alg\":\"RS256\"}{}") + "." + c + "." + s),
        malformed("claims no JSON", signed(h, encode("claims"))),
        malformed("claims an array", signed(h, encode("[]"))),
        malformed("claims empty", signed(h, "")),
        malformed("claims with a tail", signed(h, encode(json(1) + "{}"))),
        malformed(
            "claims twice",
            signed(h, encode(json(1).toString().replaceFirst("\\{", "{\"exp\":99999999999,")))),
        malformed("alg twice", signed(encode("{\"alg\":\"none\",\"alg\":\"RS256\"}"), c)),
        malformed("signature not canonical", good.substring(0, good.length() - 1) + other(last)),
        malformed("more than 8 KiB", good + "A".repeat(8 * 1024)),
        malformed("no ASCII", good.replace('e', '\u0435')));
  }

  /** Another letter with the same leading bits: decodes to the same bytes. */
  private static char other(char last) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int index = alphabet.indexOf(last);
    return alphabet.charAt(index ^ 1);
  }

  private static Forgery malformed(String name, String token) {
    return new Forgery(name, Reason.MALFORMED, token);
  }

  private List<Forgery> algorithms() throws Exception {
    String c = part(1);
    byte[] publicKey = ours.publicKey().getEncoded();
    String hs = "{\"alg\":\"HS256\",\"kid\":\"" + ours.id() + "\",\"typ\":\"JWT\"}";
    var all = new ArrayList<Forgery>();
    all.add(
        wrong("none, no signature", encode("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + c + "."));
    for (String alg :
        List.of(
            "none", "None", "NONE", "RS384", "RS512", "PS256", "ES256", "rs256", "RS256 ", "",
            "HS256", "EdDSA")) {
      all.add(wrong("alg " + alg, withHeader(header -> header.put("alg", alg))));
    }
    all.add(wrong("no alg", withHeader(header -> header.remove("alg"))));
    all.add(wrong("alg a number", withHeader(header -> header.put("alg", 1))));
    all.add(wrong("alg a list", withHeader(header -> header.putArray("alg").add("RS256"))));
    all.add(wrong("HS256 with the public key", hmac(hs, publicKey)));
    all.add(wrong("HS256 with the PEM", hmac(hs, ours.publicPem().getBytes(UTF_8))));
    all.add(malformed("HS256 signature under RS256", withHeader(header -> header.remove("typ"))));
    all.add(malformed("typ another", withHeader(header -> header.put("typ", "JOSE"))));
    all.add(malformed("crit", withHeader(header -> header.putArray("crit").add("b64"))));
    all.add(malformed("no kid", withHeader(header -> header.remove("kid"))));
    all.add(malformed("kid a number", withHeader(header -> header.put("kid", 1))));
    all.add(unknown("kid another", withHeader(header -> header.put("kid", "weft-other"))));
    all.add(unknown("kid a path", withHeader(header -> header.put("kid", "../../dev/null"))));
    all.add(unknown("kid with SQL", withHeader(header -> header.put("kid", "' or '1'='1"))));
    return all;
  }

  private static Forgery wrong(String name, String token) {
    return new Forgery(name, Reason.WRONG_ALGORITHM, token);
  }

  private static Forgery unknown(String name, String token) {
    return new Forgery(name, Reason.UNKNOWN_KEY, token);
  }

  private List<Forgery> signatures() throws Exception {
    String h = part(0);
    String c = part(1);
    KeyPair foreign = foreignKey();
    byte[] changed = Base64.getUrlDecoder().decode(part(2));
    changed[10] ^= 1;
    ObjectNode jwk = json(0);
    jwk.putObject("jwk").put("kty", "RSA").put("e", "AQAB").put("n", "AQAB");
    ObjectNode jku = json(0);
    jku.put("jku", "https://evil.example/token_keys").put("x5u", "https://evil.example/x");
    return List.of(
        bad("empty signature", h + "." + c + "."),
        bad("changed signature", h + "." + c + "." + encode(changed)),
        bad("short signature", h + "." + c + "." + encode(new byte[16])),
        bad("zeros", h + "." + c + "." + encode(new byte[256])),
        bad("signature of another key", signed(h, c, foreign.getPrivate(), "SHA256withRSA")),
        bad("SHA-1 under RS256", signed(h, c, ours.privateKey(), "SHA1withRSA")),
        bad("SHA-512 under RS256", signed(h, c, ours.privateKey(), "SHA512withRSA")),
        bad(
            "claims changed after signing",
            h + "." + encode(json(1).put("client_id", "x").toString()) + "." + part(2)),
        bad(
            "header changed after signing",
            encode(json(0).put("x", 1).toString()) + "." + c + "." + part(2)),
        bad(
            "own key in the header",
            signed(encode(jwk.toString()), c, foreign.getPrivate(), "SHA256withRSA")),
        bad(
            "address of own keys in the header",
            signed(encode(jku.toString()), c, foreign.getPrivate(), "SHA256withRSA")));
  }

  private static Forgery bad(String name, String token) {
    return new Forgery(name, Reason.BAD_SIGNATURE, token);
  }

  private List<Forgery> claims() {
    long now = world.clock.instant().getEpochSecond();
    var all = new ArrayList<Forgery>();
    for (String time : List.of("exp", "iat", "nbf")) {
      all.add(malformed("no " + time, withClaims(claims -> claims.remove(time))));
      all.add(malformed(time + " a string", withClaims(claims -> claims.put(time, "" + now))));
      all.add(malformed(time + " a fraction", withClaims(claims -> claims.put(time, now + 0.5))));
      all.add(malformed(time + " negative", withClaims(claims -> claims.put(time, -1L))));
      all.add(malformed(time + " null", withClaims(claims -> claims.putNull(time))));
    }
    all.add(malformed("exp huge", withClaims(claims -> claims.put("exp", Long.MAX_VALUE))));
    all.add(
        new Forgery("expired", Reason.EXPIRED, withClaims(claims -> claims.put("exp", now - 60))));
    all.add(
        new Forgery(
            "expired long ago", Reason.EXPIRED, withClaims(claims -> claims.put("exp", 0L))));
    all.add(
        new Forgery(
            "from the future",
            Reason.NOT_YET_VALID,
            withClaims(claims -> claims.put("iat", now + 61))));
    all.add(
        new Forgery(
            "not yet", Reason.NOT_YET_VALID, withClaims(claims -> claims.put("nbf", now + 61))));
    all.add(foreign("no iss", withClaims(claims -> claims.remove("iss"))));
    all.add(
        foreign(
            "iss another",
            withClaims(claims -> claims.put("iss", "https://evil.example/oauth/token"))));
    all.add(
        foreign(
            "iss longer",
            withClaims(claims -> claims.put("iss", "https://mesh.example:8443/oauth/token/"))));
    all.add(foreign("aud another", withClaims(claims -> claims.putArray("aud").add("uaa"))));
    all.add(foreign("aud empty", withClaims(claims -> claims.putArray("aud"))));
    all.add(foreign("no aud", withClaims(claims -> claims.remove("aud"))));
    all.add(foreign("another grant", withClaims(claims -> claims.put("grant_type", "password"))));
    all.add(malformed("no jti", withClaims(claims -> claims.remove("jti"))));
    all.add(malformed("no client_id", withClaims(claims -> claims.remove("client_id"))));
    all.add(
        malformed("client_id a list", withClaims(claims -> claims.putArray("client_id").add("x"))));
    for (String name : List.of("cid", "azp", "sub")) {
      all.add(malformed(name + " another client", withClaims(claims -> claims.put(name, "x"))));
    }
    all.add(
        new Forgery(
            "a client that never was", Reason.REVOKED, withClaims(ForgedTokenTest::nobody)));
    return all;
  }

  private static Forgery foreign(String name, String token) {
    return new Forgery(name, Reason.FOREIGN, token);
  }

  private static void nobody(ObjectNode claims) {
    for (String name : List.of("client_id", "cid", "azp", "sub")) {
      claims.put(name, "sb-nobody");
    }
    claims.putArray("aud").add("sb-nobody");
  }

  @Test
  void aMinuteOfSkewIsForgiven() throws Exception {
    // wire 3.4
    world.clock.advance(AccessSettings.TOKEN_LIFETIME.plusSeconds(59));
    assertThat(access.verify(good).clientId()).isEqualTo(key.clientId());
    assertThat(world.open().verify(good).clientId()).isEqualTo(key.clientId());
    world.clock.advance(Duration.ofSeconds(1));
    // By the instance that remembers the token, and by one that does not.
    assertRefused(good, Reason.EXPIRED);
    access = world.open();
    assertRefused(good, Reason.EXPIRED);
  }

  @Test
  void aTokenOfAnotherHouseIsRefused() {
    var other = new Access(directory.resolve("other"));
    other.store.deleteSigningKey("first");
    AccessControl theirs = other.open();
    theirs.putInstance("shop", Access.DESCRIPTOR);
    assertRefused(
        Access.token(theirs, theirs.createKey("shop", "default", null)), Reason.UNKNOWN_KEY);
  }
}
