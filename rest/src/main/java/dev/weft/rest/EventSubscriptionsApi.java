// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Administration;
import dev.weft.broker.CloudEventDocument;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Subscriptions to CloudEvents (wire reference 6.4). Each is a queue of its own, {@code
 * <namespace>/ems/<name>}, subscribed to the topics of its events, with a webhook of the same name.
 */
final class EventSubscriptionsApi {
  private static final String QUEUES = "/ems/";
  private static final String CONTENT_MODE = "contentMode";
  private static final Set<String> CONTENT_MODES = Set.of("BINARY", "STRUCTURED");
  private static final String AT_LEAST_ONCE = "AT_LEAST_ONCE";
  private static final String AT_MOST_ONCE = "AT_MOST_ONCE";
  private static final Answer ACCEPTED = Answer.empty(202);

  /** More than any application has; one transaction takes them all. */
  private static final int EVENTS_MAX = 200;

  private final Administration administration;
  private final BlockingWork blocking;
  private final RestSettings settings;

  EventSubscriptionsApi(
      Administration administration, BlockingWork blocking, RestSettings settings) {
    this.administration = administration;
    this.blocking = blocking;
    this.settings = settings;
  }

  /** As a header or a field of JSON says it. */
  static int qos(String text) {
    return switch (text) {
      case AT_LEAST_ONCE -> 1;
      case AT_MOST_ONCE -> 0;
      default -> throw Api.badRequest("qos is invalid");
    };
  }

  /**
   * @param segments behind {@code subscriptions}
   */
  Api.Operation find(Caller caller, HttpServerRequest request, List<String> segments) {
    ServiceInstance instance = caller.instance();
    HttpMethod method = request.method();
    if (segments.isEmpty()) {
      if (method.equals(HttpMethod.GET)) {
        return operation(ignored -> list(instance));
      }
      if (method.equals(HttpMethod.POST)) {
        return operation(body -> create(instance, body));
      }
      throw Api.wrongMethod("GET, POST");
    }
    String name = segments.getFirst();
    if (segments.size() == 1) {
      if (method.equals(HttpMethod.GET)) {
        return operation(ignored -> Answer.json(200, document(instance, find(instance, name))));
      }
      if (method.equals(HttpMethod.PATCH)) {
        return operation(body -> changeCredentials(instance, name, body));
      }
      if (method.equals(HttpMethod.DELETE)) {
        return operation(ignored -> delete(instance, name));
      }
      throw Api.wrongMethod("GET, PATCH, DELETE");
    }
    if (segments.size() == 2 && segments.get(1).equals("state")) {
      if (!method.equals(HttpMethod.PUT)) {
        throw Api.wrongMethod("PUT");
      }
      return operation(body -> changeState(instance, name, body));
    }
    if (segments.size() == 2 && segments.get(1).equals("handshake")) {
      if (!method.equals(HttpMethod.POST)) {
        throw Api.wrongMethod("POST");
      }
      return operation(ignored -> handshake(instance, name));
    }
    throw Api.noSuchPath();
  }

  private interface Work {
    Answer run(Buffer body);
  }

  private Api.Operation operation(Work work) {
    return new Api.Operation(
        settings.documentBytesMax(), body -> blocking.run(() -> work.run(body)));
  }

  private static boolean isOfEvents(JsonNode document) {
    return document.has(CONTENT_MODE);
  }

  private static ObjectNode stored(WebhookSubscription webhook) {
    return JsonBody.object(Buffer.buffer(webhook.document().getBytes(StandardCharsets.UTF_8)));
  }

  private WebhookSubscription find(ServiceInstance instance, String name) {
    WebhookSubscription webhook = administration.webhook(instance, name);
    if (!isOfEvents(stored(webhook))) {
      throw new MeshException.NotFound("event subscription", name);
    }
    return webhook;
  }

