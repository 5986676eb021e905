// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import static dev.weft.rest.RestFixture.ORDERS;
import static dev.weft.rest.RestFixture.segment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.QueueName;
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

/** The management API of wire 8. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagementTest {
  private static final String BASE = RestDoor.MANAGEMENT;
  private static final String NEW = BASE + "/queues/" + segment("acme/shop/one/new");
  private static final String QUEUE = BASE + "/queues/" + segment(ORDERS);

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

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      nullValues = "-",
      value = {
        "cap 9, -, -",
        "cap 10, {}, application/json",
        "capj, '', application/json",
        "RestTemplate, -, -",
        "abap, -, application/json",
      })
  void aQueueIsMadeWith201AndFoundWith200(
      String client, @Nullable String body, @Nullable String contentType) {
    // Rule 7 and the request peculiarities of wire 8.1.
    String[] headers =
        contentType == null ? new String[0] : new String[] {"Content-Type", contentType};
    Reply created = fixture.ask("PUT", NEW, body, headers);
    Reply again = fixture.ask("PUT", NEW, body, headers);

    assertThat(created.status()).as(client).isEqualTo(201);
    assertThat(again.status()).isEqualTo(200);
    for (Reply reply : new Reply[] {created, again}) {
      assertThat(reply.header("Content-Type")).isEqualTo("application/json");
      assertThat(reply.json().path("name").asString()).isEqualTo("acme/shop/one/new");
    }
  }

  @Test
  void theQueueObjectHasEveryAttributeOfTheVendor() {
    fixture.publish("twenty-four bytes here..");
    JsonNode queue = fixture.ask("GET", QUEUE, null).json();

    assertThat(queue.path("name").asString()).isEqualTo("acme/shop/one/orders");
    assertThat(queue.path("accessType").asString()).isEqualTo("NON_EXCLUSIVE");
    assertThat(queue.path("messageCount").asInt()).isEqualTo(1);
    assertThat(queue.path("queueSizeInBytes").asInt()).isGreaterThanOrEqualTo(24);
    assertThat(queue.path("unacknowledgedMessageCount").asInt(-1)).isZero();
    assertThat(queue.path("consumerCount").asInt(-1)).isZero();
    assertThat(queue.path("maxQueueSizeInBytes").asLong()).isEqualTo(1_572_864_000L);
    assertThat(queue.path("maxQueueMessageCount").asLong(-1)).isZero();
    assertThat(queue.path("maxMessageSizeInBytes").asInt()).isEqualTo(1_000_000);
    assertThat(queue.path("maxDeliveredUnackedMsgsPerFlow").asInt()).isEqualTo(10_000);
    assertThat(queue.path("maxRedeliveryCount").asInt(-1)).isZero();
    assertThat(queue.path("maxTtl").asInt()).isEqualTo(604_800);
    assertThat(queue.path("respectTtl").isBoolean()).isTrue();
    assertThat(queue.path("deadMsgQueue").asString()).isEmpty();
    assertThat(queue.path("ingressDisabled").asBoolean(true)).isFalse();
    assertThat(queue.path("egressDisabled").asBoolean(true)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "maxMessageSizeInBytes, 5000, maxMessageSizeInBytes, 5000",
    "maxMsgSizeInBytes, 5000, maxMessageSizeInBytes, 5000",
    "maxRedeliveryCount, '\"7\"', maxRedeliveryCount, 7",
    "accessType, '\"EXCLUSIVE\"', accessType, EXCLUSIVE",
    "respectTtl, '\"true\"', respectTtl, true",
    "deadMsgQueue, '\"acme/shop/one/orders\"', deadMsgQueue, acme/shop/one/orders",
  })
  void attributesAreSetAndOthersStay(String name, String value, String shown, String text) {
    fixture.ask("PUT", NEW, "{\"maxTtl\": 60}");
    Reply reply = fixture.ask("PUT", NEW, "{\"%s\": %s, \"unknown\": 1}".formatted(name, value));
    JsonNode queue = fixture.ask("GET", NEW, null).json();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(queue.path(shown).asString()).isEqualTo(text);
    assertThat(queue.path("maxTtl").asInt()).isEqualTo(60);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"maxRedeliveryCount\": 256}",
        "{\"maxTtl\": \"soon\"}",
        "{\"accessType\": \"SHARED\"}",
        "{\"deadMsgQueue\": \"acme/shop/one/missing\"}",
        "[]",
        "{",
      })
  void anAttributeThatIsWrongIs400(String body) {
    Reply reply = fixture.ask("PUT", NEW, body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("BAD_REQUEST");
    assertThat(fixture.ask("GET", NEW, null).status()).isEqualTo(404);
  }

  @Test
  void aJsonThatIsTooDeepIs400() {
    // T-352.
    String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);

    assertThat(fixture.ask("PUT", NEW, deep).status()).isEqualTo(400);
  }

  @Test
  void aQueueOutsideTheNamespaceIs403() {
    Reply reply = fixture.ask("PUT", BASE + "/queues/other%2Fshop%2Fone%2Fq", "{}");

    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.code()).isEqualTo("FORBIDDEN");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, ''",
    "DELETE, ''",
    "GET, /subscriptions",
    "PUT, /subscriptions/acme%2Fshop%2Fone%2Fx",
    "GET, /statistics",
    "DELETE, /messages",
  })
  void anUnknownQueueIs404(String method, String operation) {
    // Rule 8.
    Reply reply = fixture.ask(method, NEW + operation, null);

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.message()).isEqualTo("Queue does not exist");
  }

  @Test
  void aMalformedNameIs400() {
    assertThat(fixture.ask("GET", BASE + "/queues/a%20b", null).status()).isEqualTo(400);
    assertThat(fixture.ask("PUT", QUEUE + "/subscriptions/a%2F*%2Fb", null).status())
        .isEqualTo(400);
  }

  @Test
  void allQueuesAreAnArrayAndADeletedOneIsGone() {
    fixture.ask("PUT", NEW, null);
    assertThat(fixture.ask("GET", BASE + "/queues", null).json().size()).isEqualTo(2);
    Reply deleted = fixture.ask("DELETE", NEW, null);

    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.text()).isEmpty();
    JsonNode all = fixture.ask("GET", BASE + "/queues", null).json();
    assertThat(all.size()).isEqualTo(1);
    assertThat(all.get(0).path("name").asString()).isEqualTo(ORDERS.value());
  }

  @ParameterizedTest
  @CsvSource({
    "acme%2Fshop%2Fone%2Fce%2Fa, acme/shop/one/ce/a",
    "%2B%2F%2B%2F%2B%2Fce%2Fmy%2FEvent, +/+/+/ce/my/Event",
    "+%2F+%2F+%2Fce%2Fmy%2FEvent, +/+/+/ce/my/Event",
    "acme%2Fshop%2Fone%2F*, acme/shop/one/*",
    "acme%2Fshop%2Fone%2F%2A, acme/shop/one/*",
  })
  void aTopicOfAnySpellingIsSubscribed(String topic, String pattern) {
    String path = QUEUE + "/subscriptions/" + topic;
    Reply created = fixture.ask("PUT", path, "", "Content-Type", "application/json");
    Reply again = fixture.ask("PUT", path, "{}");
    String expected =
        "{\"queueName\":\"acme/shop/one/orders\",\"topicPattern\":\"%s\"}".formatted(pattern);

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text()).isEqualTo(expected);
    assertThat(again.status()).isEqualTo(200);
    assertThat(fixture.ask("GET", QUEUE + "/subscriptions", null).text())
        .isEqualTo("[" + expected + "]");
    assertThat(fixture.ask("DELETE", path, null).status()).isEqualTo(204);
    assertThat(fixture.ask("DELETE", path, null).status()).isEqualTo(404);
    assertThat(fixture.ask("GET", QUEUE + "/subscriptions", null).text()).isEqualTo("[]");
  }

  @Test
  void aSubscriptionThatTheRulesForbidIs403() {
    Reply reply = fixture.ask("PUT", QUEUE + "/subscriptions/other%2Fshop%2Fone%2Fx", "{}");

    assertThat(reply.status()).isEqualTo(403);
  }

  @Test
  void statisticsOfOneOfAllAndOfTheBroker() {
    // Wire 8.5.
    fixture.publish("a");
    fixture.publish("b");
    fixture.consume(1);
    JsonNode one = fixture.ask("GET", QUEUE + "/statistics", null).json();
    JsonNode all = fixture.ask("GET", BASE + "/queuesStatistics", null).json();
    JsonNode broker = fixture.ask("GET", BASE + "/statistics", null).json();

    for (JsonNode statistics : new JsonNode[] {one, all.get(0), broker}) {
      assertThat(statistics.path("messageCount").asInt()).isEqualTo(2);
      assertThat(statistics.path("unacknowledgedMessageCount").asInt()).isEqualTo(1);
      assertThat(statistics.path("consumerCount").asInt()).isEqualTo(1);
      assertThat(statistics.path("ingressMessageCount").asInt()).isEqualTo(2);
      assertThat(statistics.path("egressMessageCount").asInt()).isEqualTo(1);
      assertThat(statistics.path("queueSizeInBytes").asInt()).isPositive();
    }
    assertThat(one.path("name").asString()).isEqualTo(ORDERS.value());
    assertThat(broker.path("queueCount").asInt()).isEqualTo(1);
  }

  @Test
  void resourceUsageCountsWhatThereIs() {
    fixture.ask("PUT", QUEUE + "/subscriptions/acme%2Fshop%2Fone%2F*", null);
    JsonNode usage = fixture.ask("GET", BASE + "/resourceusage", null).json();

    assertThat(usage.path("resourceUnits").path("allocated").asInt()).isEqualTo(10);
    assertThat(usage.path("connections").path("max").asInt()).isEqualTo(50);
    assertThat(usage.path("connections").path("current").asInt(-1)).isZero();
    assertThat(usage.path("queues").path("current").asInt()).isEqualTo(1);
    assertThat(usage.path("queueSubscriptions").path("current").asInt()).isEqualTo(1);
    assertThat(usage.path("spoolInBytes").path("max").asLong()).isEqualTo(1_572_864_000L);
  }

  @Test
  void theMeshIsReadyForWhoeverCanAsk() {
    // Wire 8.4.
    assertThat(fixture.ask("GET", BASE + "/readinessCheck", null).status()).isEqualTo(200);
  }

  @Test
  void purgingEmptiesAQueueAndKeepsIt() {
    fixture.publish("a");
    fixture.publish("b");
    Reply purged = fixture.ask("DELETE", QUEUE + "/messages", null);

    assertThat(purged.status()).isEqualTo(200);
    assertThat(purged.json().path("purgedMessageCount").asInt()).isEqualTo(2);
    assertThat(fixture.engine.stats(ORDERS).messages()).isZero();
    assertThat(fixture.engine.queues()).containsKey(ORDERS);
  }

  @Test
  void theSuccessorsPathServesTheSame() {
    // Wire 8.6.
    String queue = RestDoor.MANAGEMENT_ALIAS + "/queues/" + segment("acme/shop/one/alias");

    assertThat(fixture.ask("PUT", queue, "{}").status()).isEqualTo(201);
    assertThat(fixture.ask("PUT", queue + "/subscriptions/acme%2Fshop%2Fone%2Fx", "{}").status())
        .isEqualTo(201);
    assertThat(fixture.engine.queues()).containsKey(new QueueName("acme/shop/one/alias"));
  }
}
