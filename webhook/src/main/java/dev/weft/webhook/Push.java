// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

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
import org.jspecify.annotations.Nullable;

/** One message as an HTTP request (wire reference 7.3). */
record Push(MultiMap headers, Buffer body) {
  private static final String TOPIC_PREFIX = "topic:";

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
    return new Push(headers, Buffer.buffer(content.body()));
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