  private Answer list(ServiceInstance instance) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (WebhookSubscription webhook : administration.webhooks(instance)) {
      if (isOfEvents(stored(webhook))) {
        all.add(document(instance, webhook));
      }
    }
    return Answer.json(200, all);
  }

  private ObjectNode document(ServiceInstance instance, WebhookSubscription webhook) {
    ObjectNode whole =
        WebhookDocument.of(webhook, administration.webhookStatus(instance, webhook.name()));
    JsonNode push = whole.path("pushConfig");
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("name", webhook.name());
    document.set("events", whole.path("events"));
    document.put("webhookUrl", webhook.endpoint());
    if (push.path("securitySchema").isObject()) {
      document.set("webhookAuth", push.path("securitySchema"));
    }
    document.put("qos", webhook.qos() == 1 ? AT_LEAST_ONCE : AT_MOST_ONCE);
    document.put("exemptHandshake", webhook.exemptHandshake());
    document.set(CONTENT_MODE, whole.path(CONTENT_MODE));
    document.put("subscriptionStatusReason", "");
    for (String name :
        List.of(
            "handshakeStatus",
            "subscriptionStatus",
            "lastSuccessfulDelivery",
            "lastFailedDelivery",
            "lastFailedDeliveryReason")) {
      document.put(name, whole.path(name).asString(""));
    }
    return document;
  }

  private Answer create(ServiceInstance instance, Buffer body) {
    ObjectNode given = JsonBody.object(body);
    String name = text(given, "name");
    List<TopicPattern> topics = topics(given.path("events"));
    QueueName queue = new QueueName(instance.namespace() + QUEUES + name);
    WebhookSubscription webhook =
        WebhookSubscription.parse(instance.id(), webhook(given, name, queue));
    if (administration.webhooks(instance).stream().anyMatch(w -> w.name().equals(name))) {
      throw new MeshException.Conflict("event subscription", name);
    }
    administration.putQueue(instance, queue, QueueAttributes.NONE);
    try {
      administration.putSubscriptions(instance, queue, topics);
      administration.createWebhook(instance, webhook);
    } catch (MeshException refused) {
      administration.deleteQueue(instance, queue);
      throw refused;
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("href", href(name));
    return Answer.json(202, answer);
  }

  private static String href(String name) {
    return RestDoor.EVENTS
        + "/events/subscriptions/"
        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static List<TopicPattern> topics(JsonNode events) {
    if (!events.isArray() || events.isEmpty() || events.size() > EVENTS_MAX) {
      throw new MeshException.InvalidValue(
          "events", "must be an array of 1 to " + EVENTS_MAX + " objects with source and type");
    }
    List<TopicPattern> topics = new ArrayList<>();
    for (JsonNode event : events) {
      topics.add(CloudEventDocument.topic(text(event, "source"), text(event, "type")));
    }
    return topics;
  }

  /** The same in the words of webhook subscriptions; what is ours to know stays beside. */
  private static ObjectNode webhook(ObjectNode given, String name, QueueName queue) {
    String mode = given.path(CONTENT_MODE).asString("BINARY");
    if (!CONTENT_MODES.contains(mode)) {
      throw new MeshException.InvalidValue(CONTENT_MODE, "must be BINARY or STRUCTURED");
    }
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("name", name);
    document.put("address", "queue:" + queue);
    document.put("qos", qos(given.path("qos").asString(AT_LEAST_ONCE)));
    document.set("events", given.path("events"));
    document.put(CONTENT_MODE, mode);
    ObjectNode push = document.putObject("pushConfig");
    push.put("type", "webhook");
    push.put("endpoint", text(given, "webhookUrl"));
    push.put("exemptHandshake", given.path("exemptHandshake").asBoolean(false));
    if (given.path("webhookAuth").isObject()) {
      push.set("securitySchema", given.path("webhookAuth"));
    }
    return document;
  }

  private static String text(JsonNode object, String name) {
    String value = object.path(name).asString("");
    if (value.isBlank()) {
      throw new MeshException.InvalidValue(name, "is missing");
    }
    return value;
  }

  /** Delete and create, as clients of webhook subscriptions do; the queue keeps its events. */
  private Answer changeCredentials(ServiceInstance instance, String name, Buffer body) {
    WebhookSubscription before = find(instance, name);
    JsonNode auth = JsonBody.object(body).path("webhookAuth");
    if (!auth.isObject()) {
      throw new MeshException.InvalidValue("webhookAuth", "is missing");
    }
    ObjectNode document = stored(before);
    ((ObjectNode) document.path("pushConfig")).set("securitySchema", auth);
    WebhookSubscription after =
        WebhookSubscription.parse(instance.id(), document).withPaused(before.paused());
    administration.deleteWebhook(instance, name);
    administration.createWebhook(instance, after);
    return Answer.empty(204);
  }

  private Answer delete(ServiceInstance instance, String name) {
    administration.deleteQueue(instance, find(instance, name).queue());
    return Answer.empty(204);
  }

  private Answer changeState(ServiceInstance instance, String name, Buffer body) {
    administration.setWebhookPaused(
        instance, find(instance, name).name(), SubscriptionsApi.isPause(body));
    return ACCEPTED;
  }

  private Answer handshake(ServiceInstance instance, String name) {
    administration.triggerHandshake(instance, find(instance, name).name());
    return ACCEPTED;
  }
}
