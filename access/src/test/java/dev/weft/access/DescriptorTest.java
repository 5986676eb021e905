// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.MeshException;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wire reference 1.2, 1.3; the reference of the S/4 and BTP side 4.3. */
class DescriptorTest {
  private static final String FULL =
      """
      {
        "emname": "shop-one",
        "version": "1.1.0",
        "namespace": "acme/shop/one",
        "options": { "management": true, "messagingrest": true, "messaging": false },
        "resources": { "units": "20" },
        "rules": {
          "queueRules": { "publishFilter": ["${namespace}/*"], "subscribeFilter": ["${namespace}/q"] },
          "topicRules": { "publishFilter": ["${namespace}/*"],
                          "subscribeFilter": ["${namespace}/*", "+/+/+/ce/*"] }
        },
        "instanceType": "reuse",
        "authorities": ["$ACCEPT_GRANTED_AUTHORITIES", "shop!t1.emcallback"],
        "xs-security": { "anything": [1] }
      }
      """;

  private static ServiceInstance parse(String json) {
    return ServiceInstance.parse("id", "name", json);
  }

  private static List<TopicPattern> patterns(String... values) {
    return List.of(values).stream().map(TopicPattern::new).toList();
  }

  @Test
  void theVendorsDescriptorIsRead() {
    ServiceInstance instance = parse(FULL);
    assertThat(instance)
        .isEqualTo(
            new ServiceInstance(
                "id",
                "name",
                "shop-one",
                "acme/shop/one",
                true,
                true,
                false,
                20,
                new Rules(
                    patterns("acme/shop/one/*"),
                    patterns("acme/shop/one/q"),
                    patterns("acme/shop/one/*"),
                    patterns("acme/shop/one/*", "+/+/+/ce/*")),
                FULL));
    assertThat(Descriptor.parse(FULL).reuse()).isTrue();
    assertThat(Descriptor.parse(FULL).authorities()).containsExactly("shop!t1.emcallback");
  }

  @Test
  void whatIsMissingHasTheVendorsDefaults() {
    ServiceInstance instance = parse("{\"emname\":\"e\",\"namespace\":\"a/b/c\"}");
    assertThat(instance.management()).isFalse();
    assertThat(instance.messagingrest()).isFalse();
    assertThat(instance.messaging()).isTrue();
    assertThat(instance.units()).isEqualTo(10);
    // Without a filter nothing is allowed.
    assertThat(instance.rules()).isEqualTo(Rules.NONE);
  }

  @Test
  void theOldNamesOfTheFiltersAreUnderstood() {
    // Inbound means into the broker: what the client publishes.
    ServiceInstance instance =
        parse(
            """
            {"emname":"e","namespace":"a/b/c","rules":{"topicRules":{
              "inboundFilter":["${namespace}/in"],"outboundFilter":["${namespace}/out"]}}}
            """);
    assertThat(instance.rules().topicPublish()).isEqualTo(patterns("a/b/c/in"));
    assertThat(instance.rules().topicSubscribe()).isEqualTo(patterns("a/b/c/out"));
  }

