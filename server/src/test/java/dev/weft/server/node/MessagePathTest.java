// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.AccessControl;
import dev.weft.access.AccessSettings;
import dev.weft.access.Sealer;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.amqp.AmqpDoor;
import dev.weft.amqp.AmqpSettings;
import dev.weft.broker.Administration;
import dev.weft.broker.BrokerLimits;
import dev.weft.broker.Catalogue;
import dev.weft.broker.ConnectionQuota;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageContent;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.Routing;
import dev.weft.journal.JournalEngine;
import dev.weft.journal.JournalSettings;
import dev.weft.producer.GatewayConnection;
import dev.weft.producer.Outcome;
import dev.weft.producer.ServiceKeyDocument;
import dev.weft.queue.QueueName;
import dev.weft.queue.Settlement;
import dev.weft.rest.RestDoor;
import dev.weft.rest.RestSettings;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.ReceiverOptions;
import org.apache.qpid.protonj2.client.Tracker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One message through all hops of {@code docs/message-path.md}, AMQP on both ends. The rooms are
 * the real ones; between front door and journal stands a listener that notes what passes.
 */
class MessagePathTest {
  private static final QueueName ORDERS = new QueueName("acme/shop/one/orders");
  private static final QueueName AUDIT = new QueueName("acme/shop/one/audit");
  private static final String TOPIC = "acme/shop/one/ce/order/created";
  private static final byte[] BODY = "{\"order\":4711}".getBytes(StandardCharsets.UTF_8);
  private static final String DESCRIPTOR =
      """
      {"emname":"shop","namespace":"acme/shop/one","version":"1.1.0",
       "options":{"messaging":true},
       "rules":{"queueRules":{"subscribeFilter":["${namespace}/*"]},
                "topicRules":{"publishFilter":["${namespace}/*"],"subscribeFilter":["${namespace}/*"]}}}
      """;

  @TempDir Path directory;

  private final CloseStack opened = new CloseStack();
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private ListeningEngine engine;
  private GatewayConnection client;

  @BeforeEach
  void putTheRoomsTogether() throws Exception {
    Settings settings =
        Settings.of(
            SettingSources.read(
                Map.of(SettingKey.PORT, "0", SettingKey.TLS, "off"), Map.of(), directory),
            directory);
    HttpFront front =
        opened.push(
            "port",
            HttpFront.listen(
                Preparation.begin().take(),
                settings,
                null,
                AmqpSettings.DEFAULT.webSocketFrameSizeMax()));
    engine =
        opened.push(
            "journal",
            new ListeningEngine(
                JournalEngine.open(
                    directory.resolve("journal"),
                    JournalSettings.DEFAULT.withSegmentBytes(1 << 20),
                    clock,
                    new Random(1))));
    Catalogue catalogue = opened.push("catalogue", Catalogue.open(directory.resolve("catalogue")));
    Sealer sealer = Sealer.open(directory.resolve("seal-key"), random);
    AccessControl access =
        new AccessControl(
            catalogue, sealer, AccessSettings.of(settings.publicUrl(front.port())), clock, random);
    BrokerLimits limits = BrokerLimits.DEFAULT;
    Routing routing = new Routing();
    Administration administration = new Administration(catalogue, engine, routing, limits, sealer);
    administration.start();
    FrontDoor frontDoor = new FrontDoor(engine, routing, limits);
    AmqpDoor amqp =
        new AmqpDoor(front.vertx(), frontDoor, access, AmqpSettings.DEFAULT, clock, random);
    ConnectionQuota quota = new ConnectionQuota(limits);
    Router router = Router.router(front.vertx());
    new RestDoor(
            front.vertx(),
            frontDoor,
            administration,
            access,
            limits,
            quota,
            RestSettings.DEFAULT,
            clock)
        .mount(router);
    WebSocketGateway gateway = new WebSocketGateway(access, quota, "AMQP", amqp::accept);
    front.open(
        request -> {
          if (AmqpDoor.PATH.equals(request.path())) {
            gateway.handle(request);
          } else {
            router.handle(request);
          }
        });
    ServiceInstance shop = access.putInstance("shop", DESCRIPTOR);
    for (QueueName queue : Set.of(ORDERS, AUDIT)) {
      administration.putQueue(shop, queue, QueueAttributes.NONE);
      // Two patterns that match: still one copy for each queue.
      administration.putSubscription(shop, queue, new TopicPattern("acme/shop/one/ce/*"));
      administration.putSubscription(shop, queue, new TopicPattern("acme/shop/one/ce/+/created"));
    }
    client =
        GatewayConnection.open(
            ServiceKeyDocument.parse(
                access.keyDocument(shop, access.createKey("shop", "default", null)).toString()),
            null);
  }

