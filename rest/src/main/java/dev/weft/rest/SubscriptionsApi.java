// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.broker.Administration;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.MeshException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Webhook subscriptions (wire reference 6.2). Their names may hold slashes, encoded or not. */
final class SubscriptionsApi {
  private static final Answer ACCEPTED = Answer.empty(202);

  private final Administration administration;
  private final BlockingWork blocking;
  private final RestSettings settings;

  SubscriptionsApi(Administration administration, BlockingWork blocking, RestSettings settings) {
    this.administration = administration;
    this.blocking = blocking;
    this.settings = settings;
  }

  /**
   * @param segments {@code subscriptions} first
   */
  Api.Operation find(Caller caller, HttpServerRequest request, List<String> segments) {
    ServiceInstance instance = caller.instance();
    HttpMethod method = request.method();
    if (segments.size() == 1) {
      if (method.equals(HttpMethod.GET)) {
        return operation(ignored -> list(instance));
      }
      if (method.equals(HttpMethod.POST)) {
        return operation(body -> create(instance, body));
      }
      throw Api.wrongMethod("GET, POST");
    }
    String last = segments.getLast();
    if (segments.size() > 2 && last.equals("state") && method.equals(HttpMethod.PUT)) {
      String name = name(segments.subList(1, segments.size() - 1));
      return operation(body -> changeState(instance, name, body));
    }
    if (segments.size() > 2 && last.equals("handshake") && method.equals(HttpMethod.POST)) {
      String name = name(segments.subList(1, segments.size() - 1));
      return operation(ignored -> handshake(instance, name));
    }
    String name = name(segments.subList(1, segments.size()));
    if (method.equals(HttpMethod.GET)) {
      return operation(ignored -> Answer.json(200, document(instance, name)));
    }
    if (method.equals(HttpMethod.DELETE)) {
      return operation(ignored -> delete(instance, name));
    }
    throw Api.wrongMethod("GET, DELETE");
  }

  private static String name(List<String> segments) {
    String name = String.join("/", segments);
    if (name.isEmpty() || segments.getLast().isEmpty()) {
      throw Api.noSuchPath();
    }
    return name;
  }

  private interface Work {
    Answer run(Buffer body);
  }

  private Api.Operation operation(Work work) {
    return new Api.Operation(settings.documentBytesMax(), body -> run(() -> work.run(body)));
  }

  private Future<Answer> run(Supplier<Answer> work) {
    return blocking.run(work);
  }

  private Answer list(ServiceInstance instance) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (WebhookSubscription webhook : administration.webhooks(instance)) {
      all.add(document(instance, webhook));
    }
    return Answer.json(200, all);
  }

  private Answer create(ServiceInstance instance, Buffer body) {
    WebhookSubscription created =
        administration.createWebhook(
            instance, WebhookSubscription.parse(instance.id(), JsonBody.object(body)));
    return Answer.json(201, document(instance, created));
  }

  private Answer delete(ServiceInstance instance, String name) {
    administration.deleteWebhook(instance, name);
    return Answer.empty(204);
  }

  private Answer changeState(ServiceInstance instance, String name, Buffer body) {
    administration.setWebhookPaused(instance, name, isPause(body));
    return ACCEPTED;
  }

  /** What {@code {"action":…}} asks for. */
  static boolean isPause(Buffer body) {
    return switch (JsonBody.object(body).path("action").asString("")) {
      case "pause" -> true;
      case "resume" -> false;
      default -> throw new MeshException.InvalidValue("action", "it must be pause or resume");
    };
  }

  private Answer handshake(ServiceInstance instance, String name) {
    administration.triggerHandshake(instance, name);
    return ACCEPTED;
  }

  private JsonNode document(ServiceInstance instance, String name) {
    return document(instance, administration.webhook(instance, name));
  }

  private JsonNode document(ServiceInstance instance, WebhookSubscription webhook) {
    return WebhookDocument.of(webhook, administration.webhookStatus(instance, webhook.name()));
  }
}
