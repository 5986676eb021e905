// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.HeaderText;
import dev.weft.broker.MessageContent;
import dev.weft.broker.MessageIds;
import dev.weft.queue.AppendListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages over HTTP (wire reference 6.1), and the webhook subscriptions beside them. */
final class MessagingApi implements Api {
  private static final String MESSAGES = "messages";
  private static final Answer DONE = Answer.empty(204);

  private final FrontDoor frontDoor;
  private final UnacknowledgedTable unacknowledged;
  private final SubscriptionsApi subscriptions;
  private final MessageIds ids;
  private final RestSettings settings;
  private final InstantSource clock;

  MessagingApi(
      FrontDoor frontDoor,
      UnacknowledgedTable unacknowledged,
      SubscriptionsApi subscriptions,
      MessageIds ids,
      RestSettings settings,
      InstantSource clock) {
    this.frontDoor = frontDoor;
    this.unacknowledged = unacknowledged;
    this.subscriptions = subscriptions;
    this.ids = ids;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public boolean opensTo(ServiceInstance instance) {
    return instance.messagingrest();
  }

  @Override
  public String option() {
    return "messagingrest";
  }

  @Override
  public Operation find(Caller caller, HttpServerRequest request, List<String> segments) {
    int size = segments.size();
    String kind = segments.getFirst();
    if (kind.equals("subscriptions")) {
      return subscriptions.find(caller, request, segments);
    }
    boolean topic = kind.equals("topics");
    if (!(topic || kind.equals("queues")) || size < 3 || !segments.get(2).equals(MESSAGES)) {
      throw Api.noSuchPath();
    }
    if (size == 3) {
      requirePost(request);
      String name = segments.get(1);
      return publish(
          caller,
          topic
              ? new Address.OfTopic(new TopicPattern(name))
              : new Address.OfQueue(new QueueName(name)),
          request);
    }
    if (!topic && size == 4 && segments.get(3).equals("consumption")) {
      requirePost(request);
      return consume(caller, new QueueName(segments.get(1)), qos(request));
    }
    if (!topic && size == 5 && segments.get(4).equals("acknowledgement")) {
      requirePost(request);
      return acknowledge(caller, new QueueName(segments.get(1)), segments.get(3));
    }
    throw Api.noSuchPath();
  }

  private static void requirePost(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.POST)) {
      throw Api.wrongMethod("POST");
    }
  }

  private Operation publish(Caller caller, Address address, HttpServerRequest request) {
    boolean durable = qos(request) == 1;
    long ttlMillis = expiration(request);
    String contentType = request.getHeader("Content-Type");
    String stored = contentType == null ? null : HeaderText.of(contentType);
    return new Operation(
        frontDoor.messageSizeMax(),
        body -> publish(caller, address, message(address, stored, durable, ttlMillis, body)));
  }

  private Message message(
      Address address, @Nullable String contentType, boolean durable, long ttl, Buffer body) {
    return new MessageContent(
            ids.next(), "", "", contentType, null, clock.millis(), Map.of(), body.getBytes())
        .toMessage(address, durable, ttl);
  }

  private Future<Answer> publish(Caller caller, Address address, Message message) {
    Promise<Answer> answer = Promise.promise();
    frontDoor.publish(
        caller,
        address,
        message,
        new AppendListener() {
          @Override
          public void stored() {
            answer.complete(DONE);
          }

          @Override
          public void refused(MeshException reason) {
            answer.fail(reason);
          }
        });
    return answer.future();
  }

  private Operation consume(Caller caller, QueueName queue, int qos) {
    return new Operation(
        settings.documentBytesMax(),
        ignored ->
            unacknowledged
                .take(caller, queue, qos)
                .map(taken -> taken == null ? DONE : answer(taken, qos)));
  }

  private static Answer answer(UnacknowledgedTable.Taken taken, int qos) {
    MessageContent content = taken.content();
    String contentType = content.contentType();
    Answer answer =
        new Answer(
            200,
            Map.of(
                "Content-Type",
                contentType == null || contentType.isBlank()
                    ? "application/octet-stream"
                    : HeaderText.of(contentType),
                "x-message-id",
                taken.id(),
                "x-qos",
                Integer.toString(qos)),
            Buffer.buffer(content.body()));
    if (content.to().startsWith("topic:")) {
      answer = answer.with("x-address", HeaderText.of(content.to()));
    }
    long ttl = taken.remainingTtlMillis();
    return ttl == Message.NO_TTL ? answer : answer.with("x-message-expiration", Long.toString(ttl));
  }

  private Operation acknowledge(Caller caller, QueueName queue, String id) {
    return new Operation(
        settings.documentBytesMax(),
        ignored ->
            unacknowledged
                .acknowledge(caller, queue, id)
                .map(
                    known -> {
                      if (!known) {
                        throw new MeshException.NotFound("unacknowledged message", id);
                      }
                      return DONE;
                    }));
  }

  private static int qos(HttpServerRequest request) {
    String qos = request.getHeader("x-qos");
    return switch (qos == null ? "" : qos.trim()) {
      case "0" -> 0;
      case "1" -> 1;
      default -> throw Api.badRequest("x-qos is invalid");
    };
  }

  /** Milliseconds; 0 means none, as in JMS. */
  private static long expiration(HttpServerRequest request) {
    String text = request.getHeader("x-message-expiration");
    if (text == null) {
      return Message.NO_TTL;
    }
    if (!text.trim().matches("[0-9]{1,18}")) {
      throw Api.badRequest("x-message-expiration is invalid");
    }
    long millis = Long.parseLong(text.trim());
    return millis == 0 ? Message.NO_TTL : millis;
  }
}
