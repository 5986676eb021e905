// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.landscape;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A YAML document as a tree that remembers where each key and value stands. Paths are written as in
 * {@code instances[0].queues[1].name}.
 */
public final class LocatedDocument {
  private record Place(int line, int column) {
    static final Place UNKNOWN = new Place(0, 0);
  }

  /** Deeper than any landscape; bounds the recursion. */
  private static final int DEPTH_MAX = 64;

  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private final String source;
  private final JsonNode root;
  private final Map<String, Place> keys;
  private final Map<String, Place> values;

  private LocatedDocument(
      String source, JsonNode root, Map<String, Place> keys, Map<String, Place> values) {
    this.source = source;
    this.root = root;
    this.keys = keys;
    this.values = values;
  }

  /** A tree that came over the network: no places. */
  public static LocatedDocument of(JsonNode root, String source) {
    return new LocatedDocument(source, root, Map.of(), Map.of());
  }

  public static LocatedDocument parse(String text, String source) throws InvalidLandscape {
    LocatedDocument document =
        new LocatedDocument(
            source, JsonNodeFactory.instance.nullNode(), new HashMap<>(), new HashMap<>());
    try (JsonParser parser = YAML.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new InvalidLandscape(
            List.of(new InvalidLandscape.Problem(source, 1, 1, "", "the file is empty")));
      }
      JsonNode root = document.read(parser, "", 0);
      return new LocatedDocument(source, root, document.keys, document.values);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw new InvalidLandscape(
          List.of(
              new InvalidLandscape.Problem(
                  source,
                  at == null ? 1 : at.getLineNr(),
                  at == null ? 1 : at.getColumnNr(),
                  "",
                  "no valid YAML, " + firstLine(e.getOriginalMessage()))));
    }
  }

  private JsonNode read(JsonParser parser, String path, int depth) {
    values.put(path, place(parser));
    if (depth > DEPTH_MAX) {
      throw new tools.jackson.core.exc.StreamReadException(parser, "nested too deep");
    }
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          String below = path.isEmpty() ? name : path + "." + name;
          keys.put(below, place(parser));
          parser.nextToken();
          object.set(name, read(parser, below, depth + 1));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(read(parser, path + "[" + array.size() + "]", depth + 1));
        }
        yield array;
      }
      case VALUE_STRING -> JsonNodeFactory.instance.stringNode(parser.getString());
      case VALUE_NUMBER_INT -> JsonNodeFactory.instance.numberNode(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> JsonNodeFactory.instance.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> JsonNodeFactory.instance.booleanNode(true);
      case VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(false);
      default -> JsonNodeFactory.instance.nullNode();
    };
  }

  private static Place place(JsonParser parser) {
    TokenStreamLocation at = parser.currentTokenLocation();
    return new Place(at.getLineNr(), at.getColumnNr());
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("unreadable");
  }

  public JsonNode root() {
    return root;
  }

  /** A problem with the value at a path. */
  public InvalidLandscape.Problem atValue(String path, String message) {
    return problem(values.getOrDefault(path, Place.UNKNOWN), path, message);
  }

  /** A problem with a key. */
  public InvalidLandscape.Problem atKey(String path, String message) {
    return problem(keys.getOrDefault(path, Place.UNKNOWN), path, message);
  }

  private InvalidLandscape.Problem problem(Place place, String path, String message) {
    return new InvalidLandscape.Problem(source, place.line(), place.column(), path, message);
  }
}
