// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.access.TopicPattern;
import dev.weft.queue.QueueName;
import dev.weft.server.landscape.Landscape;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One difference between a landscape and what exists, and at the same time the step to end it. */
public sealed interface Change {
  /** What happens to the object. */
  enum Action {
    CREATE,
    UPDATE,
    DELETE
  }

  /** Old and new value of an attribute; null when it was or will be absent. */
  record Values(@Nullable JsonNode before, @Nullable JsonNode after) {}

  Action action();

  /** Name of the instance it belongs to; empty for what belongs to none. */
  String instance();

  /** What the object is, e.g. {@code queue}. */
  String kind();

  /** The object's name. */
  String name();

  /** Attributes that change; empty when the object comes or goes as a whole. */
  default Map<String, Values> attributes() {
    return Map.of();
  }

  record PutInstance(
      Action action, String instance, ObjectNode parameters, Map<String, Values> attributes)
      implements Change {
    public PutInstance {
      attributes = Map.copyOf(attributes);
    }

    @Override
    public String kind() {
      return "instance";
    }

    @Override
    public String name() {
      return instance;
    }
  }

  record DeleteInstance(String instance) implements Change {
    @Override
    public Action action() {
      return Action.DELETE;
    }

    @Override
    public String kind() {
      return "instance";
    }

    @Override
    public String name() {
      return instance;
    }
  }

  /**
   * @param secret null to have one generated
   */
  record PutKey(Action action, String instance, String name, @Nullable String secret)
      implements Change {
    @Override
    public String kind() {
      return "key";
    }

    /** Never the secret. */
    @Override
    public String toString() {
      return "PutKey[" + action + ", " + instance + "/" + name + "]";
    }
  }

  record DeleteKey(String instance, String name) implements Change {
    @Override
    public Action action() {
      return Action.DELETE;
    }

    @Override
    public String kind() {
      return "key";
    }
  }

  record PutQueue(
      Action action, String instance, Landscape.Queue queue, Map<String, Values> attributes)
      implements Change {
    public PutQueue {
      attributes = Map.copyOf(attributes);
    }

    @Override
    public String kind() {
      return "queue";
    }

    @Override
    public String name() {
      return queue.name().value();
    }
  }

  record DeleteQueue(String instance, QueueName queue) implements Change {
    @Override
    public Action action() {
      return Action.DELETE;
    }

    @Override
    public String kind() {
      return "queue";
    }

    @Override
    public String name() {
      return queue.value();
    }
  }

  record PutSubscription(String instance, QueueName queue, TopicPattern pattern) implements Change {
    @Override
    public Action action() {
      return Action.CREATE;
    }

    @Override
    public String kind() {
      return "queue subscription";
    }

    @Override
    public String name() {
      return queue + " <- " + pattern;
    }
  }

  record DeleteSubscription(String instance, QueueName queue, TopicPattern pattern)
      implements Change {
    @Override
    public Action action() {
      return Action.DELETE;
    }

    @Override
    public String kind() {
      return "queue subscription";
    }

    @Override
    public String name() {
      return queue + " <- " + pattern;
    }
  }

  /** The vendor knows no update of a webhook: an update deletes and creates it. */
  record PutWebhook(Action action, String instance, Landscape.Webhook webhook) implements Change {
    @Override
    public String kind() {
      return "webhook";
    }

    @Override
    public String name() {
      return webhook.name();
    }
  }

  record PutSystem(Action action, String name, ObjectNode document, Map<String, Values> attributes)
      implements Change {
    public PutSystem {
      attributes = Map.copyOf(attributes);
    }

    @Override
    public String kind() {
      return "system";
    }

    @Override
    public String instance() {
      return "";
    }
  }

  record DeleteSystem(String name) implements Change {
    @Override
    public Action action() {
      return Action.DELETE;
    }

    @Override
    public String kind() {
      return "system";
    }

    @Override
    public String instance() {
      return "";
    }
  }

  record DeleteWebhook(String instance, String name) implements Change {
    @Override
    public Action action() {
      return Action.DELETE;
    }

    @Override
    public String kind() {
      return "webhook";
    }
  }
}
