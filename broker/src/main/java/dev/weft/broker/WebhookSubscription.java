// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import tools.jackson.databind.JsonNode;

/**
 * A push subscription on a queue (wire reference 7.1).
 *
 * @param name unique in its instance; may contain {@code /}
 * @param qos 0 or 1
 * @param endpoint absolute http or https URL, its query verbatim
 * @param defaultContentType for messages that have none
 * @param document the JSON as given, secrets removed, unknown fields kept
 */
public record WebhookSubscription(
    String instanceId,
    String name,
    QueueName queue,
    int qos,
    String endpoint,
    boolean exemptHandshake,
    String defaultContentType,
    WebhookAuth auth,
    boolean paused,
    String document) {
  /** When the subscription names none (wire reference 7.1). */
  public static final String DEFAULT_CONTENT_TYPE = "application/json";

  /**
   * Reads the vendor's object, not paused.
   *
   * @throws MeshException.InvalidValue with the path of what is wrong
   */
  public static WebhookSubscription parse(String instanceId, JsonNode document) {
    return WebhookDocument.parse(instanceId, document);
  }

  /** The same, paused or not. */
  public WebhookSubscription withPaused(boolean value) {
    return new WebhookSubscription(
        instanceId,
        name,
        queue,
        qos,
        endpoint,
        exemptHandshake,
        defaultContentType,
        auth,
        value,
        document);
  }
}
