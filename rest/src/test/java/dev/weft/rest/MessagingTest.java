// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import static dev.weft.rest.RestFixture.ORDERS;
import static dev.weft.rest.RestFixture.messages;
import static dev.weft.rest.RestFixture.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.MessageContent;
import dev.weft.queue.AccessType;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.Redelivery;
import dev.weft.rest.RestFixture.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

/** Publish, consume and acknowledge, wire 6.1. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MessagingTest {
  private static final String TO_TOPIC =
      RestDoor.MESSAGING + "/topics/" + segment(RestFixture.TOPIC) + "/messages";

  private RestFixture fixture;

  @BeforeAll
  void open(@TempDir Path folder) {
    fixture = new RestFixture(folder);
  }

  @BeforeEach
  void reset() {
    fixture.reset();
    fixture.administration.putSubscription(
        fixture.instance, ORDERS, new TopicPattern("acme/shop/one/ce/*"));
    change(QueueSettings.DEFAULT.toBuilder().redelivery(Redelivery.IMMEDIATE));
  }

  private void change(QueueSettings.Builder settings) {
    fixture.engine.change(ORDERS, settings.build());
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @Test
  void aMessageToATopicIsConsumedWithItsHeaders() {
    Reply published =
        fixture.ask(
            "POST",
            TO_TOPIC,
            "{\"a\":1}",
            "x-qos",
            "1",
            "Content-Type",
            "application/cloudevents+json; charset=utf-8",
            "x-message-expiration",
            "60000");
    Reply consumed = fixture.consume(0);

    assertThat(published.status()).isEqualTo(204);
    assertThat(published.text()).isEmpty();
    assertThat(published.header("Content-Type")).isNull();
    assertThat(consumed.status()).isEqualTo(200);
    assertThat(consumed.text()).isEqualTo("{\"a\":1}");
    assertThat(consumed.header("Content-Type"))
        .isEqualTo("application/cloudevents+json; charset=utf-8");
    assertThat(consumed.header("x-address")).isEqualTo("topic:" + RestFixture.TOPIC);
    assertThat(consumed.header("x-qos")).isEqualTo("0");
    assertThat(consumed.header("x-message-id")).isNotBlank();
    assertThat(consumed.header("x-message-expiration")).isEqualTo("60000");
    assertThat(fixture.consume(0).status()).isEqualTo(204);
  }

  @Test
  void aMessageToAQueueHasNoTopic() {
    assertThat(fixture.ask("POST", messages(ORDERS), "text", "x-qos", "0").status()).isEqualTo(204);
    Reply consumed = fixture.consume(0);

    assertThat(consumed.text()).isEqualTo("text");
    assertThat(consumed.header("x-address")).isNull();
    assertThat(consumed.header("x-message-expiration")).isNull();
  }

  @Test
  void aTopicWithoutSubscribersTakesTheMessage() {
    String topic = segment("acme/shop/one/nobody/listens");

    assertThat(
            fixture
                .ask(
                    "POST",
                    RestDoor.MESSAGING + "/topics/" + topic + "/messages",
                    "x",
                    "x-qos",
                    "1")
                .status())
        .isEqualTo(204);
  }

  @Test
  void bytesOfAnyKindComeBackUnchanged() {
    byte[] body = new byte[100_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) i;
    }
    fixture.send(
        "POST",
        messages(ORDERS),
        BodyPublishers.ofByteArray(body),
        request ->
            request.header("Authorization", "Bearer " + fixture.token()).header("x-qos", "1"));

    assertThat(fixture.consume(0).response().body()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "-1", "01", "one"})
  void aMissingOrWrongQualityOfServiceIs400(String qos) {
    for (String path : List.of(TO_TOPIC, messages(ORDERS), messages(ORDERS) + "/consumption")) {
      Reply reply =
          qos.isEmpty()
              ? fixture.ask("POST", path, "x")
              : fixture.ask("POST", path, "x", "x-qos", qos);

      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.code()).isEqualTo("BAD_REQUEST");
      assertThat(reply.message()).isEqualTo("x-qos is invalid");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "soon", "1.5", "99999999999999999999"})
  void anExpirationThatIsNoneIs400(String expiration) {
    Reply reply =
        fixture.ask(
            "POST", messages(ORDERS), "x", "x-qos", "1", "x-message-expiration", expiration);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.message()).isEqualTo("x-message-expiration is invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/consumption"})
  void anUnknownQueueIs404InTheWordsThatClientsKnow(String operation) {
    QueueName unknown = new QueueName("acme/shop/one/unknown");
    Reply reply = fixture.ask("POST", messages(unknown) + operation, "x", "x-qos", "1");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.code()).isEqualTo("NOT_FOUND");
    assertThat(reply.message()).isEqualTo("Queue does not exist");
  }

  @ParameterizedTest
  @CsvSource({
    "/topics/other%2Fshop%2Fone%2Fx/messages",
    "/queues/other%2Fshop%2Fone%2Fq/messages",
    "/queues/other%2Fshop%2Fone%2Fq/messages/consumption",
  })
  void whatTheRulesForbidIs403(String path) {
    // Rule 20, wire 1.6.
    Reply reply = fixture.ask("POST", RestDoor.MESSAGING + path, "x", "x-qos", "1");

    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.code()).isEqualTo("FORBIDDEN");
  }

  @ParameterizedTest
  @CsvSource({
    "/topics/a%20b/messages",
    "/topics/acme%2Fshop%2Fone%2F%2B/messages",
    "/topics/acme%2Fshop%2Fone%2F*/messages",
    "/queues/a%20b/messages",
    "/queues/a+b/messages",
    "/queues/acme%2F%2Fone/messages/consumption",
  })
  void aMalformedNameIs400(String path) {
    Reply reply = fixture.ask("POST", RestDoor.MESSAGING + path, "x", "x-qos", "1");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("BAD_REQUEST");
  }

  @Test
  void aFullQueueIs422InTheWordsOfTheVendor() {
    change(QueueSettings.DEFAULT.toBuilder().maxMessages(1));
    fixture.publish("1");
    Reply reply = fixture.ask("POST", TO_TOPIC, "2", "x-qos", "1");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.code()).isEqualTo("SPOOL_LIMIT_EXCEEDED");
    assertThat(reply.message()).isEqualTo("Queue or Topic spool limit exceeded");
  }

  @Test
  void aClosedQueueIs503WithATimeToComeBack() {
    change(QueueSettings.DEFAULT.toBuilder().ingressDisabled(true));
    Reply reply = fixture.ask("POST", messages(ORDERS), "x", "x-qos", "1");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"any\":true}", "no json"})
  void theBodyOfAConsumptionIsIgnored(String body) {
    fixture.publish("m");

    assertThat(
            fixture
                .ask(
                    "POST",
                    messages(ORDERS) + "/consumption",
                    body,
                    "x-qos",
                    "0",
                    "Content-Type",
                    "application/json")
                .text())
        .isEqualTo("m");
  }

  @Test
  void anAcknowledgedMessageIsGone() {
    fixture.publish("m");
    Reply consumed = fixture.consume(1);
    assertThat(consumed.header("x-qos")).isEqualTo("1");
    assertThat(fixture.consume(1).status()).isEqualTo(204);
    assertThat(fixture.engine.stats(ORDERS).unsettledMessages()).isEqualTo(1);

    assertThat(acknowledge(consumed).status()).isEqualTo(204);
    awaitMessages(0);
    assertThat(acknowledge(consumed).status()).isEqualTo(404);
    awaitNoConsumers();
  }

  private Reply acknowledge(Reply consumed) {
    return acknowledge(Objects.requireNonNull(consumed.header("x-message-id")));
  }

  private Reply acknowledge(String id) {
    return fixture.ask("POST", messages(ORDERS) + "/" + segment(id) + "/acknowledgement", null);
  }

  private void awaitMessages(long count) {
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> fixture.engine.stats(ORDERS).messages() == count);
  }

  private void awaitNoConsumers() {
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> fixture.engine.stats(ORDERS).consumers() == 0);
  }

  @Test
  void anUnacknowledgedMessageReturnsAfterTwoMinutesWithItsCount() {
    fixture.publish("m");
    Reply consumed = fixture.consume(1);
    fixture.clock.advance(Duration.ofSeconds(119));
    fixture.engine.poke();
    assertThat(fixture.consume(1).status()).isEqualTo(204);
    fixture.clock.advance(Duration.ofSeconds(2));
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> fixture.engine.stats(ORDERS).unsettledMessages() == 0);

    assertThat(fixture.engine.browse(ORDERS, 0, 1).getFirst().failedCount()).isEqualTo(1);
    assertThat(acknowledge(consumed).status()).isEqualTo(404);
    Reply again = fixture.consume(1);
    assertThat(again.text()).isEqualTo("m");
    assertThat(again.header("x-message-id")).isEqualTo(consumed.header("x-message-id"));
    assertThat(acknowledge(again).status()).isEqualTo(204);
    awaitMessages(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ID:abc-1:2:3", "a/b c", "ümlaut", "a\r\nx-evil: 1"})
  void anIdOfAnyKindSurvivesTheAcknowledgement(String id) {
    append(id, "text/plain");
    Reply consumed = fixture.consume(1);

    assertThat(consumed.header("x-evil")).isNull();
    assertThat(acknowledge(consumed).status()).isEqualTo(204);
    awaitMessages(0);
  }

  @Test
  void aMessageWithoutContentTypeIsBytes() {
    append("id", null);

    assertThat(fixture.consume(0).header("Content-Type")).isEqualTo("application/octet-stream");
  }

  private void append(String id, @Nullable String contentType) {
    byte[] body = "x".getBytes(StandardCharsets.UTF_8);
    MessageContent content = new MessageContent(id, "", "", contentType, null, 0, Map.of(), body);
    RecordingAppend append = new RecordingAppend();
    fixture.engine.append(
        List.of(ORDERS),
        content.toMessage(new Address.OfQueue(ORDERS), true, Message.NO_TTL),
        append);
    append.awaitStored();
  }

  @Test
  void twoMessagesOfOneIdAreAcknowledgedOneByOne() {
    append("same", "text/plain");
    append("same", "text/plain");
    fixture.consume(1);
    fixture.consume(1);

    assertThat(acknowledge("same").status()).isEqualTo(204);
    awaitMessages(1);
    assertThat(acknowledge("same").status()).isEqualTo(204);
    awaitMessages(0);
  }

  @Test
  void anotherInstanceCannotAcknowledge() {
    fixture.publish("m");
    Reply consumed = fixture.consume(1);
    fixture.access.putInstance("other", RestFixture.descriptor("other", "acme/other/one", true));
    String token = fixture.token(fixture.access.createKey("other", "default", null));
    Reply reply =
        fixture.askAs(
            token,
            "POST",
            messages(ORDERS) + "/" + consumed.header("x-message-id") + "/acknowledgement",
            null);

    assertThat(reply.status()).isEqualTo(404);
    assertThat(fixture.engine.stats(ORDERS).unsettledMessages()).isEqualTo(1);
  }

  @Test
  void manyReadersAtOnceGetEachMessageOnce() throws ExecutionException, InterruptedException {
    for (int i = 0; i < 40; i++) {
      fixture.publish("m" + i);
    }
    Set<String> texts = new TreeSet<>();
    int empty = 0;
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int qos = i % 2;
        replies.add(readers.submit(() -> fixture.consume(qos)));
      }
      for (Future<Reply> reply : replies) {
        if (reply.get().status() == 204) {
          empty++;
        } else {
          texts.add(reply.get().text());
        }
      }
    }
    assertThat(texts).hasSize(40);
    assertThat(empty).isEqualTo(10);
  }

  @Test
  void anExclusiveQueueIsReadOnWhileAMessageIsUnacknowledged() {
    change(QueueSettings.DEFAULT.toBuilder().accessType(AccessType.EXCLUSIVE));
    fixture.publish("1");
    fixture.publish("2");

    assertThat(fixture.consume(1).text()).isEqualTo("1");
    assertThat(fixture.consume(1).text()).isEqualTo("2");
    assertThat(fixture.engine.stats(ORDERS).consumers()).isEqualTo(1);
  }

  @Test
  void aDeletedQueueTakesItsUnacknowledgedMessagesAlong() {
    fixture.publish("m");
    Reply consumed = fixture.consume(1);
    fixture.administration.deleteQueue(fixture.instance, ORDERS);

    await().pollInterval(Duration.ofMillis(2)).until(() -> acknowledge(consumed).status() == 404);
    assertThat(fixture.consume(1).status()).isEqualTo(404);
  }
}
