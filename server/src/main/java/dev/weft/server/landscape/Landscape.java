// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.landscape;

import dev.weft.access.TopicPattern;
import dev.weft.queue.QueueName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A landscape file, checked, its secrets read in.
 *
 * @param document the whole file as JSON with secrets in place of their files; for the way to a
 *     running server, never for a log
 */
public record Landscape(List<Instance> instances, List<Producer> systems, ObjectNode document) {
  public Landscape {
    instances = List.copyOf(instances);
    systems = List.copyOf(systems);
  }

  /**
   * @param parameters the vendor's descriptor as given
   */
  public record Instance(
      String name,
      ObjectNode parameters,
      List<Key> keys,
      List<Queue> queues,
      List<Webhook> webhooks) {
    public Instance {
      keys = List.copyOf(keys);
      queues = List.copyOf(queues);
      webhooks = List.copyOf(webhooks);
    }
  }

  /**
   * @param secret null to have one generated
   */
  public record Key(String name, @Nullable String secret) {
    /** Never the secret. */
    @Override
    public String toString() {
      return "Key[" + name + "]";
    }
  }

  /**
   * @param attributes those of the management API that the file gives
   * @param deadMessageQueue the one among the attributes that names another queue
   */
  public record Queue(
      QueueName name,
      ObjectNode attributes,
      @Nullable QueueName deadMessageQueue,
      List<TopicPattern> subscriptions) {
    public Queue {
      subscriptions = List.copyOf(subscriptions);
    }
  }

  /**
   * @param defaultContentType null for the built-in default
   */
  public record Webhook(
      String name,
      QueueName queue,
      String url,
      int qos,
      boolean exemptHandshake,
      @Nullable String defaultContentType,
      Auth auth) {}

  /** How a webhook shows who it is. */
  public sealed interface Auth {
    record None() implements Auth {}

    record Basic(String user, String password) implements Auth {
      /** Never the password. */
      @Override
      public String toString() {
        return "Basic[" + user + "]";
      }
    }

    record OAuth2(String clientId, String clientSecret, String tokenUrl) implements Auth {
      /** Never the secret. */
      @Override
      public String toString() {
        return "OAuth2[" + clientId + ", " + tokenUrl + "]";
      }
    }
  }

  /**
   * An event producer; nothing connects until it is used.
   *
   * @param document as the file has it
   */
  public record Producer(String name, List<Channel> channels, ObjectNode document) {
    public Producer {
      channels = List.copyOf(channels);
    }
  }

  public record Channel(String name, String instance, String key, List<String> bindings) {
    public Channel {
      bindings = List.copyOf(bindings);
    }
  }
}
