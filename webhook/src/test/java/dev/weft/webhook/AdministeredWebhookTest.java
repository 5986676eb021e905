// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.access.AccessControl;
import dev.weft.access.AccessSettings;
import dev.weft.access.Caller;
import dev.weft.access.Sealer;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.Administration;
import dev.weft.broker.BrokerLimits;
import dev.weft.broker.Catalogue;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.HandshakeState;
import dev.weft.broker.MessageContent;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.Routing;
import dev.weft.broker.WebhookStatus;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.FakeClock;
import dev.weft.queue.InMemoryQueueEngine;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingAppend;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The dispatcher below the real administration: what is created pushes, what is deleted stops. */
class AdministeredWebhookTest {
  private static final QueueName QUEUE = new QueueName("acme/shop/one/orders");
  private static final String TOPIC = "acme/shop/one/ce/Order/Changed";
  private static final String DESCRIPTOR =
      """
      {
        "emname": "shop", "version": "1.1.0", "namespace": "acme/shop/one",
        "options": { "management": true, "messagingrest": true, "messaging": true },
        "rules": {
          "queueRules": { "publishFilter": ["${namespace}/*"], "subscribeFilter": ["${namespace}/*"] },
          "topicRules": { "publishFilter": ["${namespace}/*"], "subscribeFilter": ["${namespace}/*"] }
        }
      }
      """;

  private final Vertx vertx = Vertx.vertx();
  private final FakeClock clock = new FakeClock();
  private final InMemoryQueueEngine engine = new InMemoryQueueEngine(clock);
  private final Sink sink = new Sink(vertx);
  private Catalogue catalogue;
  private AccessControl access;
  private FrontDoor frontDoor;
  private Administration administration;
  private WebhookDispatcher dispatcher;
  private ServiceInstance instance;

  @BeforeEach
  void open(@TempDir Path folder) {
    SecureRandom random = new SecureRandom();
    catalogue = Catalogue.open(folder.resolve("catalogue"));
    Sealer sealer = Sealer.open(folder.resolve("seal.key"), random);
    access =
        new AccessControl(
            catalogue, sealer, AccessSettings.of("https://localhost:8443"), clock, random);
    Routing routing = new Routing();
    frontDoor = new FrontDoor(engine, routing, BrokerLimits.DEFAULT, access);
    administration = new Administration(catalogue, engine, routing, BrokerLimits.DEFAULT, sealer);
    administration.start();
    dispatcher =
        new WebhookDispatcher(
            vertx, QueueSource.of(frontDoor, access), WebhookSettings.of("mesh.example"), clock);
    administration.attach(dispatcher);
    instance = access.putInstance("shop", DESCRIPTOR);
    administration.putQueue(instance, QUEUE, QueueAttributes.NONE);
    administration.putSubscription(instance, QUEUE, new TopicPattern(TOPIC));
  }

  @AfterEach
  void close() {
    dispatcher.close();
    engine.close();
    catalogue.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void create() {
    String document =
        """
        {"name": "w", "address": "queue:%s", "qos": 1,
         "pushConfig": {"type": "webhook", "endpoint": "%s", "exemptHandshake": true,
           "securitySchema": {"type": "basic", "user": "u", "password": "p"}}}
        """
            .formatted(QUEUE, sink.url("/push"));
    administration.createWebhook(
        instance, WebhookSubscription.parse(instance.id(), new JsonMapper().readTree(document)));
  }

  private void publish(String body) {
    Address address = new Address.OfTopic(new TopicPattern(TOPIC));
    Message message =
        new MessageContent(
                "id",
                "",
                "",
                "application/json",
                null,
                0,
                Map.of(),
                body.getBytes(StandardCharsets.UTF_8))
            .toMessage(address, true, Message.NO_TTL);
    RecordingAppend append = new RecordingAppend();
    frontDoor.publish(new Caller(instance, "client", Instant.MAX), address, message, append);
    append.awaitStored();
  }

  private void awaitConsumers(int count) {
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> engine.stats(QUEUE).consumers() == count);
  }

  @Test
  void whatIsPublishedToTheTopicIsPushed() {
    create();
    publish("{\"n\":1}");
    Sink.Received push = sink.nth("POST", 1);

    assertThat(push.text()).isEqualTo("{\"n\":1}");
    assertThat(push.headers().get("x-address")).isEqualTo("topic:" + TOPIC);
    assertThat(push.headers().get("Authorization")).isEqualTo("Basic dTpw");
    WebhookStatus status = administration.webhookStatus(instance, "w");
    assertThat(status.handshake()).isEqualTo(HandshakeState.EXEMPTED);
  }

  @Test
  void pausingByTheAdministrationEndsTheConsumer() {
    create();
    awaitConsumers(1);
    administration.setWebhookPaused(instance, "w", true);
    awaitConsumers(0);
    publish("{}");
    administration.setWebhookPaused(instance, "w", false);

    assertThat(sink.nth("POST", 1).text()).isEqualTo("{}");
  }

  @Test
  void withTheQueueTheSubscriptionGoes() {
    create();
    awaitConsumers(1);
    administration.deleteQueue(instance, QUEUE);
    administration.putQueue(instance, QUEUE, QueueAttributes.NONE);

    assertThat(administration.webhooks(instance)).isEmpty();
    assertThat(dispatcher.status(instance.id(), "w")).isEqualTo(WebhookStatus.UNKNOWN);
    engine.poke();
    assertThat(engine.stats(QUEUE).consumers()).isZero();
  }

  @Test
  void aRuleThatNoLongerAllowsConsumingStopsThePushes() {
    //
    create();
    awaitConsumers(1);
    access.putInstance(
        "shop",
        DESCRIPTOR.replace(
            "\"queueRules\": { \"publishFilter\": [\"${namespace}/*\"], \"subscribeFilter\": [\"${namespace}/*\"] }",
            "\"queueRules\": { \"publishFilter\": [\"${namespace}/*\"], \"subscribeFilter\": [] }"));
    awaitConsumers(0);
    publish("{}");
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> dispatcher.status(instance.id(), "w").nextAttempt() != null);

    assertThat(dispatcher.status(instance.id(), "w").lastFailureReason()).contains("not allowed");
    assertThat(sink.received()).isEmpty();
  }
}
