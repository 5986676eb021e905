// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import tools.jackson.databind.node.ObjectNode;

/**
 * The service key as clients read it (wire reference 2.1). The order of the messaging entries is
 * part of the format: published samples take them by their index.
 */
final class KeyDocument {
  private KeyDocument() {}

  static ObjectNode of(
      ServiceInstance instance, ServiceKey key, AccessSettings settings, String verificationKey) {
    ObjectNode document = Descriptor.JSON.createObjectNode();
    if (instance.management()) {
      ObjectNode management = document.putArray("management").addObject();
      management.set("oa2", oauth(key, settings));
      management.put("uri", settings.publicUrl());
    }
    var messaging = document.putArray("messaging");
    if (instance.messaging()) {
      messaging.add(
          endpoint(
              key,
              settings,
              "sapmgw",
              "amqp10ws",
              settings.webSocketUrl() + "/protocols/amqp10ws"));
      messaging.add(
          endpoint(
              key,
              settings,
              "sapmgw",
              "mqtt311ws",
              settings.webSocketUrl() + "/protocols/mqtt311ws"));
    }
    if (instance.messagingrest()) {
      messaging.add(endpoint(key, settings, "saprestmgw", "httprest", settings.publicUrl()));
    }
    if (Descriptor.parse(instance.descriptor()).reuse()) {
      document.put("instancetype", "reuse");
    }
    document.put("namespace", instance.namespace());
    document.put("serviceinstanceid", instance.id());
    document.set("uaa", uaa(instance, key, settings, verificationKey));
    document.put("xsappname", applicationName(key));
    return document;
  }

  private static ObjectNode endpoint(
      ServiceKey key, AccessSettings settings, String broker, String protocol, String uri) {
    ObjectNode entry = Descriptor.JSON.createObjectNode();
    entry.putObject("broker").put("type", broker);
    entry.set("oa2", oauth(key, settings));
    entry.putArray("protocol").add(protocol);
    entry.put("uri", uri);
    return entry;
  }

  private static ObjectNode oauth(ServiceKey key, AccessSettings settings) {
    return Descriptor.JSON
        .createObjectNode()
        .put("clientid", key.clientId())
        .put("clientsecret", key.clientSecret())
        .put("granttype", "client_credentials")
        .put("tokenendpoint", settings.publicUrl() + "/oauth/token");
  }

  /** Always there: CAP Java does not start without it (wire reference 2.3). */
  private static ObjectNode uaa(
      ServiceInstance instance, ServiceKey key, AccessSettings settings, String verificationKey) {
    return Descriptor.JSON
        .createObjectNode()
        .put("apiurl", settings.publicUrl())
        .put("clientid", key.clientId())
        .put("clientsecret", key.clientSecret())
        .put("credential-type", "binding-secret")
        .put("identityzone", Zone.SUBDOMAIN)
        .put("identityzoneid", Zone.ID)
        .put("sburl", settings.publicUrl())
        .put("serviceInstanceId", instance.id())
        .put("subaccountid", Zone.ID)
        .put("tenantid", Zone.ID)
        .put("tenantmode", "dedicated")
        .put("uaadomain", settings.authority())
        .put("url", settings.publicUrl())
        .put("verificationkey", verificationKey)
        .put("xsappname", applicationName(key))
        .put("zoneid", Zone.ID);
  }

  /** The client id without its first three letters. */
  private static String applicationName(ServiceKey key) {
    return key.clientId().substring("sb-".length());
  }
}
