// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.weft.access.TokenResult.Granted;
import dev.weft.access.TokenResult.Refused;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wire reference 3.2, 3.3, 3.6; R-510. */
class TokenEndpointTest {
  /** Everything that forms and headers trip over. */
  private static final String SECRET = "a+b%2Fc=d$e/f%zz-_~!";

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String GRANT = "grant_type=client_credentials";

  @TempDir Path directory;
  private Access world;
  private AccessControl access;
  private ServiceKey key;

  @BeforeEach
  void open() {
    world = new Access(directory);
    access = world.open();
    access.putInstance("shop", Access.DESCRIPTOR);
    key = access.createKey("shop", "default", SECRET);
  }

  private TokenResult guess(String secret, String address) {
    return access.grant(
        new TokenRequest(Access.basic(key.clientId(), secret), GRANT, null, null, null, address));
  }

  @Test
  void whoeverGuessesWaitsLongerAndLonger() {
    //
    for (int i = 0; i < FailedAttempts.FREE; i++) {
      assertThat(guess("wrong" + i, "192.0.2.7"))
          .isEqualTo(new Refused(401, "unauthorized", "Bad credentials"));
    }
    assertThat(guess(SECRET, "192.0.2.7"))
        .as("not even looked at")
        .isEqualTo(
            new Refused(429, "temporarily_unavailable", "Too many wrong credentials, wait 1 s", 1));
    world.clock.advance(Duration.ofSeconds(1));
    assertThat(((Refused) guess("wrong", "192.0.2.7")).status()).isEqualTo(401);
    assertThat(((Refused) guess("wrong", "192.0.2.7")).retryAfterSeconds()).isEqualTo(2);
    for (int i = 0; i < 20; i++) {
      world.clock.advance(FailedAttempts.LONGEST_WAIT);
      assertThat(((Refused) guess("wrong", "192.0.2.7")).status()).isEqualTo(401);
    }
    assertThat(((Refused) guess("wrong", "192.0.2.7")).retryAfterSeconds()).isEqualTo(60);
  }

  @Test
  void theClientItselfIsNotLockedOutByAStranger() {
    //
    for (int i = 0; i < 2 * FailedAttempts.FREE; i++) {
      var _ = guess("wrong", "192.0.2.7");
    }
    assertThat(guess(SECRET, "192.0.2.8")).isInstanceOf(Granted.class);
  }

  @Test
  void theRightSecretAndALongSilenceForgetTheFailures() {
    for (int i = 0; i < FailedAttempts.FREE - 1; i++) {
      var _ = guess("wrong", "192.0.2.7");
    }
    assertThat(guess(SECRET, "192.0.2.7")).isInstanceOf(Granted.class);
    for (int i = 0; i < FailedAttempts.FREE; i++) {
      assertThat(((Refused) guess("wrong", "192.0.2.7")).status()).isEqualTo(401);
    }
    world.clock.advance(FailedAttempts.MEMORY.plusSeconds(1));
    for (int i = 0; i < FailedAttempts.FREE; i++) {
      assertThat(((Refused) guess("wrong", "192.0.2.7")).status()).isEqualTo(401);
    }
  }

