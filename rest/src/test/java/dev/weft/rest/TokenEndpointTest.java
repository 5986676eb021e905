// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.InvalidToken;
import dev.weft.rest.RestFixture.Reply;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every form of wire 3.2 and the answers of 3.3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenEndpointTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private RestFixture fixture;

  @BeforeAll
  void open(@TempDir Path folder) {
    fixture = new RestFixture(folder);
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "cap                 | GET  | ?grant_type=client_credentials&response_type=token | basic | - | -",
        "xb                  | POST | -                              | basic | form | grant_type=client_credentials",
        "xb, second attempt  | POST | -                              | -     | form | grant_type=client_credentials&client_id=ID&client_secret=SECRET",
        "emjapi              | POST | ?grant_type=client_credentials | basic | form | client_id=ID&client_secret=SECRET&grant_type=client_credentials&response_type=token",
        "capj                | POST | -                              | -     | form | grant_type=client_credentials&client_secret=ESCSECRET&client_id=ESCID",
        "abap                | POST | ?grant_type=client_credentials&response_type=token | basic | application/json | -",
        "web samples         | POST | ?grant_type=client_credentials&response_type=token | basic | application/json | {}",
        "kyma                | POST | ?grant_type=client_credentials | basic | form | grant_type=client_credentials",
      })
  void everyClientsFormIsGranted(
      String client,
      String method,
      @Nullable String query,
      @Nullable String auth,
      @Nullable String type,
      @Nullable String body)
      throws InvalidToken {
    Reply reply = request(method, query, auth, type, publisher(body, false));

    assertThat(reply.status()).as(client).isEqualTo(200);
    assertThat(reply.response().headers().allValues("Content-Type"))
        .containsExactly("application/json");
    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    assertThat(reply.json().path("token_type").asString()).isEqualTo("bearer");
    assertThat(reply.json().path("expires_in").asInt()).isBetween(43_000, 43_199);
    assertThat(reply.json().path("jti").asString()).isNotBlank();
    assertThat(fixture.access.verify(reply.json().path("access_token").asString()).clientId())
        .isEqualTo(fixture.key.clientId());
  }

  @Test
  void aChunkedBodyIsRead() {
    // CAP sends its form chunked.
    Reply reply =
        request("POST", null, "basic", "form", publisher("grant_type=client_credentials", true));

    assertThat(reply.status()).isEqualTo(200);
  }

  private BodyPublisher publisher(@Nullable String body, boolean chunked) {
    if (body == null) {
      return BodyPublishers.noBody();
    }
    String id = fixture.key.clientId();
    String secret = fixture.key.clientSecret();
    byte[] bytes =
        body.replace("ESCSECRET", RestFixture.segment(secret))
            .replace("ESCID", RestFixture.segment(id))
            .replace("SECRET", secret)
            .replace("ID", id)
            .getBytes(StandardCharsets.UTF_8);
    return chunked
        ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))
        : BodyPublishers.ofByteArray(bytes);
  }

  private Reply request(
      String method,
      @Nullable String query,
      @Nullable String auth,
      @Nullable String type,
      BodyPublisher body) {
    return fixture.send(
        method,
        "/oauth/token" + (query == null ? "" : query),
        body,
        request -> {
          if ("basic".equals(auth)) {
            request.header("Authorization", RestFixture.basic(fixture.key));
          }
          if (type != null) {
            request.header("Content-Type", type.equals("form") ? FORM : type);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"GET", "POST"})
  void withoutCredentialsTheAnswerIsAChallenge(String method) {
    Reply reply =
        request(method, "?grant_type=client_credentials", null, null, BodyPublishers.noBody());

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate")).startsWith("Basic ");
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.json().path("error").asString()).isEqualTo("unauthorized");
    assertThat(reply.json().path("error_description").asString()).isNotBlank();
  }

  @Test
  void anotherGrantTypeIs400() {
    Reply reply = request("POST", "?grant_type=password", "basic", null, BodyPublishers.noBody());

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().path("error").asString()).isEqualTo("unsupported_grant_type");
  }

  @Test
  void anotherMethodIs405() {
    Reply reply = request("PUT", null, "basic", null, BodyPublishers.noBody());

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET, POST");
  }

  @Test
  void aPackedBodyIs415() {
    Reply reply =
        fixture.send(
            "POST",
            "/oauth/token",
            BodyPublishers.ofString("x"),
            request -> request.header("Content-Encoding", "gzip"));

    assertThat(reply.status()).isEqualTo(415);
  }

  @ParameterizedTest
  @CsvSource({"/token_keys", "/token_keys?zid=abc", "/oauth/token_keys"})
  void keysAreForEverybody(String path) {
    // Wire 3.6.
    Reply reply = fixture.askAs(null, "GET", path, null);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.json().path("keys").get(0).path("kty").asString()).isEqualTo("RSA");
    assertThat(reply.text()).doesNotContain("\"d\"");
  }
}
