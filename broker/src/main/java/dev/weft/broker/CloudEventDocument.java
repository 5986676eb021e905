// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.TopicPattern;
import dev.weft.queue.MeshException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A CloudEvent in its JSON form, which is how the mesh stores events (CloudEvents 1.0.2, JSON event
 * format 1.0.2; wire reference 6.4).
 *
 * @param json attributes, and {@code data} or {@code data_base64}
 */
public record CloudEventDocument(ObjectNode json) {
  /** Of the whole event in one JSON document. */
  public static final String CONTENT_TYPE = "application/cloudevents+json";

  private static final String DATA = "data";
  private static final String DATA_BASE64 = "data_base64";
  private static final String DATA_TYPE = "datacontenttype";
  private static final List<String> REQUIRED = List.of("id", "source", "specversion", "type");

  /**
   * @throws MeshException.InvalidValue if a required attribute is missing
   */
  public CloudEventDocument {
    for (String name : REQUIRED) {
      if (!json.path(name).isString() || json.path(name).asString().isEmpty()) {
        throw new MeshException.InvalidValue(name, "the event has no such attribute");
      }
    }
    if (!json.path("specversion").asString().equals("1.0")) {
      throw new MeshException.InvalidValue("specversion", "must be 1.0");
    }
  }

  /** Whether a body of that type is a whole event. */
  public static boolean isWhole(@Nullable String contentType) {
    return contentType != null && mediaType(contentType).equals(CONTENT_TYPE);
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.trim().toLowerCase(Locale.ROOT);
  }

  /**
   * @param body an event in structured mode
   * @throws MeshException.InvalidValue if it is none
   */
  public static CloudEventDocument parse(byte[] body) {
    try {
      if (JsonValues.JSON.readTree(body) instanceof ObjectNode object) {
        return new CloudEventDocument(object);
      }
    } catch (JacksonException malformed) {
      throw new MeshException.InvalidValue("body", "it must be valid JSON");
    }
    throw new MeshException.InvalidValue("body", "it must be a JSON object");
  }

  /**
   * An event in binary mode.
   *
   * @param attributes without the prefix of their headers, unescaped
   * @param contentType of the data
   * @throws MeshException.InvalidValue if an attribute is missing, or data that says it is JSON is
   *     not
   */
  public static CloudEventDocument of(
      Map<String, String> attributes, @Nullable String contentType, byte[] data) {
    ObjectNode json = JsonValues.JSON.createObjectNode();
    attributes.forEach(json::put);
    if (contentType != null) {
      json.put(DATA_TYPE, contentType);
    }
    if (data.length > 0) {
      putData(json, contentType == null ? "application/json" : mediaType(contentType), data);
    }
    return new CloudEventDocument(json);
  }

  private static void putData(ObjectNode json, String type, byte[] data) {
    if (type.endsWith("/json") || type.endsWith("+json")) {
      try {
        json.set(DATA, JsonValues.JSON.readTree(data));
      } catch (JacksonException malformed) {
        throw new MeshException.InvalidValue(DATA, "must be valid JSON, as its type says");
      }
      return;
    }
    String text = type.startsWith("text/") ? utf8(data) : null;
    if (text == null) {
      json.put(DATA_BASE64, Base64.getEncoder().encodeToString(data));
    } else {
      json.put(DATA, text);
    }
  }

  private static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException binary) {
      return null;
    }
  }

  /** The topic that the event goes to. */
  public TopicPattern topic() {
    return topic(json.path("source").asString(), json.path("type").asString());
  }

  /**
   * The topic of a source and a type: {@code /a/b/c} and {@code x.y} meet at {@code a/b/c/ce/x/y}.
   *
   * @throws MeshException.MalformedName if they make no topic
   */
  public static TopicPattern topic(String source, String type) {
    String prefix = source.startsWith("/") ? source.substring(1) : source;
    return new TopicPattern(prefix + "/ce/" + type.replace('.', '/'));
  }

  /** The event as one document. */
  public byte[] encoded() {
    return JsonValues.JSON.writeValueAsBytes(json);
  }

  /** The attributes as text, without those of the data. */
  public SortedMap<String, String> attributes() {
    SortedMap<String, String> attributes = new TreeMap<>();
    json.forEachEntry(
        (name, value) -> {
          if (!name.equals(DATA)
              && !name.equals(DATA_BASE64)
              && !name.equals(DATA_TYPE)
              && value.isValueNode()
              && !value.isNull()) {
            attributes.put(name, value.asString());
          }
        });
    return attributes;
  }

  /** Type of the data. */
  public String dataContentType() {
    return json.path(DATA_TYPE).asString("application/json");
  }

  /** The data by itself, empty when there is none. */
  public byte[] data() {
    JsonNode base64 = json.path(DATA_BASE64);
    if (base64.isString()) {
      try {
        return Base64.getDecoder().decode(base64.asString());
      } catch (IllegalArgumentException malformed) {
        return new byte[0];
      }
    }
    JsonNode data = json.path(DATA);
    if (data.isMissingNode()) {
      return new byte[0];
    }
    boolean text = data.isString() && !mediaType(dataContentType()).endsWith("json");
    return text
        ? data.asString().getBytes(StandardCharsets.UTF_8)
        : JsonValues.JSON.writeValueAsBytes(data);
  }
}
