// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import dev.weft.queue.MeshException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The vendor's parameters of an instance, read and checked (wire reference 1.2, 1.3).
 *
 * @param reuse the instance belongs to a provider of multitenant applications
 * @param authorities scopes of applications that this client's tokens carry, e.g. {@code
 *     shop!t1.emcallback}
 */
record Descriptor(
    String emname,
    String namespace,
    boolean management,
    boolean messagingrest,
    boolean messaging,
    int units,
    Rules rules,
    boolean reuse,
    List<String> authorities) {
  private static final int EMNAME_LENGTH_MAX = 100;
  private static final int NAMESPACE_LENGTH_MAX = 63;
  private static final int UNITS_MIN = 10;
  private static final int UNITS_MAX = 50;

  /** A descriptor of the vendor has about 1 KiB. */
  private static final int LENGTH_MAX = 64 * 1024;

  private static final int FILTERS_MAX = 200;
  private static final int AUTHORITIES_MAX = 100;
  private static final Set<String> FIELDS =
      Set.of(
          "emname",
          "version",
          "namespace",
          "options",
          "resources",
          "rules",
          "instanceType",
          "authorities",
          "xs-security");
  private static final Set<String> RULE_FIELDS = Set.of("queueRules", "topicRules");
  private static final Set<String> FILTER_FIELDS =
      Set.of("publishFilter", "subscribeFilter", "inboundFilter", "outboundFilter");
  private static final Pattern EMNAME = Pattern.compile("[a-zA-Z0-9_-]+");
  private static final Pattern FIRST_SEGMENT = Pattern.compile("[a-zA-Z0-9]+");
  private static final Pattern SECOND_SEGMENT =
      Pattern.compile("[a-zA-Z0-9]+(?:[.-][a-zA-Z0-9]+)*");

  /** As the second, but a provider's may end in a hyphen, or be one. */
  private static final Pattern THIRD_SEGMENT =
      Pattern.compile("-|[a-zA-Z0-9]+(?:[.-][a-zA-Z0-9]+)*-?");

  /** What an application may grant: {@code <xsappname>.<scope>}. */
  private static final Pattern AUTHORITY =
      Pattern.compile("[a-zA-Z0-9_!|.-]{1,150}\\.[a-zA-Z0-9_-]{1,193}");

  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * @throws MeshException.InvalidValue with the path of what is wrong
   */
  static Descriptor parse(String json) {
    JsonNode root = tree(json);
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw new MeshException.InvalidValue(field.getKey(), "Unrecognized field");
      }
    }
    String emname = text(root, "emname");
    if (emname.length() > EMNAME_LENGTH_MAX || !EMNAME.matcher(emname).matches()) {
      throw new MeshException.InvalidValue(
          "emname", "must have 1 to 100 characters of letters, digits, '_' and '-'");
    }
    checkVersion(root);
    String namespace = text(root, "namespace");
    checkNamespace(namespace);
    JsonNode options = object(root, "options");
    return new Descriptor(
        emname,
        namespace,
        flag(options, "management", false),
        flag(options, "messagingrest", false),
        flag(options, "messaging", true),
        units(object(root, "resources")),
        rules(object(root, "rules"), namespace),
        isReuse(root),
        authorities(root));
  }

  private static JsonNode tree(String json) {
    if (json.length() > LENGTH_MAX) {
      throw new MeshException.InvalidValue("parameters", "more than 64 KiB");
    }
    try {
      JsonNode root = JSON.readTree(json);
      if (root.isObject()) {
        return root;
      }
    } catch (JacksonException malformed) {
      throw new MeshException.InvalidValue(
          "parameters", "not valid JSON: " + malformed.getOriginalMessage());
    }
    throw new MeshException.InvalidValue("parameters", "must be a JSON object");
  }

  private static void checkVersion(JsonNode root) {
    JsonNode version = root.get("version");
    // The old syntax has none.
    if (version != null && !(version.isString() && version.stringValue().equals("1.1.0"))) {
      throw new MeshException.InvalidValue("version", "must be 1.1.0");
    }
  }

  private static void checkNamespace(String namespace) {
    String[] segments = namespace.split("/", -1);
    boolean valid =
        namespace.length() <= NAMESPACE_LENGTH_MAX
            && segments.length == 3
            && FIRST_SEGMENT.matcher(segments[0]).matches()
            && SECOND_SEGMENT.matcher(segments[1]).matches()
            && THIRD_SEGMENT.matcher(segments[2]).matches();
    if (!valid) {
      throw new MeshException.InvalidValue(
          "namespace",
          "must have three segments of letters and digits, in the second and third also '.' and '-'"
              + " between them, and at most 63 characters");
    }
  }

  private static int units(JsonNode resources) {
    JsonNode units = resources.get("units");
    if (units == null) {
      return UNITS_MIN;
    }
    int value = -1;
    if (units.isIntegralNumber() && units.canConvertToInt()) {
      value = units.intValue();
    } else if (units.isString() && units.stringValue().matches("[0-9]{1,4}")) {
      value = Integer.parseInt(units.stringValue());
    }
    if (value < UNITS_MIN || value > UNITS_MAX) {
      throw new MeshException.InvalidValue("resources.units", "must be a number from 10 to 50");
    }
    return value;
  }

  private static Rules rules(JsonNode rules, String namespace) {
    refuseUnknown(rules, "rules", RULE_FIELDS);
    JsonNode queues = filters(rules, "queueRules");
    JsonNode topics = filters(rules, "topicRules");
    return new Rules(
        patterns(queues, "queueRules", "publishFilter", "inboundFilter", namespace),
        patterns(queues, "queueRules", "subscribeFilter", "outboundFilter", namespace),
        patterns(topics, "topicRules", "publishFilter", "inboundFilter", namespace),
        patterns(topics, "topicRules", "subscribeFilter", "outboundFilter", namespace));
  }

  private static JsonNode filters(JsonNode rules, String kind) {
    JsonNode filters = rules.get(kind);
    if (filters == null) {
      return JSON.createObjectNode();
    }
    if (!filters.isObject()) {
      throw new MeshException.InvalidValue("rules." + kind, "must be an object");
    }
    // A misspelt filter would silently allow nothing.
    refuseUnknown(filters, "rules." + kind, FILTER_FIELDS);
    return filters;
  }

  private static void refuseUnknown(JsonNode object, String path, Set<String> known) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!known.contains(field.getKey())) {
        throw new MeshException.InvalidValue(path + "." + field.getKey(), "Unrecognized field");
      }
    }
  }

  private static List<TopicPattern> patterns(
      JsonNode filters, String kind, String name, String oldName, String namespace) {
    var patterns = new ArrayList<TopicPattern>();
    for (String field : List.of(name, oldName)) {
      String path = "rules." + kind + "." + field;
      for (String filter : texts(filters.get(field), path, FILTERS_MAX)) {
        try {
          patterns.add(new TopicPattern(filter.replace("${namespace}", namespace)));
        } catch (MeshException.MalformedName malformed) {
          throw new MeshException.InvalidValue(path, String.valueOf(malformed.getMessage()));
        }
      }
    }
    return patterns.stream().distinct().toList();
  }

  private static boolean isReuse(JsonNode root) {
    JsonNode type = root.get("instanceType");
    if (type != null && !type.isString()) {
      throw new MeshException.InvalidValue("instanceType", "must be a string");
    }
    return type != null && type.stringValue().equals("reuse");
  }

  /** Placeholders such as {@code $ACCEPT_GRANTED_AUTHORITIES} grant nothing by themselves. */
  private static List<String> authorities(JsonNode root) {
    var authorities = new ArrayList<String>();
    for (String authority : texts(root.get("authorities"), "authorities", AUTHORITIES_MAX)) {
      if (authority.startsWith("$")) {
        continue;
      }
      if (!AUTHORITY.matcher(authority).matches()) {
        throw new MeshException.InvalidValue("authorities", "must be <xsappname>.<scope>");
      }
      authorities.add(authority);
    }
    return List.copyOf(authorities);
  }

  private static List<String> texts(@Nullable JsonNode array, String path, int max) {
    if (array == null) {
      return List.of();
    }
    if (!array.isArray() || array.size() > max) {
      throw new MeshException.InvalidValue(path, "must be an array of at most " + max + " strings");
    }
    var texts = new ArrayList<String>();
    for (JsonNode element : array) {
      if (!element.isString()) {
        throw new MeshException.InvalidValue(path, "must be an array of strings");
      }
      texts.add(element.stringValue());
    }
    return texts;
  }

  private static JsonNode object(JsonNode root, String field) {
    JsonNode value = root.get(field);
    if (value == null) {
      return JSON.createObjectNode();
    }
    if (!value.isObject()) {
      throw new MeshException.InvalidValue(field, "must be an object");
    }
    return value;
  }

  private static boolean flag(JsonNode options, String field, boolean otherwise) {
    JsonNode value = options.get(field);
    if (value == null) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw new MeshException.InvalidValue("options." + field, "must be true or false");
    }
    return value.booleanValue();
  }

  private static String text(JsonNode root, String field) {
    JsonNode value = root.get(field);
    if (value == null) {
      throw new MeshException.InvalidValue(field, "is missing");
    }
    if (!value.isString()) {
      throw new MeshException.InvalidValue(field, "must be a string");
    }
    return value.stringValue();
  }
}