  @AfterEach
  void takeThemApart() {
    client.close();
    opened.close();
  }

  @Test
  void oneMessagePassesAllHops() throws Exception {
    Tracker tracker =
        client
            .connection()
            .openSender("topic:" + TOPIC)
            .send(Message.create(BODY).contentType("application/json").messageId("m-1"));
    tracker.awaitSettlement(10, TimeUnit.SECONDS);

    assertThat(engine.appended())
        .as("hop 3 route: a set of queues, each once")
        .singleElement()
        .satisfies(append -> assertThat(append.queues()).containsExactlyInAnyOrder(ORDERS, AUDIT));
    ListeningEngine.Appended append = engine.appended().getFirst();
    MessageContent stored = MessageContent.read(append.message());
    assertThat(stored.body()).as("hop 1 receive: the body as it came").isEqualTo(BODY);
    assertThat(stored.to()).as("hop 1 receive: the stored form").isEqualTo("topic:" + TOPIC);
    assertThat(stored.subject()).isEqualTo(TOPIC);
    assertThat(append.thread()).as("hop 4 append: from the event loop").contains("eventloop");
    assertThat(append.storedOn()).as("hop 5 force: told by the journal").contains("journal");
    assertThat(Outcome.of(tracker).accepted()).as("hop 6 accept").isTrue();
    assertThat(engine.stats(ORDERS).messages()).as("hop 7 enqueue").isEqualTo(1);
    assertThat(engine.stats(AUDIT).messages()).isEqualTo(1);

    Receiver receiver =
        client
            .connection()
            .openReceiver("queue:" + ORDERS, new ReceiverOptions().autoAccept(false));
    Delivery delivery = receiver.receive(10, TimeUnit.SECONDS);
    Message<byte[]> received = delivery.message();

    assertThat(engine.delivered())
        .as("hop 8 deliver: the stored bytes, unchanged")
        .singleElement()
        .satisfies(
            bytes -> assertThat(bytes.message().encoded()).isEqualTo(append.message().encoded()));
    assertThat(received.body()).isEqualTo(BODY);
    assertThat(received.to()).isEqualTo("topic:" + TOPIC);
    assertThat(received.messageId()).isEqualTo("m-1");
    assertThat(received.deliveryCount()).isZero();

    delivery.accept();

    Awaitility.await("hop 9 settle")
        .untilAsserted(() -> assertThat(engine.settled()).containsExactly(Settlement.ACCEPTED));
    Awaitility.await().until(() -> engine.stats(ORDERS).messages() == 0);
    assertThat(engine.stats(AUDIT).messages()).as("the other queue keeps its copy").isEqualTo(1);
  }

  @Test
  void whatTheRulesForbidEndsAtTheSecondHop() throws Exception {
    Tracker tracker =
        client.connection().openSender("topic:acme/foreign/one/x").send(Message.create(BODY));
    tracker.awaitSettlement(10, TimeUnit.SECONDS);

    assertThat(Outcome.of(tracker).reason()).as("hop 2 admit").startsWith("amqp:not-allowed");
    assertThat(engine.appended()).isEmpty();
  }
}
