// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static dev.weft.broker.MeshUnderTest.message;
import static dev.weft.broker.MeshUnderTest.queue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.queue.AccessType;
import dev.weft.queue.InMemoryQueueEngine;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.Redelivery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wire reference 8.1, 8.2, 9.2. */
class AdministrationTest {
  private static final QueueName ORDERS = queue("acme/shop/one/orders");
  private static final QueueName DEAD = queue("acme/shop/one/dead");
  private static final TopicPattern TOPIC = new TopicPattern("acme/shop/one/ce/*");

  @TempDir Path directory;
  private MeshUnderTest mesh;
  private Administration administration;
  private ServiceInstance shop;
  private ServiceInstance stranger;

  @BeforeEach
  void openMesh() {
    mesh = MeshUnderTest.open(directory);
    administration = mesh.administration;
    shop = mesh.instance("shop", "acme/shop/one");
    stranger = mesh.instance("stranger", "acme/shop/two");
  }

  @AfterEach
  void closeMesh() {
    mesh.close();
  }

  private static QueueAttributes attributes(String json) {
    return QueueAttributes.parse(JsonValues.JSON.readTree(json));
  }

  @Test
  void puttingAQueueTwiceCreatesItOnce() {
    // wire 0.2, rule 7
    assertThat(administration.putQueue(shop, ORDERS, QueueAttributes.NONE)).isTrue();
    assertThat(administration.putQueue(shop, ORDERS, QueueAttributes.NONE)).isFalse();
    assertThat(administration.queue(shop, ORDERS).settings()).isEqualTo(QueueSettings.DEFAULT);
    assertThat(mesh.engine.queues()).containsOnlyKeys(ORDERS);
  }

  @Test
  void attributesThatAreNotGivenKeepTheirValues() {
    // wire 8.2: CAP sends few or none at every start.
    administration.putQueue(
        shop, ORDERS, attributes("{\"accessType\":\"EXCLUSIVE\",\"maxRedeliveryCount\":\"7\"}"));
    administration.putQueue(shop, ORDERS, attributes("{\"respectTtl\":\"true\",\"maxTtl\":60}"));
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);

