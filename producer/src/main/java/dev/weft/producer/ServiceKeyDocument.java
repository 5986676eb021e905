// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a channel takes from a service key: the entry for AMQP over WebSocket (wire reference 2.2).
 *
 * @param namespace the default topic space
 * @param gateway {@code wss://} or {@code ws://} address with its path
 * @param tokenEndpoint where the token comes from
 */
public record ServiceKeyDocument(
    String namespace, URI gateway, URI tokenEndpoint, String clientId, String clientSecret) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Reads a key file. */
  public static ServiceKeyDocument read(Path file) throws ChannelFailure {
    try {
      return parse(JSON.readTree(file.toFile()));
    } catch (JacksonException e) {
      throw notJson(e);
    }
  }

  /** Reads the text of a key; the outer {@code credentials} object of some tools is accepted. */
  public static ServiceKeyDocument parse(String text) throws ChannelFailure {
    try {
      return parse(JSON.readTree(text));
    } catch (JacksonException e) {
      throw notJson(e);
    }
  }

  private static ServiceKeyDocument parse(JsonNode document) throws ChannelFailure {
    JsonNode key =
        document.path("credentials").isObject() ? document.path("credentials") : document;
    if (key.path("uaa").path("credential-type").asString("").equals("x509")) {
      throw new ChannelFailure(
          ChannelFailure.Step.KEY, "Certificate keys are not supported by this release");
    }
    JsonNode entry = amqpEntry(key);
    JsonNode oa2 = entry.path("oa2");
    return new ServiceKeyDocument(
        text(key, "namespace"),
        uri(entry, "uri"),
        uri(oa2, "tokenendpoint"),
        text(oa2, "clientid"),
        text(oa2, "clientsecret"));
  }

  private static JsonNode amqpEntry(JsonNode key) throws ChannelFailure {
    for (JsonNode entry : key.path("messaging")) {
      for (JsonNode protocol : entry.path("protocol")) {
        if (protocol.asString("").equals("amqp10ws")) {
          return entry;
        }
      }
    }
    throw new ChannelFailure(
        ChannelFailure.Step.KEY,
        "The service key has no messaging entry with protocol amqp10ws; the instance needs"
            + " options.messaging");
  }

  private static String text(JsonNode node, String field) throws ChannelFailure {
    String value = node.path(field).asString("");
    if (value.isEmpty()) {
      throw new ChannelFailure(ChannelFailure.Step.KEY, "The service key lacks '" + field + "'");
    }
    return value;
  }

  private static URI uri(JsonNode node, String field) throws ChannelFailure {
    String value = text(node, field);
    try {
      return new URI(value);
    } catch (java.net.URISyntaxException e) {
      throw new ChannelFailure(
          ChannelFailure.Step.KEY, "'" + field + "' of the service key is no address", e);
    }
  }

  private static ChannelFailure notJson(JacksonException e) {
    @Nullable TokenStreamLocation at = e.getLocation();
    String where =
        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    // The parser's own text quotes what it read, which may be a secret.
    return new ChannelFailure(ChannelFailure.Step.KEY, "The service key is no JSON" + where);
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "ServiceKeyDocument[" + namespace + ", " + gateway + ", " + clientId + "]";
  }
}
