// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The vendor's webhook subscription object (wire reference 7.1). */
final class WebhookDocument {
  private static final int NAME_LENGTH_MAX = 255;
  private static final int URL_LENGTH_MAX = 2_048;
  private static final int SECRET_LENGTH_MAX = 4_096;
  private static final int LENGTH_MAX = 64 * 1024;
  private static final int DEPTH_MAX = 32;

  /** All that is kept of the security schema. */
  private static final List<String> SCHEMA_FIELDS =
      List.of("type", "grantType", "clientId", "user", "tokenUrl");

  /** Names of secrets, wherever a user's own fields hold them; lower case. */
  private static final Set<String> SECRET_NAMES =
      Set.of(
          "clientsecret",
          "client_secret",
          "password",
          "secret",
          "key",
          "apikey",
          "privatekey",
          "token",
          "certificate",
          "authorization");

  private WebhookDocument() {}

  static WebhookSubscription parse(String instanceId, JsonNode document) {
    var root = new JsonValues(document, "");
    WebhookAuth auth = auth(root.object("pushConfig").object("securitySchema"));
    return parse(instanceId, root, auth, false);
  }

  /** From the catalogue, where the document has no secrets. */
  static WebhookSubscription restore(
      String instanceId, String document, WebhookAuth auth, boolean paused) {
    return parse(instanceId, new JsonValues(JsonValues.JSON.readTree(document), ""), auth, paused);
  }

  private static WebhookSubscription parse(
      String instanceId, JsonValues root, WebhookAuth auth, boolean paused) {
    String name = root.requiredText("name", NAME_LENGTH_MAX);
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw root.invalid("name", "must not hold control characters");
    }
    JsonValues push = root.object("pushConfig");
    String type = push.text("type", 100);
    if (type != null && !type.equals("webhook")) {
      throw push.invalid("type", "must be 'webhook'");
    }
    Integer qos = root.number("qos", 0, 1);
    Boolean exempt = push.flag("exemptHandshake");
    String clean = clean(root.object());
    if (clean.length() > LENGTH_MAX) {
      throw root.invalid("document", "more than 64 KiB");
    }
    return new WebhookSubscription(
        instanceId,
        name,
        queue(root),
        // At least once unless somebody asks for less.
        qos == null ? 1 : qos,
        url(push, "endpoint"),
        exempt != null && exempt,
        contentType(push),
        auth,
        paused,
        clean);
  }

  private static QueueName queue(JsonValues root) {
    String address = root.requiredText("address", 1_000);
    if (!address.startsWith("queue:")) {
      throw root.invalid("address", "must be 'queue:' and the name of a queue");
    }
    try {
      return new QueueName(address.substring("queue:".length()));
    } catch (MeshException.MalformedName malformed) {
      throw root.invalid("address", String.valueOf(malformed.getMessage()));
    }
  }

  /** An absolute web address. Its path and query stay verbatim: CAP's query is not escaped. */
  private static String url(JsonValues values, String name) {
    String url = values.requiredText(name, URL_LENGTH_MAX);
    // Readers of addresses disagree about a backslash: some take it for a slash.
    boolean visible = url.chars().allMatch(c -> c > ' ' && c != 0x7f && c != '\\');
    int authorityStart = url.indexOf("://") + 3;
    String scheme = authorityStart < 3 ? "" : url.substring(0, authorityStart - 3);
    boolean web = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
    if (!visible || !web || !hasHost(scheme, authority(url, authorityStart))) {
      throw values.invalid(name, "must be an absolute http or https address without user info");
    }
    return url;
  }

  private static String authority(String url, int start) {
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    return url.substring(start, end);
  }

  private static boolean hasHost(String scheme, String authority) {
    try {
      var uri = new URI(scheme + "://" + authority);
      return uri.getHost() != null && uri.getUserInfo() == null && !authority.contains("@");
    } catch (URISyntaxException malformed) {
      return false;
    }
  }

  private static String contentType(JsonValues push) {
    String contentType = push.text("defaultContentType", 200);
    if (contentType == null || contentType.isBlank()) {
      return WebhookSubscription.DEFAULT_CONTENT_TYPE;
    }
    if (!contentType.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw push.invalid("defaultContentType", "must be printable ASCII");
    }
    return contentType;
  }

  private static WebhookAuth auth(JsonValues schema) {
    String type = schema.text("type", 100);
    return switch (type == null ? "" : type.toLowerCase(Locale.ROOT)) {
      case "", "none" -> WebhookAuth.NONE;
      case "basic" -> basic(schema);
      case "oauth2" -> oauth2(schema);
      default -> throw schema.invalid("type", "must be 'none', 'basic' or 'oauth2'");
    };
  }

  private static WebhookAuth basic(JsonValues schema) {
    String user = schema.requiredText("user", 1_000);
    if (user.indexOf(':') >= 0) {
      throw schema.invalid("user", "must not hold a colon");
    }
    return new WebhookAuth.Basic(user, schema.requiredText("password", SECRET_LENGTH_MAX));
  }

  private static WebhookAuth oauth2(JsonValues schema) {
    String grantType = schema.text("grantType", 100);
    if (grantType != null && !grantType.equals("client_credentials")) {
      throw schema.invalid("grantType", "must be 'client_credentials'");
    }
    return new WebhookAuth.OAuth2(
        schema.requiredText("clientId", 1_000),
        schema.requiredText("clientSecret", SECRET_LENGTH_MAX),
        url(schema, "tokenUrl"));
  }

  /** The document as it may be shown and stored: without a secret. */
  private static String clean(JsonNode document) {
    ObjectNode copy = (ObjectNode) document.deepCopy();
    removeSecrets(copy, 0);
    if (copy.get("pushConfig") instanceof ObjectNode push
        && push.get("securitySchema") instanceof ObjectNode schema) {
      schema.retain(SCHEMA_FIELDS);
    }
    return JsonValues.JSON.writeValueAsString(copy);
  }

  private static void removeSecrets(@Nullable JsonNode node, int depth) {
    if (node == null) {
      return;
    }
    if (depth > DEPTH_MAX) {
      throw new MeshException.InvalidValue("document", "nested too deeply");
    }
    if (node instanceof ObjectNode object) {
      List<String> secrets =
          object.propertyNames().stream()
              .filter(name -> SECRET_NAMES.contains(name.toLowerCase(Locale.ROOT)))
              .toList();
      object.remove(secrets);
    }
    for (JsonNode child : node) {
      removeSecrets(child, depth + 1);
    }
  }

  /** The part that has to be sealed. */
  static byte[] write(WebhookAuth auth) {
    ObjectNode document = JsonValues.JSON.createObjectNode();
    switch (auth) {
      case WebhookAuth.None() -> document.put("type", "none");
      case WebhookAuth.Basic(String user, String password) ->
          document.put("type", "basic").put("user", user).put("password", password);
      case WebhookAuth.OAuth2(String clientId, String clientSecret, String tokenUrl) ->
          document
              .put("type", "oauth2")
              .put("clientId", clientId)
              .put("clientSecret", clientSecret)
              .put("tokenUrl", tokenUrl);
    }
    return JsonValues.JSON.writeValueAsBytes(document);
  }

  static WebhookAuth readAuth(byte[] document) {
    return auth(new JsonValues(JsonValues.JSON.readTree(document), "securitySchema"));
  }
}
