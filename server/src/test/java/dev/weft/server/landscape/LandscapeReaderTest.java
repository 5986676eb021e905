// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.landscape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 2: a landscape with a typo names line, column and the nearest valid word. */
class LandscapeReaderTest {
  private static final LandscapeSchema SCHEMA = new LandscapeSchema();
  private static final String GOOD =
      """
      weft: 1
      instances:
        - name: shop-events
          parameters:
            emname: shop-events
            namespace: acme/shop/one
            options: { management: true, messagingrest: true, messaging: true }
            rules: { queueRules: { subscribeFilter: ["${namespace}/*"] }, topicRules: { subscribeFilter: ["acme/s4/*"] } }
          keys: [default]
          queues:
            - name: acme/shop/one/orders
              accessType: NON_EXCLUSIVE
              deadMsgQueue: acme/shop/one/dead
              redelivery: { firstDelay: 1s, factor: 2, maxDelay: 5m, order: strict }
              subscriptions: ["acme/s4/dev/ce/sap/s4/beh/salesorder/v1/*"]
            - name: acme/shop/one/dead
              redelivery: immediate
          webhooks:
            - name: to-flow
              queue: acme/shop/one/orders
              url: https://localhost:8443/http/orders
              auth: { type: basic, user: u, password: p }
      """;

  @TempDir Path directory;

  @Test
  void readsWhatTheFormAllows() throws InvalidLandscape {
    Landscape landscape = read(GOOD);

    Landscape.Instance instance = landscape.instances().getFirst();
    assertThat(instance.keys()).containsExactly(new Landscape.Key("default", null));
    assertThat(instance.queues()).hasSize(2);
    assertThat(instance.queues().getFirst().attributes().propertyNames())
        .containsExactly("accessType", "deadMsgQueue", "redelivery");
    assertThat(instance.webhooks().getFirst().auth()).isEqualTo(new Landscape.Auth.Basic("u", "p"));
  }

  @Test
  void unknownKeyNamesLineColumnAndTheNearestWord() {
    assertThat(problemsOf(GOOD.replace("accessType:", "acessType:")))
        .containsExactly(
            "shop.yaml:12:9: instances[0].queues[0].acessType: unknown key 'acessType', did you"
                + " mean 'accessType'?");
  }

  @Test
  void wrongWordNamesTheNearestOfThePossibleOnes() {
    assertThat(problemsOf(GOOD.replace("NON_EXCLUSIVE", "NONEXCLUSIVE")))
        .containsExactly(
            "shop.yaml:12:21: instances[0].queues[0].accessType: 'NONEXCLUSIVE' is not one of"
                + " EXCLUSIVE, NON_EXCLUSIVE, did you mean 'NON_EXCLUSIVE'?");
  }

  @Test
  void misspelledQueueOfAWebhookIsFoundAmongTheQueues() {
    assertThat(
            problemsOf(GOOD.replace("queue: acme/shop/one/orders", "queue: acme/shop/one/order")))
        .containsExactly(
            "shop.yaml:20:16: instances[0].webhooks[0].queue: the instance has no queue"
                + " 'acme/shop/one/order', did you mean 'acme/shop/one/orders'?");
  }

  @Test
  void sectionsOfLaterVersionsAreRefusedByName() {
    assertThat(problemsOf(GOOD + "flows:\n  - { bundle: a.zip }\n"))
        .containsExactly("shop.yaml:23:1: flows: this version of Weft has no iFlows yet");
    assertThat(problemsOf(GOOD.replace("type: basic,", "runtimeKey: x, type: basic,")))
        .singleElement()
        .asString()
        .startsWith("shop.yaml:22:17: instances[0].webhooks[0].auth.runtimeKey: this version");
  }

  @Test
  void brokenYamlNamesLineAndColumn() {
    assertThat(problemsOf("weft: 1\ninstances: [ {name: a\n"))
        .singleElement()
        .asString()
        .matches("shop.yaml:\\d+:\\d+: no valid YAML, .*");
  }

  @Test
  void duplicateKeysAndNamesAreFound() {
    assertThat(problemsOf("weft: 1\nweft: 1\n")).singleElement().asString().contains(":2:");
    assertThat(
            problemsOf(
                GOOD.replace("one/dead\n        redelivery", "one/orders\n        redelivery")))
        .contains(
            "shop.yaml:16:15: instances[0].queues[1].name: 'acme/shop/one/orders' stands here"
                + " twice");
  }

  @Test
  void missingKeysAndWrongTypesAreFound() {
    assertThat(problemsOf("instances: []\n"))
        .containsExactly("shop.yaml:1:1: the key 'weft' is missing");
    assertThat(problemsOf("weft: 2\n")).containsExactly("shop.yaml:1:7: weft: must be 1");
    assertThat(problemsOf("weft: 1\ninstances: {}\n"))
        .containsExactly("shop.yaml:2:12: instances: must be of type array");
  }

