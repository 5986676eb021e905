// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.broker.MessageContent;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.QueueView;
import dev.weft.broker.WebhookStatus;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueStats;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the operator's API shows, as JSON. */
final class Documents {
  private Documents() {}

  /** {@code {"changes":[{"action","kind","instance","name","attributes"}]}}. */
  static ObjectNode changes(List<Change> changes) {
    ObjectNode document = JsonMapper.shared().createObjectNode();
    ArrayNode list = document.putArray("changes");
    for (Change change : changes) {
      ObjectNode entry = list.addObject();
      entry.put("action", change.action().name().toLowerCase(Locale.ROOT));
      entry.put("kind", change.kind());
      entry.put("instance", change.instance());
      entry.put("name", change.name());
      if (!change.attributes().isEmpty()) {
        ObjectNode attributes = entry.putObject("attributes");
        change
            .attributes()
            .forEach(
                (name, values) -> {
                  ObjectNode both = attributes.putObject(name);
                  both.set("before", values.before());
                  both.set("after", values.after());
                });
      }
    }
    return document;
  }

  static ObjectNode queue(String instance, QueueView view) {
    QueueStats stats = view.stats();
    ObjectNode entry = JsonMapper.shared().createObjectNode();
    entry.put("instance", instance);
    entry.put("name", view.name().value());
    entry.put("messages", stats.messages());
    entry.put("bytes", stats.bytes());
    entry.put("unsettled", stats.unsettledMessages());
    entry.put("delayed", stats.delayedMessages());
    entry.put("deadPending", stats.deadPendingMessages());
    entry.put("consumers", stats.consumers());
    entry.put("appendedTotal", stats.appendedTotal());
    entry.put("acceptedTotal", stats.acceptedTotal());
    entry.put("returnedTotal", stats.returnedTotal());
    entry.put("deadTotal", stats.deadTotal());
    entry.put("expiredTotal", stats.expiredTotal());
    entry.set("attributes", QueueAttributes.of(view.settings()).toDocument());
    return entry;
  }

  static ObjectNode webhook(String instance, WebhookSubscription webhook, WebhookStatus status) {
    ObjectNode entry = JsonMapper.shared().createObjectNode();
    entry.put("instance", instance);
    entry.put("name", webhook.name());
    entry.put("queue", webhook.queue().value());
    entry.put("url", webhook.endpoint());
    entry.put("qos", webhook.qos());
    entry.put("paused", webhook.paused());
    entry.put("handshake", status.handshake().name().toLowerCase(Locale.ROOT));
    entry.put("inFlight", status.inFlight());
    entry.put("consecutiveFailures", status.consecutiveFailures());
    entry.put("lastSuccess", text(status.lastSuccess()));
    entry.put("lastFailure", text(status.lastFailure()));
    entry.put("lastFailureReason", status.lastFailureReason());
    entry.put("nextAttempt", text(status.nextAttempt()));
    return entry;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  static ArrayNode messages(List<BrowsedMessage> messages) {
    ArrayNode list = JsonMapper.shared().createArrayNode();
    for (BrowsedMessage message : messages) {
      list.add(message(message));
    }
    return list;
  }

  private static ObjectNode message(BrowsedMessage browsed) {
    ObjectNode entry = JsonMapper.shared().createObjectNode();
    entry.put("sequence", browsed.sequence());
    entry.put("state", browsed.state().name().toLowerCase(Locale.ROOT));
    entry.put("appendedAt", Instant.ofEpochMilli(browsed.appendedAtMillis()).toString());
    entry.put("failedCount", browsed.failedCount());
    entry.put("acquiredCount", browsed.acquiredCount());
    try {
      MessageContent content = MessageContent.read(browsed.message());
      entry.put("messageId", content.messageId());
      entry.put("to", content.to());
      entry.put("contentType", content.contentType());
      entry.put("correlationId", content.correlationId());
      ObjectNode properties = entry.putObject("properties");
      content
          .applicationProperties()
          .forEach((name, value) -> properties.put(name, String.valueOf(value)));
      entry.put("bytes", content.body().length);
      body(entry, content.body());
    } catch (MeshException.MalformedMessage e) {
      entry.put("problem", e.getMessage());
    }
    return entry;
  }

  /** Text when it is UTF-8, else base64. */
  private static void body(ObjectNode entry, byte[] body) {
    try {
      entry.put(
          "body", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      entry.put("bodyBase64", Base64.getEncoder().encodeToString(body));
    }
  }

  static ObjectNode backup(Backup.Made made) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("segments", made.segments())
        .put("linkedSegments", made.linkedSegments())
        .put("copiedBytes", made.copiedBytes())
        .put("keys", made.keys());
  }
}
