// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.broker.HandshakeState;
import dev.weft.broker.WebhookStatus;
import dev.weft.broker.WebhookSubscription;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/**
 * A webhook subscription as its owner sees it: what he gave, without secrets (the stored document
 * never has them), and how it fares (wire reference 6.4, 7.1).
 */
final class WebhookDocument {
  private WebhookDocument() {}

  static ObjectNode of(WebhookSubscription webhook, WebhookStatus status) {
    ObjectNode document =
        JsonBody.object(Buffer.buffer(webhook.document().getBytes(StandardCharsets.UTF_8)));
    document.put("name", webhook.name());
    document.put("address", "queue:" + webhook.queue());
    document.put("qos", webhook.qos());
    document.put("handshakeStatus", words(status.handshake()));
    document.put("subscriptionStatus", webhook.paused() ? "Paused" : "Active");
    document.put("consecutiveFailures", status.consecutiveFailures());
    document.put("inFlight", status.inFlight());
    if (status.lastSuccess() != null) {
      document.put("lastSuccessfulDelivery", status.lastSuccess().toString());
    }
    if (status.lastFailure() != null) {
      document.put("lastFailedDelivery", status.lastFailure().toString());
    }
    if (status.lastFailureReason() != null) {
      document.put("lastFailedDeliveryReason", status.lastFailureReason());
    }
    if (status.nextAttempt() != null) {
      document.put("nextAttempt", status.nextAttempt().toString());
    }
    return document;
  }

  private static String words(HandshakeState state) {
    return switch (state) {
      case NOT_INITIATED -> "Not Initiated";
      case REQUESTED -> "Requested";
      case COMPLETED -> "Completed";
      case FAILED -> "Failed";
      case EXEMPTED -> "Exempted";
    };
  }
}