  @Test
  void secretsMayStandInFilesBesideTheLandscape() throws Exception {
    Files.writeString(directory.resolve("hook.secret"), "from-a-file\n");
    String text = GOOD.replace("password: p", "passwordFile: hook.secret");

    Landscape landscape = LandscapeReader.read(text, "shop.yaml", directory, SCHEMA);

    assertThat(landscape.instances().getFirst().webhooks().getFirst().auth())
        .isEqualTo(new Landscape.Auth.Basic("u", "from-a-file"))
        .asString()
        .doesNotContain("from-a-file");
    assertThat(problemsOf(GOOD.replace("password: p", "passwordFile: nowhere")))
        .singleElement()
        .asString()
        .contains("the file 'nowhere' cannot be read");
  }

  @Test
  void queuesOutsideTheNamespaceAreRefused() {
    assertThat(problemsOf(GOOD.replace("name: acme/shop/one/dead", "name: acme/shop/two/dead")))
        .anyMatch(problem -> problem.contains("does not lie below the namespace acme/shop/one"));
  }

  @Test
  void whatTheDescriptorSaysIsCheckedBeforeAnythingIsDone() {
    assertThat(problemsOf(GOOD.replace("namespace: acme/shop/one", "namespace: acme/shop")))
        .anyMatch(
            p -> p.startsWith("shop.yaml:6:18: instances[0].parameters.namespace: must have"));
    assertThat(problemsOf(GOOD.replace("${namespace}", "${namespce}")))
        .containsExactly(
            "shop.yaml:8:48: instances[0].parameters.rules.queueRules.subscribeFilter[0]: unknown"
                + " placeholder '${namespce}', did you mean '${namespace}'?");
    assertThat(problemsOf(GOOD.replace("acme/s4/*", "acme/s4*")))
        .singleElement()
        .asString()
        .startsWith(
            "shop.yaml:8:101: instances[0].parameters.rules.topicRules.subscribeFilter[0]:");
  }

  @Test
  void subscriptionsAndWebhooksThatTheRulesForbidAreFound() {
    assertThat(problemsOf(GOOD.replace("[\"acme/s4/dev/ce/sap", "[\"foreign/s4/dev/ce/sap")))
        .containsExactly(
            "shop.yaml:15:25: instances[0].queues[0].subscriptions[0]: topicRules.subscribeFilter of"
                + " the instance does not allow 'foreign/s4/dev/ce/sap/s4/beh/salesorder/v1/*'");
    assertThat(problemsOf(GOOD.replace("${namespace}/*", "${namespace}/other/*")))
        .containsExactly(
            "shop.yaml:20:16: instances[0].webhooks[0].queue: queueRules.subscribeFilter of the"
                + " instance does not allow 'acme/shop/one/orders'");
  }

  private static final String SYSTEM =
      """
      systems:
        - name: S4D
          channels:
            - name: Z_EM
              serviceKey: { instance: shop-events, key: default }
              bindings: ["sap/s4/beh/salesorder/v1/*"]
      """;

  @Test
  void aChannelWhoseKeyIsMisspelledIsFoundButOneFromElsewhereIsNot() throws InvalidLandscape {
    assertThat(read(GOOD + SYSTEM).systems()).hasSize(1);
    assertThat(read(GOOD + SYSTEM.replace("shop-events", "from-elsewhere")).systems()).hasSize(1);
    assertThat(problemsOf(GOOD + SYSTEM.replace("shop-events", "shop-event")))
        .containsExactly(
            "shop.yaml:27:33: systems[0].channels[0].serviceKey.instance: there is no instance"
                + " 'shop-event', did you mean 'shop-events'?");
    assertThat(problemsOf(GOOD + SYSTEM.replace("key: default", "key: defalt")))
        .singleElement()
        .asString()
        .endsWith("the instance has no key 'defalt', did you mean 'default'?");
    assertThat(problemsOf(GOOD + SYSTEM.replace("salesorder/v1/*", "*/v1")))
        .singleElement()
        .asString()
        .startsWith("shop.yaml:28:20: systems[0].channels[0].bindings[0]:");
  }

  @Test
  void twoInstancesCannotShareNameOrNamespace() {
    assertThat(
            problemsOf(
                GOOD
                    + "  - name: other\n"
                    + "    parameters: { emname: shop-events, namespace: acme/shop/one }\n"))
        .hasSize(2)
        .allMatch(p -> p.contains("another instance has the"));
  }

  @Test
  void everyProblemIsToldOnALineOfItsOwn() {
    InvalidLandscape invalid =
        catchThrowableOfType(
            InvalidLandscape.class,
            () -> read(GOOD.replace("accessType", "acessType").replace("factor", "faktor")));
    assertThat(String.valueOf(invalid.getMessage()).lines())
        .hasSize(2)
        .allMatch(l -> l.startsWith("shop.yaml:"));
  }

  @Test
  void aValueOfTheWrongFormIsToldWhatBelongsThere() {
    assertThat(problemsOf(GOOD.replace("1s", "1sec")))
        .containsExactly(
            "shop.yaml:14:35: instances[0].queues[0].redelivery.firstDelay: '1sec' is not what"
                + " belongs here: a number with ms, s, m, h or d, for example 30s");
  }

  private Landscape read(String text) throws InvalidLandscape {
    return LandscapeReader.read(text, "shop.yaml", directory, SCHEMA);
  }

  private List<String> problemsOf(String text) {
    InvalidLandscape invalid = catchThrowableOfType(InvalidLandscape.class, () -> read(text));
    assertThat(invalid).isNotNull();
    return invalid.problems().stream().map(Object::toString).toList();
  }
}
