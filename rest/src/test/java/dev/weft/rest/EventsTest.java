// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.QueueName;
import dev.weft.rest.RestFixture.Reply;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events API of wire 6.4, one test for each row of its table. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsTest {
  private static final String EVENTS = RestDoor.EVENTS + "/events";
  private static final String ALL = EVENTS + "/subscriptions";
  private static final String ONE = ALL + "/orders-to-app";
  private static final String EVENT =
      """
      {"specversion":"1.0","id":"A-1","source":"/acme/shop/one","type":"order.created.v1",
       "data":{"n":1}}""";
  private static final String SUBSCRIPTION =
      """
      {"name":"orders-to-app","events":[{"source":"/acme/shop/one","type":"order.created.v1"}],
       "webhookUrl":"https://app.example/push","qos":"AT_LEAST_ONCE","exemptHandshake":true,
       "contentMode":"BINARY",
       "webhookAuth":{"type":"oauth2","grantType":"client_credentials","clientId":"id-1",
         "clientSecret":"top-secret","tokenUrl":"https://auth.example/oauth/token"}}""";

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

  private Reply create() {
    return fixture.ask("POST", ALL, SUBSCRIPTION, "Content-Type", "application/json");
  }

  private Reply publish(String body, String... headers) {
    return fixture.ask("POST", EVENTS, body, headers);
  }

  private JsonNode stored() {
    Reply consumed =
        fixture.ask(
            "POST",
            RestDoor.MESSAGING
                + "/queues/"
                + RestFixture.segment("acme/shop/one/ems/orders-to-app")
                + "/messages/consumption",
            null,
            "x-qos",
            "0");
    assertThat(consumed.status()).isEqualTo(200);
    assertThat(consumed.header("Content-Type")).isEqualTo("application/cloudevents+json");
    assertThat(consumed.header("x-address")).isEqualTo("topic:acme/shop/one/ce/order/created/v1");
    return new JsonMapper().readTree(consumed.text());
  }

  @Test
  void anEventInStructuredModeGoesToTheTopicOfItsSourceAndType() {
    assertThat(create().status()).isEqualTo(202);
    Reply reply =
        publish(EVENT, "Content-Type", "application/cloudevents+json", "qos", "AT_LEAST_ONCE");
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.text()).isEmpty();
    assertThat(stored().path("data").path("n").asInt()).isEqualTo(1);
  }

  @Test
  void anEventInBinaryModeIsStoredWhole() {
    create();
    Reply reply =
        publish(
            "{\"n\":2}",
            "Content-Type",
            "application/json",
            "qos",
            "AT_MOST_ONCE",
            "ce-specversion",
            "1.0",
            "ce-id",
            "B-2",
            "ce-source",
            "/acme/shop/one",
            "ce-type",
            "order.created.v1",
            "ce-note",
            "caf%C3%A9");
    assertThat(reply.status()).isEqualTo(204);
    JsonNode event = stored();
    assertThat(event.path("id").asString()).isEqualTo("B-2");
    assertThat(event.path("note").asString()).isEqualTo("caf\u00e9");
    assertThat(event.path("datacontenttype").asString()).isEqualTo("application/json");
    assertThat(event.path("data").path("n").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'qos is invalid'",
    "1, 'qos is invalid'",
    "AT_LEAST_ONCE, 'id: the event has no such attribute'"
  })
  void whatIsWrongWithAnEventIsSaid(String qos, String message) {
    Reply reply =
        publish(
            "{\"specversion\":\"1.0\",\"source\":\"/acme/shop/one\",\"type\":\"a.b\"}",
            "Content-Type",
            "application/cloudevents+json; charset=UTF-8",
            "qos",
            qos);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().path("error").path("message").asString()).isEqualTo(message);
  }

  @Test
  void anEventOfAForeignSourceIsForbidden() {
    Reply reply =
        publish(
            EVENT.replace("/acme/shop/one", "/acme/other/one"),
            "Content-Type",
            "application/cloudevents+json",
            "qos",
            "AT_LEAST_ONCE");
    assertThat(reply.status()).isEqualTo(403);
  }

  @Test
  void aSubscriptionIsAcceptedOnceAndThenConflicts() {
    Reply created = create();
    assertThat(created.status()).isEqualTo(202);
    assertThat(created.json().path("href").asString()).isEqualTo(ONE);
    Reply again = create();
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().path("error").path("code").asString()).isEqualTo("CONFLICT");
  }

  @Test
  void aSubscriptionIsReadBackWithoutItsSecret() {
    create();
    Reply reply = fixture.ask("GET", ONE, null);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).doesNotContain("top-secret");
    JsonNode document = reply.json();
    assertThat(document.path("events").path(0).path("type").asString())
        .isEqualTo("order.created.v1");
    assertThat(document.path("webhookUrl").asString()).isEqualTo("https://app.example/push");
    assertThat(document.path("webhookAuth").path("clientId").asString()).isEqualTo("id-1");
    assertThat(document.path("qos").asString()).isEqualTo("AT_LEAST_ONCE");
    assertThat(document.path("contentMode").asString()).isEqualTo("BINARY");
    assertThat(document.path("subscriptionStatus").asString()).isEqualTo("Active");
    assertThat(document.path("handshakeStatus").asString()).isEqualTo("Failed");
    assertThat(document.path("lastFailedDeliveryReason").asString()).isEqualTo("HTTP 503");
    assertThat(fixture.ask("GET", ALL + "/nothing", null).status()).isEqualTo(404);
  }

  @Test
  void theListIsAnArrayOfEventSubscriptionsAlone() {
    assertThat(fixture.ask("GET", ALL, null).text()).isEqualTo("[]");
    create();
    JsonNode all = fixture.ask("GET", ALL, null).json();
    assertThat(all.isArray()).isTrue();
    assertThat(all.path(0).path("name").asString()).isEqualTo("orders-to-app");
  }

  @Test
  void credentialsAreChangedInPlace() {
    create();
    String auth =
        """
        {"webhookAuth":{"type":"oauth2","grantType":"client_credentials","clientId":"id-2",
          "clientSecret":"other","tokenUrl":"https://auth.example/oauth/token"}}""";
    assertThat(fixture.ask("PATCH", ONE, auth, "Content-Type", "application/json").status())
        .isEqualTo(204);
    assertThat(fixture.ask("GET", ONE, null).json().path("webhookAuth").path("clientId").asString())
        .isEqualTo("id-2");
    assertThat(fixture.ask("PATCH", ONE, "{}", "Content-Type", "application/json").status())
        .isEqualTo(400);
  }

  @Test
  void pausingAndHandshakesAreAccepted() {
    create();
    assertThat(fixture.ask("PUT", ONE + "/state", "{\"action\":\"pause\"}").status())
        .isEqualTo(202);
    assertThat(fixture.ask("GET", ONE, null).json().path("subscriptionStatus").asString())
        .isEqualTo("Paused");
    assertThat(fixture.ask("PUT", ONE + "/state", "{\"action\":\"stop\"}").status()).isEqualTo(400);
    assertThat(fixture.ask("POST", ONE + "/handshake", null).status()).isEqualTo(202);
    assertThat(fixture.pusher.calls()).contains("paused orders-to-app", "handshake orders-to-app");
  }

  @Test
  void deletingTakesTheQueueToo() {
    create();
    QueueName queue = new QueueName("acme/shop/one/ems/orders-to-app");
    assertThat(fixture.engine.queues()).containsKey(queue);
    assertThat(fixture.ask("DELETE", ONE, null).status()).isEqualTo(204);
    assertThat(fixture.ask("DELETE", ONE, null).status()).isEqualTo(404);
    assertThat(fixture.engine.queues()).doesNotContainKey(queue);
  }

  @Test
  void aSubscriptionThatTheRulesForbidLeavesNothingBehind() {
    Reply reply =
        fixture.ask("POST", ALL, SUBSCRIPTION.replace("\"/acme/shop/one\"", "\"/foreign/x/y/z\""));
    assertThat(reply.status()).isEqualTo(403);
    assertThat(fixture.engine.queues())
        .doesNotContainKey(new QueueName("acme/shop/one/ems/orders-to-app"));
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /events",
    "GET, /events",
    "PUT, /events/subscriptions/x",
    "GET, /events/subscriptions/x/state"
  })
  void otherMethodsAreRefused(String method, String path) {
    assertThat(fixture.ask(method, RestDoor.EVENTS + path, null).status()).isEqualTo(405);
  }
}
