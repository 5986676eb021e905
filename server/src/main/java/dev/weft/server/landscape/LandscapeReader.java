// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.landscape;

import dev.weft.access.TopicPattern;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and checks a landscape: first its form by the schema, then what a schema cannot say (names
 * that refer to each other). Finds all problems of a stage before it gives up. One reader reads one
 * landscape.
 */
public final class LandscapeReader {
  /** Sections of the form that come with features this version does not have. */
  private static final Map<String, String> LATER =
      Map.of(
          "flows", "iFlows",
          "runtimes", "Process Integration Runtimes",
          "securityMaterial", "security material");

  private final LocatedDocument document;
  private final @Nullable Path directory;
  private final List<InvalidLandscape.Problem> problems = new ArrayList<>();

  private LandscapeReader(LocatedDocument document, @Nullable Path directory) {
    this.document = document;
    this.directory = directory;
  }

  /**
   * @param file YAML; files it names are found relative to it
   */
  public static Landscape read(Path file, LandscapeSchema schema) throws InvalidLandscape {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new InvalidLandscape(
          List.of(new InvalidLandscape.Problem(file.toString(), 0, 0, "", "cannot be read")));
    }
    return read(text, file.toString(), file.toAbsolutePath().getParent(), schema);
  }

  /** A landscape as text; {@code source} names it in problems. */
  public static Landscape read(
      String text, String source, @Nullable Path directory, LandscapeSchema schema)
      throws InvalidLandscape {
    return new LandscapeReader(LocatedDocument.parse(text, source), directory).read(schema);
  }

  /** A landscape that came as JSON over the network, so it may name no files. */
  public static Landscape read(JsonNode document, LandscapeSchema schema) throws InvalidLandscape {
    return new LandscapeReader(LocatedDocument.of(document, "landscape"), null).read(schema);
  }

  private Landscape read(LandscapeSchema schema) throws InvalidLandscape {
    refuseLaterSections();
    problems.addAll(schema.problems(document));
    giveUpIfInvalid();
    ObjectNode root = (ObjectNode) document.root();
    List<Landscape.Instance> instances = each(root.path("instances"), "instances", this::instance);
    List<Landscape.Producer> systems = each(root.path("systems"), "systems", this::system);
    unique(root.path("instances"), "instances");
    unique(root.path("systems"), "systems");
    giveUpIfInvalid();
    Landscape landscape = new Landscape(instances, systems, root);
    problems.addAll(new LandscapeMeaning(document).problems(landscape));
    giveUpIfInvalid();
    return landscape;
  }

  private void giveUpIfInvalid() throws InvalidLandscape {
    if (!problems.isEmpty()) {
      throw new InvalidLandscape(problems);
    }
  }

  private void refuseLaterSections() throws InvalidLandscape {
    LATER.forEach(
        (section, what) -> {
          if (document.root().has(section)) {
            problems.add(document.atKey(section, "this version of Weft has no " + what + " yet"));
          }
        });
    int index = 0;
    for (JsonNode instance : document.root().path("instances")) {
      int hook = 0;
      for (JsonNode webhook : instance.path("webhooks")) {
        if (webhook.path("auth").has("runtimeKey")) {
          problems.add(
              document.atKey(
                  "instances[" + index + "].webhooks[" + hook + "].auth.runtimeKey",
                  "this version of Weft has no Process Integration Runtimes yet"));
        }
        hook++;
      }
      index++;
    }
    giveUpIfInvalid();
  }

  private interface Element<T> {
    T read(JsonNode node, String path);
  }

  private static <T> List<T> each(JsonNode array, String path, Element<T> element) {
    List<T> list = new ArrayList<>();
    for (JsonNode node : array) {
      list.add(element.read(node, path + "[" + list.size() + "]"));
    }
    return list;
  }

  private void unique(JsonNode array, String path) {
    Set<String> seen = new HashSet<>();
    int index = 0;
    for (JsonNode node : array) {
      String name = node.isString() ? node.asString() : node.path("name").asString("");
      if (!seen.add(name)) {
        String where = path + "[" + index + "]" + (node.isString() ? "" : ".name");
        problems.add(document.atValue(where, "'" + name + "' stands here twice"));
      }
      index++;
    }
  }

  private Landscape.Instance instance(JsonNode node, String path) {
    String namespace = node.path("parameters").path("namespace").asString("");
    List<String> queueNames = new ArrayList<>();
    node.path("queues").forEach(queue -> queueNames.add(queue.path("name").asString("")));
    unique(node.path("keys"), path + ".keys");
    unique(node.path("queues"), path + ".queues");
    unique(node.path("webhooks"), path + ".webhooks");
    return new Landscape.Instance(
        node.path("name").asString(),
        (ObjectNode) node.path("parameters"),
        each(node.path("keys"), path + ".keys", this::key),
        each(
            node.path("queues"),
            path + ".queues",
            (queue, at) -> queue((ObjectNode) queue, at, namespace, queueNames)),
        each(
            node.path("webhooks"),
            path + ".webhooks",
            (webhook, at) -> webhook(webhook, at, queueNames)));
  }

  private Landscape.Key key(JsonNode node, String path) {
    if (node.isString()) {
      return new Landscape.Key(node.asString(), null);
    }
    return new Landscape.Key(
        node.path("name").asString(), secret((ObjectNode) node, path, "secret"));
  }

  private Landscape.Queue queue(
      ObjectNode node, String path, String namespace, List<String> queueNames) {
    QueueName name = queueName(node.path("name").asString(), path + ".name");
    if (!name.value().startsWith(namespace + "/")) {
      problems.add(
          document.atValue(
              path + ".name", "'" + name + "' does not lie below the namespace " + namespace));
    }
    ObjectNode attributes = node.deepCopy();
    attributes.remove(List.of("name", "subscriptions"));
    QueueName dead = null;
    String deadName = node.path("deadMsgQueue").asString("");
    if (!deadName.isEmpty()) {
      String at = path + ".deadMsgQueue";
      mustBeAQueueOf(queueNames, deadName, at);
      dead = queueName(deadName, at);
    }
    List<TopicPattern> patterns =
        each(
            node.path("subscriptions"),
            path + ".subscriptions",
            (pattern, at) -> named(pattern.asString(), at, TopicPattern::new, "a/b"));
    return new Landscape.Queue(name, attributes, dead, patterns);
  }

  private Landscape.Webhook webhook(JsonNode node, String path, List<String> queueNames) {
    String queue = node.path("queue").asString();
    mustBeAQueueOf(queueNames, queue, path + ".queue");
    JsonNode contentType = node.path("defaultContentType");
    return new Landscape.Webhook(
        node.path("name").asString(),
        queueName(queue, path + ".queue"),
        node.path("url").asString(),
        node.path("qos").asInt(1),
        node.path("exemptHandshake").asBoolean(false),
        contentType.isString() ? contentType.asString() : null,
        node.has("auth")
            ? auth((ObjectNode) node.path("auth"), path + ".auth")
            : new Landscape.Auth.None());
  }

  private Landscape.Auth auth(ObjectNode node, String path) {
    return switch (node.path("type").asString()) {
      case "basic" ->
          new Landscape.Auth.Basic(
              needed(node, path, "user"), neededSecret(node, path, "password"));
      case "oauth2" ->
          new Landscape.Auth.OAuth2(
              needed(node, path, "clientId"),
              neededSecret(node, path, "clientSecret"),
              needed(node, path, "tokenUrl"));
      default -> new Landscape.Auth.None();
    };
  }

  private Landscape.Producer system(JsonNode node, String path) {
    return new Landscape.Producer(
        node.path("name").asString(),
        each(
            node.path("channels"),
            path + ".channels",
            (channel, at) ->
                new Landscape.Channel(
                    channel.path("name").asString(),
                    channel.path("serviceKey").path("instance").asString(),
                    channel.path("serviceKey").path("key").asString(),
                    each(channel.path("bindings"), at, (binding, where) -> binding.asString()))),
        (ObjectNode) node);
  }

  private void mustBeAQueueOf(List<String> queueNames, String name, String path) {
    if (!queueNames.contains(name)) {
      problems.add(
          document.atValue(
              path,
              "the instance has no queue '" + name + "'" + NearestWord.hint(queueNames, name)));
    }
  }

  private QueueName queueName(String value, String path) {
    return named(value, path, QueueName::new, "invalid");
  }

  /** The named value, or a stand-in beside a problem that keeps the landscape from being used. */
  private <T> T named(String value, String path, Function<String, T> parse, String standIn) {
    try {
      return parse.apply(value);
    } catch (MeshException.MalformedName e) {
      problems.add(document.atValue(path, String.valueOf(e.getMessage())));
      return parse.apply(standIn);
    }
  }

  private String needed(ObjectNode node, String path, String key) {
    String value = node.path(key).asString("");
    if (value.isEmpty()) {
      problems.add(document.atValue(path, "the key '" + key + "' is missing"));
    }
    return value;
  }

  private String neededSecret(ObjectNode node, String path, String key) {
    String value = secret(node, path, key);
    if (value == null) {
      problems.add(document.atValue(path, "the key '" + key + "' or '" + key + "File' is missing"));
    }
    return value == null ? "" : value;
  }

  /** The secret itself, or the content of its file, which then takes the file's place. */
  private @Nullable String secret(ObjectNode node, String path, String key) {
    String fileKey = key + "File";
    if (!node.has(fileKey)) {
      return node.has(key) ? node.path(key).asString() : null;
    }
    String at = path + "." + fileKey;
    if (node.has(key)) {
      problems.add(document.atKey(at, "'" + key + "' and '" + fileKey + "' exclude each other"));
      return "";
    }
    if (directory == null) {
      problems.add(document.atKey(at, "files cannot be named here"));
      return "";
    }
    String file = node.path(fileKey).asString();
    try {
      String secret =
          Files.readString(directory.resolve(file), StandardCharsets.UTF_8).stripTrailing();
      node.remove(fileKey);
      node.put(key, secret);
      return secret;
    } catch (IOException | RuntimeException e) {
      problems.add(document.atValue(at, "the file '" + file + "' cannot be read"));
      return "";
    }
  }
}