  @Test
  void unknownFieldsAreRefusedWithTheirPath() {
    assertRefused("{\"emname\":\"e\",\"namespace\":\"a/b/c\",\"nmespace\":1}", "nmespace")
        .hasMessage("nmespace: Unrecognized field");
    assertRefused(
        "{\"emname\":\"e\",\"namespace\":\"a/b/c\",\"rules\":{\"topicRules\":{\"publish\":[]}}}",
        "rules.topicRules.publish");
    assertRefused(
        "{\"emname\":\"e\",\"namespace\":\"a/b/c\",\"rules\":{\"topicRule\":{}}}",
        "rules.topicRule");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "emname | {'namespace':'a/b/c'}",
        "emname | {'emname':'a b','namespace':'a/b/c'}",
        "emname | {'emname':'','namespace':'a/b/c'}",
        "emname | {'emname':7,'namespace':'a/b/c'}",
        "namespace | {'emname':'e'}",
        "version | {'emname':'e','namespace':'a/b/c','version':'1.0.0'}",
        "version | {'emname':'e','namespace':'a/b/c','version':1.1}",
        "resources.units | {'emname':'e','namespace':'a/b/c','resources':{'units':9}}",
        "resources.units | {'emname':'e','namespace':'a/b/c','resources':{'units':51}}",
        "resources.units | {'emname':'e','namespace':'a/b/c','resources':{'units':'ten'}}",
        "resources.units | {'emname':'e','namespace':'a/b/c','resources':{'units':10.5}}",
        "options.management | {'emname':'e','namespace':'a/b/c','options':{'management':'yes'}}",
        "options | {'emname':'e','namespace':'a/b/c','options':[]}",
        "rules.queueRules.publishFilter | {'emname':'e','namespace':'a/b/c','rules':{'queueRules':{'publishFilter':'a/*'}}}",
        "rules.queueRules.publishFilter | {'emname':'e','namespace':'a/b/c','rules':{'queueRules':{'publishFilter':[1]}}}",
        "rules.topicRules.publishFilter | {'emname':'e','namespace':'a/b/c','rules':{'topicRules':{'publishFilter':['a/#']}}}",
        "rules.topicRules.publishFilter | {'emname':'e','namespace':'a/b/c','rules':{'topicRules':{'publishFilter':['$namespace/*']}}}",
        "authorities | {'emname':'e','namespace':'a/b/c','authorities':['no scope']}",
        "parameters | []",
        "parameters | {'emname':'e'",
        "parameters | {'emname':'e','emname':'f','namespace':'a/b/c'}",
        "parameters | {'emname':'e','namespace':'a/b/c'} {}",
      })
  void whatIsWrongIsNamedByItsPath(String path, String json) {
    assertRefused(json.replace('\'', '"'), path);
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(String json, String path) {
    var refusal =
        assertThatThrownBy(() -> parse(json)).isInstanceOf(MeshException.InvalidValue.class);
    refusal.extracting(e -> ((MeshException.InvalidValue) e).path()).isEqualTo(path);
    return refusal;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b/c",
        "A1/b2/C3",
        "acme/s4.erp/dev-1",
        "default/sap.myapp/-",
        "a/b/c-",
        "a/b/x.svc",
      })
  void theseAreNamespaces(String namespace) {
    assertThat(parse(withNamespace(namespace)).namespace()).isEqualTo(namespace);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a/b",
        "a/b/c/d",
        "/a/b",
        "a//b",
        "a/b/",
        "a.b/c/d",
        "a-b/c/d",
        "a_b/c/d",
        "a/_/c",
        "a/.b/c",
        "a/b./c",
        "a/b..c/d",
        "a/-/c",
        "a/b/.c",
        "a/b/+",
        "a/b/*",
        "a/b/c ",
        "\u00e4/b/c",
      })
  void theseAreNot(String namespace) {
    assertRefused(withNamespace(namespace), "namespace");
  }

  @Test
  void aNamespaceHasAtMost63Characters() {
    String longest = "acme/shop/" + "x".repeat(53);
    assertThat(parse(withNamespace(longest)).namespace()).hasSize(63);
    assertRefused(withNamespace(longest + "x"), "namespace");
  }

  private static String withNamespace(String namespace) {
    return "{\"emname\":\"e\",\"namespace\":\"" + namespace + "\"}";
  }

  @Test
  void whatAnInstanceOwnsLiesBelowItsNamespace() {
    ServiceInstance instance = parse(withNamespace("a/b/c"));
    assertThat(instance.owns("a/b/c/q")).isTrue();
    assertThat(instance.owns("a/b/c/q/r")).isTrue();
    assertThat(instance.owns("a/b/c")).isFalse();
    assertThat(instance.owns("a/b/cc/q")).isFalse();
    assertThat(instance.owns("A/b/c/q")).isFalse();
  }
}