  /** A request as one of the clients sends it; {id}, {secret} raw and {ID}, {SECRET} escaped. */
  record Form(
      String client,
      @Nullable String basic,
      @Nullable String query,
      @Nullable String body,
      @Nullable String contentType) {
    TokenRequest request(ServiceKey key, String secret) {
      String header = basic == null ? null : "Basic " + base64(fill(basic, key, secret));
      return new TokenRequest(
          header,
          query == null ? null : fill(query, key, secret),
          body == null ? null : fill(body, key, secret).getBytes(UTF_8),
          contentType);
    }

    private static String fill(String template, ServiceKey key, String secret) {
      return template
          .replace("{id}", key.clientId())
          .replace("{ID}", escaped(key.clientId()))
          .replace("{secret}", secret)
          .replace("{SECRET}", escaped(secret));
    }

    @Override
    public String toString() {
      return client;
    }
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  static List<Form> forms() {
    String basic = "{id}:{secret}";
    return List.of(
        new Form("cap: GET, Basic", basic, GRANT + "&response_type=token", null, null),
        new Form("xb-amqp: POST, Basic", basic, null, GRANT, FORM),
        new Form("xb-amqp with a scope", basic, null, GRANT + "&scope=", FORM),
        new Form(
            "xb-amqp, second attempt: raw body",
            null,
            null,
            GRANT + "&client_id={id}&client_secret={secret}",
            FORM),
        new Form(
            "emjapi: Basic and raw body and query",
            basic,
            GRANT,
            "client_id={id}&client_secret={secret}&" + GRANT + "&response_type=token",
            FORM),
        new Form(
            "capj: escaped body",
            null,
            null,
            GRANT + "&client_secret={SECRET}&client_id={ID}",
            FORM),
        new Form(
            "abap: empty JSON body", basic, GRANT + "&response_type=token", "", "application/json"),
        new Form("documentation: empty POST", basic, GRANT + "&response_type=token", "", null),
        new Form("web samples: JSON body", basic, GRANT, "{}", "application/json"),
        new Form(
            "JSON body that says otherwise",
            basic,
            GRANT,
            "grant_type=password&client_id=x",
            "application/json; charset=utf-8"),
        new Form("kyma: query and body repeat", basic, GRANT, GRANT, FORM),
        new Form(
            "no content type", null, null, GRANT + "&client_id={id}&client_secret={SECRET}", null),
        new Form(
            "odd content type",
            null,
            null,
            GRANT + "&client_id={id}&client_secret={SECRET}",
            "text/plain"),
        new Form("percent-encoded Basic", "{ID}:{SECRET}", GRANT, null, null),
        new Form("Basic wins over a wrong body", basic, GRANT, "client_id=x&client_secret=y", FORM),
        new Form(
            "everything in the query",
            null,
            GRANT + "&client_id={ID}&client_secret={SECRET}",
            null,
            null),
        new Form(
            "credentials in the body, grant in the query",
            null,
            GRANT,
            "client_id={id}&client_secret={secret}",
            FORM),
        new Form("empty parameters between", basic, "&&" + GRANT + "&=x&y&", null, null));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormOfTheClientsIsGranted(Form form) throws InvalidToken {
    TokenResult result = access.grant(form.request(key, SECRET));
    assertThat(result).isInstanceOf(Granted.class);
    Granted granted = (Granted) result;
    assertThat(granted.expiresInSeconds()).isEqualTo(43_199);
    assertThat(granted.scope()).isEqualTo("uaa.resource");
    assertThat(access.verify(granted.accessToken()).clientId()).isEqualTo(key.clientId());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void noFormIsGrantedWithAWrongSecret(Form form) {
    assertThat(access.grant(form.request(key, SECRET + "x")))
        .isEqualTo(new Refused(401, "unauthorized", "Bad credentials"));
  }

  @Test
  void aKeyMadeByUsWorksInEveryForm() {
    key = access.createKey("shop", "generated", null);
    for (Form form : forms()) {
      assertThat(access.grant(form.request(key, key.clientSecret())))
          .as(form.client())
          .isInstanceOf(Granted.class);
    }
  }

  @Test
  void whatIsRefusedIsRefusedInTheWordsOfOAuth() {
    String basic = "{id}:{secret}";
    Map<Form, Refused> cases =
        Map.of(
            new Form("none", null, GRANT, null, null),
            new Refused(
                401, "unauthorized", "Full authentication is required to access this resource"),
            new Form("unknown", "nobody:{secret}", GRANT, null, null),
            new Refused(401, "unauthorized", "Bad credentials"),
            new Form(
                "wrong Basic, right body",
                "{id}:x",
                GRANT,
                "client_id={id}&client_secret={secret}",
                FORM),
            new Refused(401, "unauthorized", "Bad credentials"),
            new Form("no colon", "{id}", GRANT, null, null),
            new Refused(401, "unauthorized", "Bad credentials"),
            new Form("no grant type", basic, null, null, null),
            new Refused(400, "invalid_request", "Missing grant type"),
            new Form("password", basic, "grant_type=password", null, null),
            new Refused(400, "unsupported_grant_type", "Unsupported grant type"),
            new Form("implicit", basic, "grant_type=implicit", null, null),
            new Refused(400, "unsupported_grant_type", "Unsupported grant type"),
            new Form("two", basic, GRANT, "grant_type=password", FORM),
            new Refused(400, "invalid_request", "Several grant types"));
    cases.forEach(
        (form, refusal) ->
            assertThat(access.grant(form.request(key, SECRET)))
                .as(form.client())
                .isEqualTo(refusal));
  }

  @Test
  void brokenHeadersAreRefused() {
    for (String header :
        List.of("Basic", "Basic ", "Basic !!!", "basic \u0000", "Basic " + base64(":"))) {
      TokenResult result = access.grant(new TokenRequest(header, GRANT, null, null));
      assertThat(result).isInstanceOf(Refused.class);
      assertThat(((Refused) result).status()).isEqualTo(401);
    }
  }

  @Test
  void aTokenIsReusedUntilFourFifthsOfItsLife() {
    Granted first = granted();
    world.clock.advance(Duration.ofSeconds(34_558));
    Granted reused = granted();
    assertThat(reused.accessToken()).isEqualTo(first.accessToken());
    assertThat(reused.expiresInSeconds()).isEqualTo(43_199 - 34_558);
    // wire 0.2, rule 2: CAP drops a token 300 s before its end.
    assertThat(reused.expiresInSeconds()).isGreaterThan(300);
    world.clock.advance(Duration.ofSeconds(2));
    assertThat(granted().accessToken()).isNotEqualTo(first.accessToken());
  }

  @Test
  void aShorterLifeIsASetting() throws InvalidToken {
    world.settings = world.settings.withTokenLifetime(Duration.ofMinutes(10));
    access = world.open();
    Granted granted = granted();
    assertThat(granted.expiresInSeconds()).isEqualTo(600);
    assertThat(access.verify(granted.accessToken()).expiresAt())
        .isEqualTo(world.clock.instant().plusSeconds(600));
  }

  private Granted granted() {
    return granted(null);
  }

  private Granted granted(@Nullable String zone) {
    return (Granted)
        access.grant(
            new TokenRequest(Access.basic(key.clientId(), SECRET), GRANT, null, null, zone, ""));
  }

  @Test
  void theTenantOfTheHeaderIsTheZoneOfTheToken() throws Exception {
    // wire 3.5
    assertThat(claims(granted("tenant-1")).getStringClaim("zid")).isEqualTo("tenant-1");
    assertThat(claims(granted("tenant-2")).getStringClaim("zid")).isEqualTo("tenant-2");
    assertThat(claims(granted("")).getStringClaim("zid")).isEqualTo(Zone.ID);
    assertThat(
            access.grant(
                new TokenRequest(
                    Access.basic(key.clientId(), SECRET), GRANT, null, null, "a b", "")))
        .isInstanceOf(Refused.class);
  }

  @Test
  void scopesGrantedByApplicationsAreInTheToken() throws Exception {
    // wire 3.6: a secured CAP application looks for its emcallback scope.
    Granted before = granted();
    access.putInstance(
        "shop",
        Access.DESCRIPTOR.replace(
            "\"emname\"",
            "\"authorities\":[\"$ACCEPT_GRANTED_AUTHORITIES\",\"shop!t1.emcallback\"],\"emname\""));
    Granted granted = granted();
    assertThat(granted.accessToken()).isNotEqualTo(before.accessToken());
    assertThat(granted.scope()).isEqualTo("shop!t1.emcallback uaa.resource");
    JWTClaimsSet claims = claims(granted);
    assertThat(claims.getStringListClaim("scope"))
        .containsExactly("shop!t1.emcallback", "uaa.resource");
    assertThat(claims.getAudience()).containsExactly(key.clientId(), "uaa", "shop!t1");
  }

  private static JWTClaimsSet claims(Granted granted) throws Exception {
    return SignedJWT.parse(granted.accessToken()).getJWTClaimsSet();
  }

  @Test
  void aForeignLibraryAcceptsOurTokens() throws Exception {
    // The oracle shares no code with us: key set, signature and claims as a receiver reads them.
    Granted granted = granted();
    SignedJWT token = SignedJWT.parse(granted.accessToken());
    JWKSet keySet = JWKSet.parse(access.tokenKeys().toString());
    RSAKey signer = keySet.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey();
    assertThat(token.verify(new RSASSAVerifier(signer))).isTrue();
    assertThat(keySet.getKeys()).noneMatch(jwk -> jwk.isPrivate());
    assertThat(signer.toRSAPublicKey().getModulus().bitLength()).isEqualTo(2048);

    Instant now = world.clock.instant();
    ServiceInstance instance = access.instance("shop");
    JWTClaimsSet claims = token.getJWTClaimsSet();
    assertThat(token.getHeader().toJSONObject())
        .containsEntry("alg", "RS256")
        .containsEntry("typ", "JWT")
        .containsEntry("jku", "https://mesh.example:8443/token_keys");
    assertThat(claims.getJWTID()).isEqualTo(granted.jti()).matches("[0-9a-f]{32}");
    assertThat(claims.getSubject()).isEqualTo(key.clientId());
    assertThat(claims.getIssuer()).isEqualTo("https://mesh.example:8443/oauth/token");
    assertThat(claims.getIssueTime()).isEqualTo(Date.from(now));
    assertThat(claims.getExpirationTime()).isEqualTo(Date.from(now.plusSeconds(43_199)));
    assertThat(claims.getAudience()).containsExactly(key.clientId(), "uaa");
    for (String name : List.of("client_id", "cid", "azp")) {
      assertThat(claims.getStringClaim(name)).as(name).isEqualTo(key.clientId());
    }
    assertThat(claims.getStringClaim("grant_type")).isEqualTo("client_credentials");
    assertThat(claims.getStringListClaim("authorities")).containsExactly("uaa.resource");
    assertThat(claims.getStringClaim("rev_sig")).matches("[0-9a-f]{8}");
    assertThat(claims.getStringClaim("zid")).isEqualTo(Zone.ID);
    assertThat(claims.getJSONObjectClaim("ext_attr"))
        .containsEntry("enhancer", "XSUAA")
        .containsEntry("serviceinstanceid", instance.id())
        .containsEntry("subaccountid", Zone.ID)
        .containsEntry("zdn", "weft");
  }

  @Test
  void theKeySetHoldsThePemAsWell() throws Exception {
    // The reference of the S/4 and BTP side 4.8: older validators read value.
    var jwk = access.tokenKeys().get("keys").get(0);
    assertThat(jwk.propertyNames()).containsExactly("kty", "e", "use", "kid", "alg", "value", "n");
    String pem = jwk.get("value").stringValue();
    byte[] der =
        Base64.getMimeDecoder()
            .decode(
                pem.replace("-----BEGIN PUBLIC KEY-----", "")
                    .replace("-----END PUBLIC KEY-----", ""));
    var fromPem = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    assertThat(fromPem).isEqualTo(RSAKey.parse(jwk.toString()).toRSAPublicKey());
  }
}
