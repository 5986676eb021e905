// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import dev.weft.broker.CloudEventDocument;
import dev.weft.broker.HeaderText;
import dev.weft.broker.MessageContent;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.Delivery;
import dev.weft.queue.MeshException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One message as an HTTP request (wire reference 7.3). */
record Push(MultiMap headers, Buffer body) {
  private static final String TOPIC_PREFIX = "topic:";

  /** As the broker writes documents, without spaces. */
  private static final String BINARY = "\"contentMode\":\"BINARY\"";

  /**
   * @throws MeshException.MalformedMessage if the stored bytes cannot be read
   */
  static Push of(WebhookSubscription subscription, Delivery delivery) {
    MessageContent content = MessageContent.read(delivery.message());
    String contentType =
        content.contentType() == null || content.contentType().isBlank()
            ? subscription.defaultContentType()
            : content.contentType();
    MultiMap headers = HttpHeaders.headers();
    byte[] body = content.body();
    CloudEventDocument event = binaryEvent(subscription, contentType, body);
    if (event != null) {
      contentType = event.dataContentType();
      body = event.data();
      event.attributes().forEach((name, value) -> headers.add("ce-" + name, escaped(value)));
    }
    headers.add(HttpHeaders.CONTENT_TYPE, HeaderText.of(contentType));
    // Only messages published to a topic have it; CAP answers 400 without (rule 21).
    if (content.to().startsWith(TOPIC_PREFIX)) {
      headers.add("x-address", HeaderText.of(content.to()));
    }
    headers.add("x-queue", subscription.queue().value());
    String id = content.messageId();
    headers.add(
        "x-message-id", id == null ? Long.toString(delivery.sequence()) : HeaderText.of(id));
    headers.add("x-qos", Integer.toString(subscription.qos()));
    return new Push(headers, Buffer.buffer(body));
  }

  /** The event to push in binary mode, when the subscription asks for that (wire reference 6.4). */
  private static @Nullable CloudEventDocument binaryEvent(
      WebhookSubscription subscription, String contentType, byte[] body) {
    if (!subscription.document().contains(BINARY) || !CloudEventDocument.isWhole(contentType)) {
      return null;
    }
    try {
      return CloudEventDocument.parse(body);
    } catch (MeshException.InvalidValue noEvent) {
      return null;
    }
  }

  /** As the HTTP binding of CloudEvents asks: printable ASCII stays, but for quote and percent. */
  private static String escaped(String value) {
    StringBuilder text = new StringBuilder();
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7f && b != '"' && b != '%') {
        text.append((char) b);
      } else {
        text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return text.toString();
  }

  Future<Outcome> send(Receiver receiver) {
    return receiver.send(HttpMethod.POST, headers, body);
  }

  /** Why the push failed, null when it did not. */
  static @Nullable String failure(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Unanswered unanswered -> unanswered.reason();
      case Outcome.Answered answered -> answered.success() ? null : "HTTP " + answered.status();
    };
  }
}
