// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.rest.RestFixture.Reply;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Webhook subscriptions of wire 6.2 and 7.1. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriptionsTest {
  private static final String ALL = RestDoor.MESSAGING + "/subscriptions";

  /** CAP Node names it after its queue, encoded. */
  private static final String NAME = "acme/shop/one/orders";

  private static final String ONE = ALL + "/" + RestFixture.segment(NAME);

  private RestFixture fixture;

  @BeforeAll
  void open(@TempDir Path folder) {
    fixture = new RestFixture(folder);
  }

  @BeforeEach
  void reset() {
    fixture.reset();
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  private static String document(String name, String queue, String schema) {
    return """
        {
          "name": "%s", "address": "queue:%s", "qos": 1, "mine": {"kept": true},
          "pushConfig": {
            "type": "webhook", "endpoint": "https://app.example/push?q=acme/shop/one/orders",
            "exemptHandshake": false, "defaultContentType": "application/json",
            "securitySchema": %s
          }
        }
        """
        .formatted(name, queue, schema);
  }

  private static final String OAUTH =
      """
      {"type":"oauth2","grantType":"client_credentials","clientId":"id-1",
       "clientSecret":"top-secret","tokenUrl":"https://auth.example/oauth/token"}""";

  private Reply create() {
    return fixture.ask(
        "POST", ALL, document(NAME, NAME, OAUTH), "Content-Type", "application/json");
  }

  @Test
  void aNewSubscriptionIs201AndShowsNoSecret() {
    Reply created = create();
    Reply read = fixture.ask("GET", ONE, null);

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("Content-Type")).isEqualTo("application/json");
    assertThat(read.status()).isEqualTo(200);
    for (Reply reply : new Reply[] {created, read, fixture.ask("GET", ALL, null)}) {
      assertThat(reply.text()).doesNotContain("top-secret").contains("id-1");
    }
    JsonNode webhook = read.json();
    assertThat(webhook.path("name").asString()).isEqualTo(NAME);
    assertThat(webhook.path("address").asString()).isEqualTo("queue:" + NAME);
    assertThat(webhook.path("mine").path("kept").asBoolean()).isTrue();
    assertThat(webhook.path("pushConfig").path("endpoint").asString())
        .isEqualTo("https://app.example/push?q=acme/shop/one/orders");
    assertThat(fixture.pusher.calls()).containsExactly("active " + NAME);
  }

  @Test
  void howItFaresIsShown() {
    create();
    JsonNode webhook = fixture.ask("GET", ONE, null).json();

    assertThat(webhook.path("handshakeStatus").asString()).isEqualTo("Failed");
    assertThat(webhook.path("subscriptionStatus").asString()).isEqualTo("Active");
    assertThat(webhook.path("lastSuccessfulDelivery").asString()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(webhook.path("lastFailedDelivery").asString()).isEqualTo("2026-01-02T00:00:00Z");
    assertThat(webhook.path("lastFailedDeliveryReason").asString()).isEqualTo("HTTP 503");
    assertThat(webhook.path("nextAttempt").asString()).isEqualTo("2026-01-03T00:00:00Z");
    assertThat(webhook.path("consecutiveFailures").asInt()).isEqualTo(3);
    assertThat(webhook.path("inFlight").asInt()).isEqualTo(2);
  }

  @Test
  void theListIsAnArray() {
    assertThat(fixture.ask("GET", ALL, null).text()).isEqualTo("[]");
    create();
    JsonNode all = fixture.ask("GET", ALL, null).json();

    assertThat(all.size()).isEqualTo(1);
    assertThat(all.get(0).path("name").asString()).isEqualTo(NAME);
    assertThat(all.get(0).path("address").asString()).isEqualTo("queue:" + NAME);
  }

  @Test
  void oneThatExistsIsAConflictInTheCodeThatCapTests() {
    // Rule 9.
    create();
    Reply again = create();

    assertThat(again.status()).isEqualTo(409);
    assertThat(again.code()).isEqualTo("CONFLICT");
  }

  @Test
  void deletingIs204AndThen404() {
    // Rule 8.
    assertThat(fixture.ask("DELETE", ONE, null).status()).isEqualTo(404);
    create();
    assertThat(fixture.ask("DELETE", ONE, null).status()).isEqualTo(204);
    assertThat(fixture.ask("GET", ONE, null).status()).isEqualTo(404);
    assertThat(fixture.pusher.calls()).endsWith("removed " + NAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme%2Fshop%2Fone%2Forders", "acme/shop/one/orders"})
  void aNameMayBeEncodedOrNot(String name) {
    create();
    String path = ALL + "/" + name;

    assertThat(fixture.ask("GET", path, null).status()).isEqualTo(200);
    assertThat(fixture.ask("PUT", path + "/state", "{\"action\":\"pause\"}").status())
        .isEqualTo(202);
    assertThat(fixture.ask("POST", path + "/handshake", null).status()).isEqualTo(202);
    assertThat(fixture.ask("DELETE", path, null).status()).isEqualTo(204);
  }

  @Test
  void pausingAndResumingAreAccepted() {
    create();
    Reply paused = fixture.ask("PUT", ONE + "/state", "{\"action\":\"pause\"}");
    assertThat(paused.status()).isEqualTo(202);
    assertThat(paused.text()).isEmpty();
    assertThat(fixture.ask("GET", ONE, null).json().path("subscriptionStatus").asString())
        .isEqualTo("Paused");
    assertThat(fixture.ask("PUT", ONE + "/state", "{\"action\":\"resume\"}").status())
        .isEqualTo(202);

    assertThat(fixture.pusher.calls())
        .containsExactly("active " + NAME, "paused " + NAME, "active " + NAME);
  }

  @Test
  void aHandshakeIsTriggered() {
    create();
    // abap sends headers that mean nothing here.
    Reply reply =
        fixture.ask(
            "POST", ONE + "/handshake", null, "x-qos", "0", "Content-Type", "application/json");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(fixture.pusher.calls()).endsWith("handshake " + NAME);
  }

  @ParameterizedTest
  @CsvSource({"PUT, /state, '{\"action\":\"pause\"}'", "POST, /handshake,", "GET, '',"})
  void anUnknownNameIs404(String method, String path, @Nullable String body) {
    Reply reply = fixture.ask(method, ALL + "/unknown" + path, body);

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.code()).isEqualTo("NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"action\":\"stop\"}", "[]", "{"})
  void anActionThatIsNoneIs400(String body) {
    create();

    assertThat(fixture.ask("PUT", ONE + "/state", body).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{}", "nonsense"})
  void aDocumentThatIsNoneIs400(String body) {
    Reply reply = fixture.ask("POST", ALL, body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("BAD_REQUEST");
  }

  @Test
  void aQueueThatDoesNotExistIs404AndAForeignOneIs403() {
    Reply unknown =
        fixture.ask("POST", ALL, document("w", "acme/shop/one/unknown", "{\"type\":\"none\"}"));
    Reply foreign =
        fixture.ask("POST", ALL, document("w", "other/shop/one/q", "{\"type\":\"none\"}"));

    assertThat(unknown.status()).isEqualTo(404);
    assertThat(foreign.status()).isEqualTo(403);
  }
}
