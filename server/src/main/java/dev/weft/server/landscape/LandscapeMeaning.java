// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.landscape;

import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.QueueAttributes;
import dev.weft.queue.MeshException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds what a server would refuse while it applies a landscape, before it begins: descriptors,
 * rules, attributes, and references between the parts. Each finding has its place in the file.
 */
final class LandscapeMeaning {
  private static final List<String> FILTERS =
      List.of("publishFilter", "subscribeFilter", "inboundFilter", "outboundFilter");

  private static final String NAMESPACE = "${namespace}";

  private final LocatedDocument document;
  private final List<InvalidLandscape.Problem> problems = new ArrayList<>();

  LandscapeMeaning(LocatedDocument document) {
    this.document = document;
  }

  /**
   * @param landscape made from the document
   */
  List<InvalidLandscape.Problem> problems(Landscape landscape) {
    Set<String> emnames = new HashSet<>();
    Set<String> namespaces = new HashSet<>();
    int index = 0;
    for (Landscape.Instance instance : landscape.instances()) {
      String path = "instances[" + index++ + "]";
      check(instance, path);
      unique(emnames, instance, path, "emname");
      unique(namespaces, instance, path, "namespace");
    }
    index = 0;
    for (Landscape.Producer system : landscape.systems()) {
      check(system, "systems[" + index++ + "]", landscape.instances());
    }
    return problems;
  }

  private void unique(Set<String> seen, Landscape.Instance instance, String path, String key) {
    String value = instance.parameters().path(key).asString("");
    if (!seen.add(value)) {
      at(path + ".parameters." + key, "another instance has the " + key + " '" + value + "' too");
    }
  }

  private void at(String path, String message) {
    problems.add(document.atValue(path, message));
  }

  private void check(Landscape.Instance instance, String path) {
    ServiceInstance parsed = descriptor(instance, path + ".parameters");
    int index = 0;
    for (Landscape.Queue queue : instance.queues()) {
      String at = path + ".queues[" + index++ + "]";
      try {
        var _ = QueueAttributes.parse(queue.attributes());
      } catch (MeshException.InvalidValue e) {
        at(at + "." + e.path(), clause(e));
      }
      if (parsed != null) {
        subscriptions(queue, at + ".subscriptions", parsed);
      }
    }
    index = 0;
    for (Landscape.Webhook webhook : instance.webhooks()) {
      String at = path + ".webhooks[" + index++ + "].queue";
      if (parsed != null
          && parsed.rules().queueSubscribe().stream()
              .noneMatch(filter -> filter.matches(webhook.queue().value()))) {
        at(
            at,
            "queueRules.subscribeFilter of the instance does not allow '" + webhook.queue() + "'");
      }
    }
  }

  private @Nullable ServiceInstance descriptor(Landscape.Instance instance, String path) {
    int before = problems.size();
    for (String kind : List.of("queueRules", "topicRules")) {
      for (String filter : FILTERS) {
        filters(
            instance.parameters().path("rules").path(kind).path(filter),
            path + ".rules." + kind + "." + filter);
      }
    }
    if (problems.size() > before) {
      return null;
    }
    try {
      return ServiceInstance.parse("", instance.name(), instance.parameters().toString());
    } catch (MeshException.InvalidValue e) {
      at(path + "." + e.path(), clause(e));
      return null;
    }
  }

  private void filters(JsonNode filters, String path) {
    int index = 0;
    for (JsonNode filter : filters) {
      String at = path + "[" + index++ + "]";
      String text = filter.asString("").replace(NAMESPACE, "a/b/c");
      int placeholder = text.indexOf("${");
      if (placeholder >= 0) {
        String word = text.substring(placeholder, text.indexOf('}', placeholder) + 1);
        at(at, "unknown placeholder '" + word + "'" + NearestWord.hint(List.of(NAMESPACE), word));
      } else {
        pattern(text, at);
      }
    }
  }

  private @Nullable TopicPattern pattern(String text, String path) {
    try {
      return new TopicPattern(text);
    } catch (MeshException.MalformedName e) {
      at(path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void subscriptions(Landscape.Queue queue, String path, ServiceInstance instance) {
    int index = 0;
    for (TopicPattern pattern : queue.subscriptions()) {
      String at = path + "[" + index++ + "]";
      if (instance.rules().topicSubscribe().stream().noneMatch(filter -> filter.covers(pattern))) {
        at(at, "topicRules.subscribeFilter of the instance does not allow '" + pattern + "'");
      }
    }
  }

  /**
   * A key that the file does not make may come from elsewhere, so only a name that looks like one
   * of the file's own is an error here.
   */
  private void check(Landscape.Producer system, String path, List<Landscape.Instance> instances) {
    int index = 0;
    for (Landscape.Channel channel : system.channels()) {
      String at = path + ".channels[" + index++ + "]";
      int binding = 0;
      for (String text : channel.bindings()) {
        var _ = pattern(text, at + ".bindings[" + binding++ + "]");
      }
      Landscape.Instance instance = null;
      List<String> names = new ArrayList<>();
      for (Landscape.Instance each : instances) {
        names.add(each.name());
        instance = each.name().equals(channel.instance()) ? each : instance;
      }
      if (instance == null) {
        nearMiss(names, channel.instance(), at + ".serviceKey.instance", "there is no instance");
      } else {
        List<String> keys = instance.keys().stream().map(Landscape.Key::name).toList();
        if (!keys.contains(channel.key())) {
          nearMiss(keys, channel.key(), at + ".serviceKey.key", "the instance has no key");
        }
      }
    }
  }

  private void nearMiss(List<String> names, String name, String path, String what) {
    if (NearestWord.among(names, name).isPresent()) {
      at(path, what + " '" + name + "'" + NearestWord.hint(names, name));
    }
  }

  /** The message without the path that it begins with. */
  private static String clause(MeshException.InvalidValue e) {
    return String.valueOf(e.getMessage()).substring(e.path().length() + 2);
  }
}
