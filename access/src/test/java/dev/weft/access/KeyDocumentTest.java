// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Wire reference 2.1 to 2.3. */
class KeyDocumentTest {
  @TempDir Path directory;
  private Access world;
  private AccessControl access;

  @BeforeEach
  void open() {
    world = new Access(directory);
    access = world.open();
  }

  private ObjectNode document(String descriptor) {
    ServiceInstance instance = access.putInstance("shop", descriptor);
    List<ServiceKey> keys = access.keys("shop");
    ServiceKey key = keys.isEmpty() ? access.createKey("shop", "default", null) : keys.getFirst();
    return access.keyDocument(instance, key);
  }

  @Test
  void theKeyHasTheShapeOfTheOriginal() {
    ObjectNode document = document(Access.DESCRIPTOR);
    ServiceKey key = access.key("shop", "default");
    JsonNode verificationKey = access.tokenKeys().get("keys").get(0).get("value");
    String oauth =
        """
        {"clientid":"%s","clientsecret":"%s","granttype":"client_credentials",
         "tokenendpoint":"https://mesh.example:8443/oauth/token"}
        """
            .formatted(key.clientId(), key.clientSecret());
    String xsappname = key.clientId().substring(3);
    String expected =
        """
        {
          "management": [ { "oa2": %1$s, "uri": "https://mesh.example:8443" } ],
          "messaging": [
            { "broker": { "type": "sapmgw" }, "oa2": %1$s, "protocol": ["amqp10ws"],
              "uri": "wss://mesh.example:8443/protocols/amqp10ws" },
            { "broker": { "type": "sapmgw" }, "oa2": %1$s, "protocol": ["mqtt311ws"],
              "uri": "wss://mesh.example:8443/protocols/mqtt311ws" },
            { "broker": { "type": "saprestmgw" }, "oa2": %1$s, "protocol": ["httprest"],
              "uri": "https://mesh.example:8443" }
          ],
          "namespace": "acme/shop/one",
          "serviceinstanceid": "%2$s",
          "uaa": {
            "apiurl": "https://mesh.example:8443",
            "clientid": "%3$s",
            "clientsecret": "%4$s",
            "credential-type": "binding-secret",
            "identityzone": "weft",
            "identityzoneid": "%5$s",
            "sburl": "https://mesh.example:8443",
            "serviceInstanceId": "%2$s",
            "subaccountid": "%5$s",
            "tenantid": "%5$s",
            "tenantmode": "dedicated",
            "uaadomain": "mesh.example:8443",
            "url": "https://mesh.example:8443",
            "verificationkey": %6$s,
            "xsappname": "%7$s",
            "zoneid": "%5$s"
          },
          "xsappname": "%7$s"
        }
        """
            .formatted(
                oauth,
                access.instance("shop").id(),
                key.clientId(),
                key.clientSecret(),
                Zone.ID,
                verificationKey,
                xsappname);
    // The text counts: the order of the fields is what people compare keys by.
    assertThat(document.toString()).isEqualTo(Descriptor.JSON.readTree(expected).toString());
  }

  @Test
  void theKeyHoldsOnlyWhatTheOptionsAllow() {
    // wire 2.1
    assertThat(protocols("{\"management\":false,\"messagingrest\":false,\"messaging\":true}"))
        .containsExactly("amqp10ws", "mqtt311ws");
    assertThat(protocols("{\"management\":false,\"messagingrest\":true,\"messaging\":false}"))
        .containsExactly("httprest");
    assertThat(protocols("{\"management\":true,\"messagingrest\":false,\"messaging\":false}"))
        .isEmpty();
  }

  private List<String> protocols(String options) {
    ObjectNode document =
        document(
            "{\"emname\":\"shop\",\"namespace\":\"acme/shop/one\",\"options\":" + options + "}");
    assertThat(document.has("management")).isEqualTo(options.contains("\"management\":true"));
    // CAP Java does not start without it, whatever the options say.
    assertThat(document.get("uaa").get("clientid").stringValue())
        .isEqualTo(access.key("shop", "default").clientId());
    return document
        .get("messaging")
        .valueStream()
        .map(entry -> entry.get("protocol").get(0).stringValue())
        .toList();
  }

  @Test
  void withoutTlsTheKeyNamesPlainAddresses() {
    world.settings = AccessSettings.of("http://localhost:8080");
    access = world.open();
    JsonNode messaging = document(Access.DESCRIPTOR).get("messaging");
    assertThat(messaging.get(0).get("uri").stringValue())
        .isEqualTo("ws://localhost:8080/protocols/amqp10ws");
    assertThat(messaging.get(2).get("uri").stringValue()).isEqualTo("http://localhost:8080");
  }

  @Test
  void aProvidersKeySaysSo() {
    assertThat(document(Access.DESCRIPTOR).has("instancetype")).isFalse();
    assertThat(
            document(
                    Access.DESCRIPTOR.replace(
                        "\"emname\"", "\"instanceType\":\"reuse\",\"emname\""))
                .get("instancetype")
                .stringValue())
        .isEqualTo("reuse");
  }
}