    QueueSettings settings = administration.queue(shop, ORDERS).settings();
    assertThat(settings.accessType()).isEqualTo(AccessType.EXCLUSIVE);
    assertThat(settings.maxRedeliveries()).isEqualTo(7);
    assertThat(settings.respectTtl()).isTrue();
    assertThat(settings.maxTtl()).isEqualTo(Duration.ofSeconds(60));
    assertThat(mesh.engine.queues()).containsEntry(ORDERS, settings);
  }

  @Test
  void theDeadMessageQueueMustExistAndBeAnother() {
    QueueAttributes dead = attributes("{\"deadMsgQueue\":\"acme/shop/one/dead\"}");
    assertThatThrownBy(() -> administration.putQueue(shop, ORDERS, dead))
        .isInstanceOf(MeshException.InvalidValue.class)
        .hasMessageContaining("deadMsgQueue");
    assertThat(administration.queues(shop)).isEmpty();

    administration.putQueue(shop, DEAD, QueueAttributes.NONE);
    assertThatThrownBy(() -> administration.putQueue(shop, DEAD, dead))
        .isInstanceOf(MeshException.InvalidValue.class);
    assertThat(administration.putQueue(shop, ORDERS, dead)).isTrue();
    assertThat(administration.queue(shop, ORDERS).settings().deadMessageQueue()).isEqualTo(DEAD);
  }

  @Test
  void anEmptyDeadMessageQueueMeansNone() {
    administration.putQueue(shop, DEAD, QueueAttributes.NONE);
    administration.putQueue(shop, ORDERS, attributes("{\"deadMsgQueue\":\"acme/shop/one/dead\"}"));
    administration.putQueue(shop, ORDERS, attributes("{\"deadMsgQueue\":\"\"}"));
    assertThat(administration.queue(shop, ORDERS).settings().deadMessageQueue()).isNull();
  }

  @Test
  void theDeadMessageQueueMustBeOwnOrAllowedByTheRules() {
    QueueName foreign = queue("acme/shop/two/dead");
    administration.putQueue(stranger, foreign, QueueAttributes.NONE);
    QueueAttributes dead = attributes("{\"deadMsgQueue\":\"acme/shop/two/dead\"}");
    assertThatThrownBy(() -> administration.putQueue(shop, ORDERS, dead))
        .isInstanceOf(MeshException.NotAllowed.class);

    shop = mesh.instance("shop", "acme/shop/one", "\"${namespace}/*\",\"acme/shop/two/dead\"");
    assertThat(administration.putQueue(shop, ORDERS, dead)).isTrue();
  }

  @Test
  void aQueueOfADeletedDeadMessageQueueCanStillBeChanged() {
    administration.putQueue(shop, DEAD, QueueAttributes.NONE);
    administration.putQueue(shop, ORDERS, attributes("{\"deadMsgQueue\":\"acme/shop/one/dead\"}"));
    administration.deleteQueue(shop, DEAD);
    assertThat(administration.putQueue(shop, ORDERS, attributes("{\"maxTtl\":5}"))).isFalse();
  }

  @Test
  void deletingAQueueDeletesItsSubscriptionsAndWebhooks() {
    // wire 9.2
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    administration.putSubscription(shop, ORDERS, TOPIC);
    administration.createWebhook(shop, webhook("to-flow"));
    administration.deleteQueue(shop, ORDERS);

    assertThat(mesh.routing.queuesFor("acme/shop/one/ce/a")).isEmpty();
    assertThat(administration.webhooks(shop)).isEmpty();
    assertThatThrownBy(() -> administration.queue(shop, ORDERS))
        .isInstanceOf(MeshException.UnknownQueue.class);
    assertThatThrownBy(() -> administration.deleteQueue(shop, ORDERS))
        .isInstanceOf(MeshException.UnknownQueue.class);

    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    assertThat(administration.subscriptions(shop, ORDERS)).isEmpty();
    reopen();
    assertThat(administration.subscriptions(shop, ORDERS)).isEmpty();
    assertThat(administration.webhooks(shop)).isEmpty();
  }

  private WebhookSubscription webhook(String name) {
    return WebhookSubscription.parse(
        shop.id(),
        JsonValues.JSON.readTree(
            """
            {"name":"%s","address":"queue:acme/shop/one/orders","qos":1,
             "pushConfig":{"type":"webhook","endpoint":"https://app.example/push"}}
            """
                .formatted(name)));
  }

  @Test
  void everythingIsThereAfterARestart() {
    administration.putQueue(
        shop,
        ORDERS,
        attributes(
            "{\"maxQueueMessageCount\":5,\"redelivery\":{\"firstDelay\":\"3s\",\"order\":\"strict\"}}"));
    administration.putSubscription(shop, ORDERS, TOPIC);
    administration.createWebhook(shop, webhook("to-flow"));
    administration.setWebhookPaused(shop, "to-flow", true);
    QueueSettings settings = administration.queue(shop, ORDERS).settings();

    // A new engine: what the catalogue knows is declared again.
    mesh.close();
    mesh = MeshUnderTest.open(directory);
    administration = mesh.administration;

    assertThat(mesh.engine.queues()).containsEntry(ORDERS, settings);
    assertThat(settings.redelivery())
        .isEqualTo(
            new Redelivery.Paced(
                Duration.ofSeconds(3), 2, Duration.ofMinutes(5), Redelivery.Order.STRICT));
    assertThat(administration.subscriptions(shop, ORDERS)).containsExactly(TOPIC);
    assertThat(mesh.routing.queuesFor("acme/shop/one/ce/a")).containsExactly(ORDERS);
    assertThat(administration.webhook(shop, "to-flow").paused()).isTrue();
  }

  private void reopen() {
    InMemoryQueueEngine engine = mesh.engine;
    mesh.catalogue.close();
    mesh = MeshUnderTest.reopen(directory, engine);
    administration = mesh.administration;
  }

  @Test
  void aDeleteCutShortByACrashIsFinishedAtTheStart() {
    // the crash hits after the tombstone, before the engine.
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    store("left over");
    mesh.catalogue.buryQueue(ORDERS);
    reopen();

    assertThat(mesh.engine.queues()).doesNotContainKey(ORDERS);
    assertThat(mesh.catalogue.queues()).isEmpty();
    assertThat(administration.queues(shop)).isEmpty();
  }

  @Test
  void aNewQueueIsEmptyWhateverTheEngineStillHolds() {
    // the engine's part of an earlier delete failed.
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    administration.deleteQueue(shop, ORDERS);
    mesh.engine.declare(ORDERS, QueueSettings.DEFAULT);
    store("left over");

    assertThat(administration.putQueue(shop, ORDERS, QueueAttributes.NONE)).isTrue();
    assertThat(administration.queue(shop, ORDERS).stats().messages()).isZero();
  }

  @Test
  void aTombstoneDoesNotStandInTheWayOfItsName() {
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    mesh.catalogue.buryQueue(ORDERS);
    mesh.catalogue.insertQueue(shop.id(), ORDERS, QueueSettings.DEFAULT);
    assertThat(mesh.catalogue.queues()).singleElement().matches(stored -> !stored.deleting());
  }

  @Test
  void aQueueThatOnlyTheEngineKnowsKeepsItsMessages() {
    mesh.engine.declare(DEAD, QueueSettings.DEFAULT);
    reopen();
    assertThat(mesh.engine.queues()).containsKey(DEAD);
    assertThat(administration.queues(shop)).isEmpty();
  }

  private void store(String body) {
    var answer = new RecordingAppend();
    mesh.engine.append(List.of(ORDERS), message(body), answer);
    answer.awaitStored();
  }

  @Test
  void whatTheEngineRefusesIsNotInTheCatalogueEither() {
    mesh.engine.close();
    assertThatThrownBy(() -> administration.putQueue(shop, ORDERS, QueueAttributes.NONE))
        .isInstanceOf(MeshException.EngineUnavailable.class);
    assertThat(mesh.catalogue.queues()).isEmpty();
    mesh.catalogue.close();
    mesh = MeshUnderTest.open(directory);
    assertThat(mesh.administration.queues(shop)).isEmpty();
  }

  @Test
  void purgeTellsHowManyMessagesWent() {
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    store("one");
    store("two");
    assertThat(administration.purgeQueue(shop, ORDERS)).isEqualTo(2);
    assertThat(administration.queue(shop, ORDERS).stats().messages()).isZero();
  }

  @Test
  void puttingASubscriptionTwiceCreatesItOnce() {
    // wire 0.2, rule 7
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    assertThat(administration.putSubscription(shop, ORDERS, TOPIC)).isTrue();
    assertThat(administration.putSubscription(shop, ORDERS, TOPIC)).isFalse();
    assertThat(administration.subscriptions(shop, ORDERS)).containsExactly(TOPIC);
    administration.deleteSubscription(shop, ORDERS, TOPIC);
    assertThat(mesh.routing.queuesFor("acme/shop/one/ce/a")).isEmpty();
    assertThatThrownBy(() -> administration.deleteSubscription(shop, ORDERS, TOPIC))
        .isInstanceOf(MeshException.NotFound.class);
  }

  @Test
  void aFilterMustCoverTheWholeSubscription() {
    // wire 1.6: CAP subscribes to +/+/+/ce/… and the filter is +/+/+/ce/*.
    shop = mesh.instance("shop", "acme/shop/one", "\"${namespace}/*\",\"+/+/+/ce/*\"");
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    administration.putSubscription(shop, ORDERS, new TopicPattern("+/+/+/ce/my/Event"));
    assertThatThrownBy(
            () ->
                administration.putSubscription(shop, ORDERS, new TopicPattern("+/+/+/+/my/Event")))
        .isInstanceOf(MeshException.NotAllowed.class)
        .hasMessageContaining("topicRules.subscribeFilter");
  }

  @Test
  void manySubscriptionsAreAllThereOrNone() {
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    var patterns =
        List.of(TOPIC, new TopicPattern("acme/shop/one/x"), new TopicPattern("acme/other/one/x"));
    assertThatThrownBy(() -> administration.putSubscriptions(shop, ORDERS, patterns))
        .isInstanceOf(MeshException.NotAllowed.class);
    assertThat(administration.subscriptions(shop, ORDERS)).isEmpty();
    assertThat(administration.putSubscriptions(shop, ORDERS, patterns.subList(0, 2))).isEqualTo(2);
  }

  @Test
  void foreignQueuesDoNotExist() {
    //
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    QueueName missing = queue("acme/shop/one/missing");
    for (QueueName name : List.of(ORDERS, missing)) {
      assertUnknown(() -> administration.queue(stranger, name), name);
      assertUnknown(() -> administration.purgeQueue(stranger, name), name);
      assertUnknown(() -> administration.subscriptions(stranger, name), name);
      assertUnknown(() -> administration.putSubscription(stranger, name, TOPIC), name);
      assertUnknown(
          () -> {
            administration.deleteQueue(stranger, name);
            return name;
          },
          name);
      assertThatThrownBy(() -> administration.putQueue(stranger, name, QueueAttributes.NONE))
          .isInstanceOf(MeshException.NotAllowed.class)
          .hasMessage(
              "manage queue '%s' is not allowed by namespace 'acme/shop/two'".formatted(name));
    }
    assertThat(administration.queues(stranger)).isEmpty();
    assertThat(administration.queues(shop)).extracting(QueueView::name).containsExactly(ORDERS);
  }

  private static void assertUnknown(Callable<?> call, QueueName name) {
    assertThatThrownBy(call::call)
        .isInstanceOf(MeshException.UnknownQueue.class)
        .hasMessage("Queue does not exist: " + name);
  }

  @Test
  void namespacesThatBeginAlikeAreApart() {
    ServiceInstance longer = mesh.instance("longer", "acme/shop/one-b");
    administration.putQueue(longer, queue("acme/shop/one-b/q"), QueueAttributes.NONE);
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    assertThat(administration.queues(shop)).extracting(QueueView::name).containsExactly(ORDERS);
    assertThatThrownBy(
            () -> administration.putQueue(shop, queue("acme/shop/one-b/x"), QueueAttributes.NONE))
        .isInstanceOf(MeshException.NotAllowed.class);
    assertThatThrownBy(
            () -> administration.putQueue(shop, queue("acme/shop/one"), QueueAttributes.NONE))
        .isInstanceOf(MeshException.NotAllowed.class);
  }

  @Test
  void limitsOfAnInstanceHold() {
    //
    mesh.close();
    mesh =
        MeshUnderTest.open(
            directory.resolve("small"), new BrokerLimits(1_000_000, 50, 2, 3, 1, 10));
    administration = mesh.administration;
    shop = mesh.instance("shop", "acme/shop/one");
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    administration.putQueue(shop, DEAD, QueueAttributes.NONE);
    assertThatThrownBy(
            () -> administration.putQueue(shop, queue("acme/shop/one/c"), QueueAttributes.NONE))
        .isInstanceOf(MeshException.LimitReached.class);
    administration.putSubscription(shop, ORDERS, new TopicPattern("acme/shop/one/a"));
    administration.putSubscription(shop, DEAD, new TopicPattern("acme/shop/one/a"));
    administration.putSubscription(shop, DEAD, new TopicPattern("acme/shop/one/b"));
    assertThatThrownBy(
            () -> administration.putSubscription(shop, ORDERS, new TopicPattern("acme/shop/one/c")))
        .isInstanceOf(MeshException.LimitReached.class);
    administration.createWebhook(shop, webhook("one"));
    assertThatThrownBy(() -> administration.createWebhook(shop, webhook("two")))
        .isInstanceOf(MeshException.LimitReached.class);
  }

  @Test
  void deletingEverythingMakesRoomForDeletingTheInstance() {
    //
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    administration.putSubscription(shop, ORDERS, TOPIC);
    administration.createWebhook(shop, webhook("to-flow"));
    assertThatThrownBy(() -> mesh.access.deleteInstance("shop"))
        .isInstanceOf(MeshException.InvalidValue.class);
    assertThat(mesh.access.instanceById(shop.id())).isNotNull();

    administration.deleteEverything(shop);
    mesh.access.deleteInstance("shop");
    assertThat(mesh.engine.queues()).isEmpty();
    assertThat(mesh.catalogue.queues()).isEmpty();
    assertThat(mesh.catalogue.webhooks()).isEmpty();
    assertThat(mesh.access.instanceById(shop.id())).isNull();
  }

  @Test
  void aSubscriptionWhoseRuleIsWithdrawnGetsNothingUntilItIsAllowedAgain() {
    //
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    administration.putSubscription(shop, ORDERS, TOPIC);
    assertThat(mesh.routing.queuesFor(TOPIC.value())).containsExactly(ORDERS);

    mesh.instance("shop", "acme/shop/one", "\"${namespace}/only/*\"");
    assertThat(mesh.routing.queuesFor(TOPIC.value())).isEmpty();
    assertThat(administration.subscriptions(shop, ORDERS)).containsExactly(TOPIC);
    InMemoryQueueEngine engine = mesh.engine;
    mesh.catalogue.close();
    mesh = MeshUnderTest.reopen(directory, engine);
    assertThat(mesh.routing.queuesFor(TOPIC.value())).as("after a restart").isEmpty();

    mesh.instance("shop", "acme/shop/one");
    assertThat(mesh.routing.queuesFor(TOPIC.value())).containsExactly(ORDERS);
  }

  @Test
  void whetherAReceiverAgreedSurvivesARestart() {
    administration.putQueue(shop, ORDERS, QueueAttributes.NONE);
    administration.createWebhook(shop, webhook("yes"));
    administration.createWebhook(shop, webhook("no"));
    var pusher = new RememberedPusher();
    administration.attach(pusher);
    assertThat(pusher.known).containsOnly(Map.entry("yes", false), Map.entry("no", false));
    pusher.agreements.answered(shop.id(), "yes", true);
    pusher.agreements.answered(shop.id(), "no", true);
    pusher.agreements.answered(shop.id(), "no", false);
    await()
        .until(
            () ->
                mesh.catalogue.webhooks().stream()
                    .allMatch(stored -> stored.agreed() == stored.name().equals("yes")));

    InMemoryQueueEngine engine = mesh.engine;
    mesh.catalogue.close();
    mesh = MeshUnderTest.reopen(directory, engine);
    var next = new RememberedPusher();
    mesh.administration.attach(next);
    assertThat(next.known).containsOnly(Map.entry("yes", true), Map.entry("no", false));
  }

  private static final class RememberedPusher implements WebhookPusher {
    private final Map<String, Boolean> known = new HashMap<>();
    private Agreements agreements = (instanceId, name, agreed) -> {};

    @Override
    public void remember(Agreements memory) {
      agreements = memory;
    }

    @Override
    public void known(WebhookSubscription subscription, boolean agreed) {
      known.put(subscription.name(), agreed);
    }

    @Override
    public void changed(WebhookSubscription subscription) {}

    @Override
    public void removed(String instanceId, String name) {}

    @Override
    public void handshake(String instanceId, String name) {}

    @Override
    public WebhookStatus status(String instanceId, String name) {
      return WebhookStatus.UNKNOWN;
    }
  }

  @Test
  void concurrentChangesAreSerial() throws Exception {
    var calls = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 40; i++) {
      calls.add(() -> administration.putQueue(shop, ORDERS, QueueAttributes.NONE));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int created = 0;
      for (Future<Boolean> result : threads.invokeAll(calls)) {
        created += result.get() ? 1 : 0;
      }
      assertThat(created).isEqualTo(1);
    }
  }
}
