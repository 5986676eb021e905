// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.broker.Address;
import dev.weft.broker.CloudEventDocument;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageContent;
import dev.weft.broker.MessageIds;
import dev.weft.queue.AppendListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents over HTTP (wire reference 6.4): an event says by source and type which topic it is
 * for. Events are stored whole, in structured mode, however they came.
 */
final class EventsApi implements Api {
  private static final String ATTRIBUTE = "ce-";

  private final FrontDoor frontDoor;
  private final EventSubscriptionsApi subscriptions;
  private final MessageIds ids;
  private final InstantSource clock;

  EventsApi(
      FrontDoor frontDoor,
      EventSubscriptionsApi subscriptions,
      MessageIds ids,
      InstantSource clock) {
    this.frontDoor = frontDoor;
    this.subscriptions = subscriptions;
    this.ids = ids;
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
    if (!segments.getFirst().equals("events")) {
      throw Api.noSuchPath();
    }
    if (segments.size() > 1) {
      if (!segments.get(1).equals("subscriptions")) {
        throw Api.noSuchPath();
      }
      return subscriptions.find(caller, request, segments.subList(2, segments.size()));
    }
    if (!request.method().equals(HttpMethod.POST)) {
      throw Api.wrongMethod("POST");
    }
    boolean durable = qos(request) == 1;
    String contentType = request.getHeader("Content-Type");
    Map<String, String> attributes = attributes(request);
    return new Operation(
        frontDoor.messageSizeMax(),
        body -> publish(caller, event(attributes, contentType, body), durable));
  }

  private static CloudEventDocument event(
      Map<String, String> attributes, @Nullable String contentType, Buffer body) {
    return CloudEventDocument.isWhole(contentType)
        ? CloudEventDocument.parse(body.getBytes())
        : CloudEventDocument.of(attributes, contentType, body.getBytes());
  }

  /** Attributes of binary mode; their values are percent-encoded where they are not ASCII. */
  private static Map<String, String> attributes(HttpServerRequest request) {
    Map<String, String> attributes = new HashMap<>();
    request
        .headers()
        .forEach(
            (name, value) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (lower.matches("ce-[a-z0-9]{1,100}")) {
                attributes.put(lower.substring(ATTRIBUTE.length()), unescaped(value));
              }
            });
    return attributes;
  }

  private static String unescaped(String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException literal) {
      return value;
    }
  }

  private Future<Answer> publish(Caller caller, CloudEventDocument event, boolean durable) {
    Address address = new Address.OfTopic(event.topic());
    Message message =
        new MessageContent(
                ids.next(),
                "",
                "",
                CloudEventDocument.CONTENT_TYPE,
                null,
                clock.millis(),
                Map.of(),
                event.encoded())
            .toMessage(address, durable, Message.NO_TTL);
    Promise<Answer> answer = Promise.promise();
    frontDoor.publish(
        caller,
        address,
        message,
        new AppendListener() {
          @Override
          public void stored() {
            answer.complete(Answer.empty(204));
          }

          @Override
          public void refused(MeshException reason) {
            answer.fail(reason);
          }
        });
    return answer.future();
  }

  private static int qos(HttpServerRequest request) {
    String qos = request.getHeader("qos");
    return EventSubscriptionsApi.qos(qos == null ? "" : qos.trim());
  }
}
