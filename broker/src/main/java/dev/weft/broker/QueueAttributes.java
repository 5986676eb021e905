// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.AccessType;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Redelivery;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
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

  /** Ten years; the vendor's maximum is seven days. */
  private static final long TTL_SECONDS_MAX = 315_360_000L;

  private static final int REDELIVERIES_MAX = 255;

  /**
   * Reads the vendor's object. Values may be numbers, booleans or strings; unknown names are
   * ignored, as the read-only ones are (wire reference 8.1, 8.2).
   *
   * @throws MeshException.InvalidValue with the path of a value that cannot be
   */
  public static QueueAttributes parse(JsonNode document) {
    var values = new JsonValues(document, "");
    String messageSize =
        values.has("maxMessageSizeInBytes") ? "maxMessageSizeInBytes" : "maxMsgSizeInBytes";
    return new QueueAttributes(
        values.choice("accessType", AccessType.class),
        values.number("maxQueueSizeInBytes", 1L, Long.MAX_VALUE),
        values.number("maxQueueMessageCount", 0L, Long.MAX_VALUE),
        values.number(messageSize, 1, Integer.MAX_VALUE),
        values.number("maxDeliveredUnackedMsgsPerFlow", 1, Integer.MAX_VALUE),
        values.number("maxRedeliveryCount", 0, REDELIVERIES_MAX),
        values.number("maxTtl", 0L, TTL_SECONDS_MAX),
        values.flag("respectTtl"),
        values.text("deadMsgQueue", 1_000),
        values.flag("ingressDisabled"),
        values.flag("egressDisabled"),
        RedeliveryDocument.parse(values, "redelivery"),
        values.choice("onReject", QueueSettings.OnReject.class),
        values.choice("onDead", QueueSettings.OnDead.class),
        values.flag("countReleased"),
        values.flag("fair"));
  }

  /** All attributes of the settings. */
  public static QueueAttributes of(QueueSettings settings) {
    QueueName deadMessageQueue = settings.deadMessageQueue();
    return new QueueAttributes(
        settings.accessType(),
        settings.maxBytes(),
        settings.maxMessages() == QueueSettings.DEFAULT.maxMessages() ? 0L : settings.maxMessages(),
        settings.maxMessageBytes(),
        settings.maxUnsettledPerConsumer(),
        settings.maxRedeliveries(),
        settings.maxTtl().toSeconds(),
        settings.respectTtl(),
        deadMessageQueue == null ? "" : deadMessageQueue.value(),
        settings.ingressDisabled(),
        settings.egressDisabled(),
        settings.redelivery(),
        settings.onReject(),
        settings.onDead(),
        settings.countReleased(),
        settings.fair());
  }

  /**
   * The settings with what is given changed.
   *
   * @throws MeshException.InvalidValue if {@code deadMsgQueue} is no queue name
   */
  public QueueSettings applyTo(QueueSettings settings) {
    QueueSettings.Builder next = settings.toBuilder();
    give(accessType, next::accessType);
    give(maxQueueSizeInBytes, next::maxBytes);
    give(
        maxQueueMessageCount,
        count -> next.maxMessages(count == 0 ? QueueSettings.DEFAULT.maxMessages() : count));
    give(maxMessageSizeInBytes, next::maxMessageBytes);
    give(maxDeliveredUnackedMsgsPerFlow, next::maxUnsettledPerConsumer);
    give(maxRedeliveryCount, next::maxRedeliveries);
    give(maxTtl, seconds -> next.maxTtl(Duration.ofSeconds(seconds)));
    give(respectTtl, next::respectTtl);
    give(deadMsgQueue, name -> next.deadMessageQueue(deadMessageQueue(name)));
    give(ingressDisabled, next::ingressDisabled);
    give(egressDisabled, next::egressDisabled);
    give(redelivery, next::redelivery);
    give(onReject, next::onReject);
    give(onDead, next::onDead);
    give(countReleased, next::countReleased);
    give(fair, next::fair);
    return next.build();
  }

  private static @Nullable QueueName deadMessageQueue(String name) {
    try {
      return name.isEmpty() ? null : new QueueName(name);
    } catch (MeshException.MalformedName malformed) {
      throw new MeshException.InvalidValue("deadMsgQueue", String.valueOf(malformed.getMessage()));
    }
  }

  private static <T> void give(@Nullable T value, Consumer<T> taker) {
    if (value != null) {
      taker.accept(value);
    }
  }

  /** Our own words are small, as in the landscape file; {@code accessType} is the vendor's. */
  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Only what is given; {@link #parse} reads it back. */
  public ObjectNode toDocument() {
    ObjectNode document = JsonValues.JSON.createObjectNode();
    give(accessType, value -> document.put("accessType", value.name()));
    give(maxQueueSizeInBytes, value -> document.put("maxQueueSizeInBytes", value));
    give(maxQueueMessageCount, value -> document.put("maxQueueMessageCount", value));
    give(maxMessageSizeInBytes, value -> document.put("maxMessageSizeInBytes", value));
    give(
        maxDeliveredUnackedMsgsPerFlow,
        value -> document.put("maxDeliveredUnackedMsgsPerFlow", value));
    give(maxRedeliveryCount, value -> document.put("maxRedeliveryCount", value));
    give(maxTtl, value -> document.put("maxTtl", value));
    give(respectTtl, value -> document.put("respectTtl", value));
    give(deadMsgQueue, value -> document.put("deadMsgQueue", value));
    give(ingressDisabled, value -> document.put("ingressDisabled", value));
    give(egressDisabled, value -> document.put("egressDisabled", value));
    give(redelivery, value -> document.set("redelivery", RedeliveryDocument.write(value)));
    give(onReject, value -> document.put("onReject", word(value)));
    give(onDead, value -> document.put("onDead", word(value)));
    give(countReleased, value -> document.put("countReleased", value));
    give(fair, value -> document.put("fair", value));
    return document;
  }
}
