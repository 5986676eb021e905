// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Administration;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.QueueView;
import dev.weft.queue.QueueName;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Queues and queue subscriptions (wire reference 8). */
final class ManagementApi implements Api {
  private final Administration administration;
  private final ResourceUsage usage;
  private final BlockingWork blocking;
  private final RestSettings settings;

  ManagementApi(
      Administration administration,
      ResourceUsage usage,
      BlockingWork blocking,
      RestSettings settings) {
    this.administration = administration;
    this.usage = usage;
    this.blocking = blocking;
    this.settings = settings;
  }

  @Override
  public boolean opensTo(ServiceInstance instance) {
    return instance.management();
  }

  @Override
  public String option() {
    return "management";
  }

  private interface Task {
    Answer run(Buffer body);
  }

  private Operation operation(Task task) {
    return new Operation(settings.documentBytesMax(), body -> blocking.run(() -> task.run(body)));
  }

  @Override
  public Operation find(Caller caller, HttpServerRequest request, List<String> segments) {
    ServiceInstance instance = caller.instance();
    String method = request.method().name();
    if (segments.getFirst().equals("queues")) {
      return queues(instance, method, segments);
    }
    if (segments.size() > 1) {
      throw Api.noSuchPath();
    }
    Task task =
        switch (segments.getFirst()) {
          case "queuesStatistics" -> ignored -> queuesStatistics(instance);
          case "statistics" ->
              ignored -> Answer.json(200, QueueDocument.total(administration.queues(instance)));
          case "resourceusage" -> ignored -> Answer.json(200, usage.document(instance));
          case "readinessCheck" ->
              // Nothing is prepared for a tenant: who can ask is ready (wire reference 8.4).
              ignored -> Answer.json(200, JsonNodeFactory.instance.objectNode().put("ready", true));
          default -> throw Api.noSuchPath();
        };
    if (!method.equals("GET")) {
      throw Api.wrongMethod("GET");
    }
    return operation(task);
  }

  private Operation queues(ServiceInstance instance, String method, List<String> segments) {
    int size = segments.size();
    if (size == 1) {
      if (!method.equals("GET")) {
        throw Api.wrongMethod("GET");
      }
      return operation(ignored -> queues(instance));
    }
    String part = size > 2 ? segments.get(2) : "";
    if (size == 2 && !segments.get(1).isEmpty()) {
      return queue(instance, method, new QueueName(segments.get(1)));
    }
    if (size == 3 && part.equals("subscriptions")) {
      QueueName queue = new QueueName(segments.get(1));
      if (!method.equals("GET")) {
        throw Api.wrongMethod("GET");
      }
      return operation(ignored -> subscriptions(instance, queue));
    }
    if (size == 4 && part.equals("subscriptions")) {
      return subscription(
          instance, method, new QueueName(segments.get(1)), new TopicPattern(segments.get(3)));
    }
    if (size == 3 && part.equals("statistics")) {
      QueueName queue = new QueueName(segments.get(1));
      if (!method.equals("GET")) {
        throw Api.wrongMethod("GET");
      }
      return operation(
          ignored ->
              Answer.json(200, QueueDocument.statistics(administration.queue(instance, queue))));
    }
    if (size == 3 && part.equals("messages")) {
      QueueName queue = new QueueName(segments.get(1));
      if (!method.equals("DELETE")) {
        throw Api.wrongMethod("DELETE");
      }
      return operation(ignored -> purge(instance, queue));
    }
    throw Api.noSuchPath();
  }

  private Operation queue(ServiceInstance instance, String method, QueueName queue) {
    return switch (method) {
      case "GET" -> operation(ignored -> queue(200, instance, queue));
      case "PUT" -> operation(body -> putQueue(instance, queue, body));
      case "DELETE" ->
          operation(
              ignored -> {
                administration.deleteQueue(instance, queue);
                return Answer.empty(204);
              });
      default -> throw Api.wrongMethod("GET, PUT, DELETE");
    };
  }

  private Operation subscription(
      ServiceInstance instance, String method, QueueName queue, TopicPattern topic) {
    return switch (method) {
      case "PUT" ->
          operation(
              ignored -> {
                boolean created = administration.putSubscription(instance, queue, topic);
                return Answer.json(created ? 201 : 200, QueueDocument.subscription(queue, topic));
              });
      case "DELETE" ->
          operation(
              ignored -> {
                administration.deleteSubscription(instance, queue, topic);
                return Answer.empty(204);
              });
      default -> throw Api.wrongMethod("PUT, DELETE");
    };
  }

  private Answer queues(ServiceInstance instance) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (QueueView queue : administration.queues(instance)) {
      all.add(QueueDocument.of(queue));
    }
    return Answer.json(200, all);
  }

  private Answer queue(int status, ServiceInstance instance, QueueName queue) {
    return Answer.json(status, QueueDocument.of(administration.queue(instance, queue)));
  }

  private Answer putQueue(ServiceInstance instance, QueueName queue, Buffer body) {
    QueueAttributes attributes = QueueAttributes.parse(JsonBody.object(body));
    boolean created = administration.putQueue(instance, queue, attributes);
    return queue(created ? 201 : 200, instance, queue);
  }

  private Answer subscriptions(ServiceInstance instance, QueueName queue) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (TopicPattern topic : administration.subscriptions(instance, queue)) {
      all.add(QueueDocument.subscription(queue, topic));
    }
    return Answer.json(200, all);
  }

  private Answer queuesStatistics(ServiceInstance instance) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (QueueView queue : administration.queues(instance)) {
      all.add(QueueDocument.statistics(queue));
    }
    return Answer.json(200, all);
  }

  /** Ours: the original documents no way to empty a queue (wire reference 8.1). */
  private Answer purge(ServiceInstance instance, QueueName queue) {
    long removed = administration.purgeQueue(instance, queue);
    return Answer.json(
        200, JsonNodeFactory.instance.objectNode().put("purgedMessageCount", removed));
  }
}
