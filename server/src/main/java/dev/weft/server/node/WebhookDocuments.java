// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.broker.WebhookAuth;
import dev.weft.broker.WebhookSubscription;
import dev.weft.server.landscape.Landscape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Webhooks in the words of the landscape file and in the vendor's (wire reference 7.1). */
final class WebhookDocuments {
  private WebhookDocuments() {}

  /** The subscription that the landscape asks for. */
  static WebhookSubscription subscription(String instanceId, Landscape.Webhook webhook) {
    ObjectNode document = JsonMapper.shared().createObjectNode();
    document.put("name", webhook.name());
    document.put("address", "queue:" + webhook.queue());
    document.put("qos", webhook.qos());
    ObjectNode push = document.putObject("pushConfig");
    push.put("type", "webhook");
    push.put("endpoint", webhook.url());
    push.put("exemptHandshake", webhook.exemptHandshake());
    if (webhook.defaultContentType() != null) {
      push.put("defaultContentType", webhook.defaultContentType());
    }
    switch (webhook.auth()) {
      case Landscape.Auth.None _ -> {}
      case Landscape.Auth.Basic(String user, String password) ->
          push.putObject("securitySchema")
              .put("type", "basic")
              .put("user", user)
              .put("password", password);
      case Landscape.Auth.OAuth2(String clientId, String clientSecret, String tokenUrl) ->
          push.putObject("securitySchema")
              .put("type", "oauth2")
              .put("grantType", "client_credentials")
              .put("clientId", clientId)
              .put("clientSecret", clientSecret)
              .put("tokenUrl", tokenUrl);
    }
    return WebhookSubscription.parse(instanceId, document);
  }

  /** What an export says; secrets become names of files that their owner has to bring. */
  static ObjectNode export(WebhookSubscription webhook) {
    ObjectNode entry = JsonMapper.shared().createObjectNode();
    entry.put("name", webhook.name());
    entry.put("queue", webhook.queue().value());
    entry.put("url", webhook.endpoint());
    entry.put("qos", webhook.qos());
    entry.put("exemptHandshake", webhook.exemptHandshake());
    entry.put("defaultContentType", webhook.defaultContentType());
    String file = "secrets/" + webhook.name().replace('/', '.');
    switch (webhook.auth()) {
      case WebhookAuth.None _ -> {}
      case WebhookAuth.Basic basic ->
          entry
              .putObject("auth")
              .put("type", "basic")
              .put("user", basic.user())
              .put("passwordFile", file);
      case WebhookAuth.OAuth2 oauth2 ->
          entry
              .putObject("auth")
              .put("type", "oauth2")
              .put("clientId", oauth2.clientId())
              .put("clientSecretFile", file)
              .put("tokenUrl", oauth2.tokenUrl());
    }
    return entry;
  }
}
