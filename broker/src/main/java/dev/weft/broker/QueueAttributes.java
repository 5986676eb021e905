// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.AccessType;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Redelivery;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writable attributes of a queue in the vendor's words (wire reference 8.2) and ours; null = not
 * given: the value stays.
 *
 * @param maxQueueMessageCount 0 = no limit
 * @param maxTtl seconds, 0 = no limit
 * @param deadMsgQueue full name; empty = none
 */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public record QueueAttributes(
    @Nullable AccessType accessType,
    @Nullable Long maxQueueSizeInBytes,
    @Nullable Long maxQueueMessageCount,
    @Nullable Integer maxMessageSizeInBytes,
    @Nullable Integer maxDeliveredUnackedMsgsPerFlow,
    @Nullable Integer maxRedeliveryCount,
    @Nullable Long maxTtl,
    @Nullable Boolean respectTtl,
    @Nullable String deadMsgQueue,
    @Nullable Boolean ingressDisabled,
    @Nullable Boolean egressDisabled,
    @Nullable Redelivery redelivery,
    QueueSettings.@Nullable OnReject onReject,
    QueueSettings.@Nullable OnDead onDead,
    @Nullable Boolean countReleased,
    @Nullable Boolean fair) {
  /** Nothing given. */
  public static final QueueAttributes NONE =
      new QueueAttributes(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null);

  /**
   * Numbers, booleans or strings; unknown names are ignored; MeshException.InvalidValue otherwise.
   */
  public static QueueAttributes parse(JsonNode document) {
    throw new UnsupportedOperationException(document.toString());
  }

  /** All attributes of the settings. */
  public static QueueAttributes of(QueueSettings settings) {
    throw new UnsupportedOperationException(settings.toString());
  }

  /** The settings with these attributes changed. */
  public QueueSettings applyTo(QueueSettings settings) {
    throw new UnsupportedOperationException(settings.toString());
  }

  /** Only what is given. */
  public ObjectNode toDocument() {
    throw new UnsupportedOperationException();
  }
}
