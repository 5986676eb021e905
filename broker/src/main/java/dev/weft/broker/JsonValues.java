// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.MeshException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads values of a JSON object leniently: numbers and booleans may come as strings, as
 * configuration maps deliver them (wire reference 8.1). Null and absent are the same. What cannot
 * be read is {@link MeshException.InvalidValue} with the path.
 *
 * @param path of the object, empty for the root
 */
record JsonValues(JsonNode object, String path) {
  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  JsonValues {
    if (!object.isObject()) {
      throw new MeshException.InvalidValue(
          path.isEmpty() ? "document" : path, "must be a JSON object");
    }
  }

  private @Nullable JsonNode value(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  MeshException.InvalidValue invalid(String name, String why) {
    return new MeshException.InvalidValue(pathOf(name), why);
  }

  boolean has(String name) {
    return value(name) != null;
  }

  /** The object under the name; empty when there is none. */
  JsonValues object(String name) {
    JsonNode value = value(name);
    return new JsonValues(value == null ? JSON.createObjectNode() : value, pathOf(name));
  }

  @Nullable JsonNode node(String name) {
    return value(name);
  }

  @Nullable Long number(String name, long min, long max) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    Long number = integer(value);
    if (number == null || number < min || number > max) {
      throw invalid(name, "must be a whole number from " + min + " to " + max);
    }
    return number;
  }

  @Nullable Integer number(String name, int min, int max) {
    Long number = number(name, (long) min, (long) max);
    return number == null ? null : number.intValue();
  }

  private static @Nullable Long integer(JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (value.isString()) {
      try {
        return Long.valueOf(value.stringValue().strip());
      } catch (NumberFormatException malformed) {
        return null;
      }
    }
    return null;
  }

  @Nullable Double decimal(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    try {
      if (value.isNumber() || value.isString()) {
        return Double.valueOf(value.asString());
      }
    } catch (NumberFormatException malformed) {
      throw invalid(name, "must be a number");
    }
    throw invalid(name, "must be a number");
  }

  @Nullable Boolean flag(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isString()) {
      String text = value.stringValue().strip().toLowerCase(Locale.ROOT);
      if (text.equals("true") || text.equals("false")) {
        return text.equals("true");
      }
    }
    throw invalid(name, "must be true or false");
  }

  @Nullable String text(String name, int lengthMax) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isString() || value.stringValue().length() > lengthMax) {
      throw invalid(name, "must be a string of at most " + lengthMax + " characters");
    }
    return value.stringValue();
  }

  String requiredText(String name, int lengthMax) {
    String text = text(name, lengthMax);
    if (text == null || text.isEmpty()) {
      throw invalid(name, "is missing");
    }
    return text;
  }

  <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) {
    String text = text(name, 100);
    if (text == null) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text.strip().replace('-', '_'))) {
        return constant;
      }
    }
    throw invalid(
        name,
        "must be one of "
            + Arrays.stream(type.getEnumConstants())
                .map(Enum::name)
                .collect(Collectors.joining(", ")));
  }
}
