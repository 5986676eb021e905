// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static dev.weft.broker.MeshUnderTest.callerOf;
import static dev.weft.broker.MeshUnderTest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingAppend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * R-501. Goal: whatever is tried through the broker, by whatever name, ends as the rules say.
 * Method: every operation × a place (own, foreign, shared by rule, or for an instance without
 * rules) × every trick on the name. An untricked name is answered by the place alone; a tricked one
 * is malformed or means another, foreign name; none ever reaches the queue or topic it imitates.
 * The doors add that they hand names over decoded; their own tests do that.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesMatrixTest {
  private static final String OWN = "acme/shop/one/item";
  private static final String FOREIGN = "acme/shop/two/item";
  private static final String SHARED = "acme/common/in/item";

  /** What may come of it. */
  private enum Outcome {
    DONE,
    NOT_ALLOWED,
    UNKNOWN,
    MALFORMED
  }

  /** One thing a client can try, and what each place says to it. */
  private record Operation(String name, Attempt attempt, Map<String, Outcome> byPlace) {}

  private interface Attempt {
    void on(ServiceInstance instance, String name);
  }

  private MeshUnderTest mesh;
  private ServiceInstance shop;
  private ServiceInstance mute;
  private ServiceInstance other;

  @BeforeAll
  void openMesh(@TempDir Path directory) {
    mesh = MeshUnderTest.open(directory);
    shop = mesh.instance("shop", "acme/shop/one", "\"${namespace}/*\",\"" + SHARED + "\"");
    mute = mesh.instance("mute", "acme/shop/mute", "");
    other = mesh.instance("other", "acme/shop/two", "\"*\"");
    ServiceInstance common = mesh.instance("common", "acme/common/in", "\"*\"");
    mesh.administration.putQueue(shop, queue(OWN), QueueAttributes.NONE);
    mesh.administration.putQueue(other, queue(FOREIGN), QueueAttributes.NONE);
    mesh.administration.putQueue(common, queue(SHARED), QueueAttributes.NONE);
    // For the instance without rules: a queue in its own namespace.
    mesh.administration.putQueue(mute, queue("acme/shop/mute/item"), QueueAttributes.NONE);
  }

  @AfterAll
  void closeMesh() {
    mesh.close();
  }

  private void publish(ServiceInstance instance, String address) {
    var answer = new RecordingAppend();
    mesh.frontDoor.publish(
        callerOf(instance), Address.parse(address), MeshUnderTest.message("x"), answer);
    if (!answer.awaitAnswer()) {
      throw answer.awaitRefused();
    }
  }

  private void consume(ServiceInstance instance, String address) {
    mesh.frontDoor
        .consume(
            callerOf(instance),
            Address.parse(address),
            new ConsumerSettings("matrix", ConsumerSettings.NORMAL),
            SILENT)
        .close();
  }

  private static final DeliveryListener SILENT =
      new DeliveryListener() {
        @Override
        public void delivered(Delivery delivery) {}

        @Override
        public void drained(int unusedCredit) {}

        @Override
        public void closed(MeshException reason) {}
      };

  private static Map<String, Outcome> places(
      Outcome own, Outcome foreign, Outcome shared, Outcome none) {
    return Map.of("own", own, "foreign", foreign, "shared", shared, "none", none);
  }

  /** Messaging follows the rules, management the namespace; what is foreign does not exist. */
  private List<Operation> operations() {
    Administration admin = mesh.administration;
    Map<String, Outcome> byRule =
        places(Outcome.DONE, Outcome.NOT_ALLOWED, Outcome.DONE, Outcome.NOT_ALLOWED);
    Map<String, Outcome> byNamespace =
        places(Outcome.DONE, Outcome.NOT_ALLOWED, Outcome.NOT_ALLOWED, Outcome.DONE);
    Map<String, Outcome> ownOnly =
        places(Outcome.DONE, Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.DONE);
    return List.of(
        new Operation("publish to queue", (i, name) -> publish(i, "queue:" + name), byRule),
        new Operation("publish to topic", (i, name) -> publish(i, "topic:" + name), byRule),
        new Operation("consume from queue", (i, name) -> consume(i, "queue:" + name), byRule),
        new Operation("subscribe to topic", (i, name) -> consume(i, "topic:" + name), byRule),
        new Operation(
            "browse queue",
            (i, name) -> mesh.frontDoor.browse(callerOf(i), queue(name), 0, 1),
            byRule),
        new Operation("subscribe queue to topic", this::subscribe, byRule),
        new Operation("push from queue", this::push, byRule),
        new Operation(
            "put queue",
            (i, name) -> admin.putQueue(i, queue(name), QueueAttributes.NONE),
            byNamespace),
        new Operation("get queue", (i, name) -> admin.queue(i, queue(name)), ownOnly),
        new Operation("purge queue", (i, name) -> admin.purgeQueue(i, queue(name)), ownOnly),
        new Operation(
            "list subscriptions", (i, name) -> admin.subscriptions(i, queue(name)), ownOnly),
        new Operation("delete queue and put it back", this::deleteAndPut, ownOnly),
        new Operation(
            "name as dead message queue",
            this::deadLetter,
            places(Outcome.DONE, Outcome.NOT_ALLOWED, Outcome.DONE, Outcome.DONE)));
  }

  private void subscribe(ServiceInstance instance, String topic) {
    QueueName target = queue(instance.namespace() + "/target");
    mesh.administration.putQueue(instance, target, QueueAttributes.NONE);
    var pattern = new TopicPattern(topic);
    if (mesh.administration.putSubscription(instance, target, pattern)) {
      mesh.administration.deleteSubscription(instance, target, pattern);
    }
  }

  private void push(ServiceInstance instance, String queue) {
    var webhook =
        new WebhookSubscription(
            instance.id(),
            "hook",
            queue(queue),
            1,
            "https://x.example/",
            true,
            "a/b",
            WebhookAuth.NONE,
            false,
            "{\"name\":\"hook\"}");
    mesh.administration.createWebhook(instance, webhook);
    mesh.administration.deleteWebhook(instance, "hook");
  }

  private void deleteAndPut(ServiceInstance instance, String queue) {
    mesh.administration.deleteQueue(instance, queue(queue));
    mesh.administration.putQueue(instance, queue(queue), QueueAttributes.NONE);
  }

  private void deadLetter(ServiceInstance instance, String queue) {
    QueueName source = queue(instance.namespace() + "/source");
    mesh.administration.putQueue(instance, source, QueueAttributes.NONE);
    QueueAttributes dead =
        QueueAttributes.parse(JsonValues.JSON.createObjectNode().put("deadMsgQueue", queue));
    mesh.administration.putQueue(instance, source, dead);
    mesh.administration.putQueue(
        instance,
        source,
        QueueAttributes.parse(JsonValues.JSON.createObjectNode().put("deadMsgQueue", "")));
  }

  @TestFactory
  List<DynamicTest> everyOperationFollowsThePlace() {
    var cells = new ArrayList<DynamicTest>();
    for (Operation operation : operations()) {
      operation
          .byPlace()
          .forEach(
              (place, expected) ->
                  cells.add(
                      DynamicTest.dynamicTest(
                          operation.name() + ": " + place,
                          () ->
                              assertThat(outcome(operation, instanceOf(place), nameOf(place)))
                                  .isEqualTo(expected))));
    }
    assertThat(cells).hasSize(13 * 4);
    return cells;
  }

  private ServiceInstance instanceOf(String place) {
    return place.equals("none") ? mute : shop;
  }

  private static String nameOf(String place) {
    return switch (place) {
      case "own" -> OWN;
      case "foreign" -> FOREIGN;
      case "shared" -> SHARED;
      default -> "acme/shop/mute/item";
    };
  }

  private static @Nullable Outcome outcome(
      Operation operation, ServiceInstance instance, String name) {
    try {
      operation.attempt().on(instance, name);
      return Outcome.DONE;
    } catch (MeshException.NotAllowed refused) {
      return Outcome.NOT_ALLOWED;
    } catch (MeshException.UnknownQueue unknown) {
      return Outcome.UNKNOWN;
    } catch (MeshException.MalformedName malformed) {
      return Outcome.MALFORMED;
    } catch (MeshException.InvalidValue invalid) {
      // A name inside a document is malformed by the path of its field.
      assertThat(invalid.path()).isEqualTo("deadMsgQueue");
      return Outcome.MALFORMED;
    }
  }

  /** Names that a careless comparison takes for the foreign queue or topic, or for one of ours. */
  private static List<String> tricks() {
    return List.of(
        // Empty segments, slashes at the ends.
        "acme/shop/one//item",
        "/acme/shop/two/item",
        "acme/shop/two/item/",
        "//",
        "/",
        "",
        // Percent-encoding that nobody decoded.
        "acme%2Fshop%2Ftwo%2Fitem",
        "acme/shop/one/%2e%2e/two/item",
        "acme/shop/one/item%00",
        // Unicode that looks alike or folds to ASCII.
        "acme/shop/tw\u043e/item",
        "\uff41cme/shop/two/item",
        "acme\uff0fshop\uff0ftwo\uff0fitem",
        "acme/shop/two/\u0131tem",
        "acme/shop/two/item\u200b",
        "acme/shop/t\u0308wo/item",
        // White space, controls, other separators.
        " acme/shop/two/item",
        "acme/shop/two/item ",
        "acme/shop/two/item\n",
        "acme/shop/two\u0000/item",
        "acme\\shop\\two\\item",
        "acme/shop/two;x/item",
        "acme/shop/two?x=/item",
        "acme/shop/two#/item",
        // Wildcards of other brokers, and our own out of place.
        "acme/shop/two/#",
        "acme/shop/two/>",
        "acme/shop/two/it*",
        "acme/*/two/item",
        "$share/x/acme/shop/two/item",
        "acme/shop/t+/item",
        "${namespace}/item",
        // A prefix of its own inside the name.
        "topic:acme/shop/two/item",
        "queue:acme/shop/two/item",
        // Too long, too many segments.
        "acme/shop/one/" + "x".repeat(200),
        "acme/shop/one" + "/x".repeat(20));
  }

  @TestFactory
  List<DynamicTest> everyTrickOnANameIsMalformedForEveryOperation() {
    var cells = new ArrayList<DynamicTest>();
    for (Operation operation : operations()) {
      for (String trick : tricks()) {
        if (operation.name().equals("name as dead message queue") && trick.isEmpty()) {
          continue; // Empty means none there.
        }
        cells.add(
            DynamicTest.dynamicTest(
                operation.name()
                    + ": "
                    + trick
                        .codePoints()
                        .limit(40)
                        .mapToObj(c -> c < 127 && c > 31 ? Character.toString(c) : "u" + c)
                        .reduce("", String::concat),
                () -> assertThat(outcome(operation, shop, trick)).isEqualTo(Outcome.MALFORMED)));
      }
    }
    assertThat(cells).hasSize(13 * tricks().size() - 1);
    return cells;
  }

  /** Well-formed names that mean something foreign: dots are no path, case counts. */
  @TestFactory
  List<DynamicTest> lookalikesAreOtherNames() {
    var cells = new ArrayList<DynamicTest>();
    for (Operation operation : operations()) {
      for (String lookalike :
          List.of(
              "ACME/shop/one/item",
              "acme/Shop/one/item",
              "acme/shop/ONE/item",
              "acme/shop/one.item",
              "acme/shop/oneitem/x",
              "acme/shop/one-/item",
              "acme/shop/two/../one/item",
              "./acme/shop/one/item",
              "acme/./shop/one/item")) {
        Outcome expected = operation.byPlace().get("foreign");
        cells.add(
            DynamicTest.dynamicTest(
                operation.name() + ": " + lookalike,
                () -> assertThat(outcome(operation, shop, lookalike)).isEqualTo(expected)));
      }
    }
    return cells;
  }

  /**
   * Dots inside the own namespace are letters: the name stays below it and reaches nothing else.
   */
  @Test
  void dotsDoNotClimb() {
    String climbing = "acme/shop/one/../two/item";
    assertThat(mesh.administration.putQueue(shop, queue(climbing), QueueAttributes.NONE)).isTrue();
    publish(shop, "queue:" + climbing);
    assertThat(mesh.engine.stats(queue(climbing)).messages()).isEqualTo(1);
    assertThat(mesh.engine.stats(queue(FOREIGN)).messages()).isZero();
    mesh.administration.deleteQueue(shop, queue(climbing));
  }

  @Test
  void aWildcardNeverPublishes() {
    for (String topic : List.of("acme/shop/one/*", "acme/shop/one/+", "*", "+/+")) {
      for (ServiceInstance instance : List.of(shop, other)) {
        assertThat(outcome(publishToTopic(), instance, topic))
            .as(topic)
            .isEqualTo(Outcome.MALFORMED);
      }
    }
  }

  private Operation publishToTopic() {
    return operations().get(1);
  }

  @Test
  void aWildcardSubscriptionNeedsAFilterThatCoversIt() {
    Operation direct = operations().get(3);
    Operation ofQueue = operations().get(5);
    for (Operation operation : List.of(direct, ofQueue)) {
      assertThat(outcome(operation, shop, "acme/shop/one/*")).isEqualTo(Outcome.DONE);
      assertThat(outcome(operation, shop, "acme/shop/one/+/x")).isEqualTo(Outcome.DONE);
      for (String wide :
          List.of(
              "*",
              "acme/*",
              "acme/shop/*",
              "acme/shop/+/item",
              "+/shop/one/item",
              "+/+/+/*",
              "acme/common/in/*")) {
        assertThat(outcome(operation, shop, wide)).as(wide).isEqualTo(Outcome.NOT_ALLOWED);
      }
    }
  }

  @Test
  void whatIsForeignAndWhatIsMissingSoundAlike() {
    // R-503: same outcome and same words, whether the foreign thing exists or not.
    for (Operation operation : operations()) {
      String existing = message(operation, FOREIGN);
      String missing = message(operation, "acme/shop/two/gone");
      assertThat(missing.replace("gone", "item")).as(operation.name()).isEqualTo(existing);
    }
  }

  private String message(Operation operation, String name) {
    try {
      operation.attempt().on(shop, name);
      return "done";
    } catch (MeshException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
