// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Sender;
import org.apache.qpid.protonj2.client.Tracker;
import org.apache.qpid.protonj2.client.exceptions.ClientException;
import org.jspecify.annotations.Nullable;

/**
 * The way of events out of an S/4HANA system: one AMQP connection over WebSocket, made from a
 * service key, with a sender link for each topic. Events leave in the order of the calls; each call
 * waits until the broker accepted, which is quality of service 1. Calls of several threads take
 * turns.
 */
public final class Channel implements AutoCloseable {
  /** Open links; a connection may have three producers by the vendor's plan, so few are kept. */
  private static final int SENDERS_MAX = 3;

  private final String name;
  private final String topicSpace;
  private final GatewayConnection gateway;
  private final Map<String, Sender> senders = new LinkedHashMap<>(SENDERS_MAX + 1, 0.75f, true);

  private Channel(String name, String topicSpace, GatewayConnection gateway) {
    this.name = name;
    this.topicSpace = topicSpace;
    this.gateway = gateway;
  }

  /**
   * Fetches a token and connects.
   *
   * @param name the channel's name, for people
   * @param trust certificates to trust; null takes those of the Java runtime
   */
  public static Channel open(String name, ServiceKeyDocument key, @Nullable SSLContext trust)
      throws ChannelFailure {
    return new Channel(name, key.namespace(), GatewayConnection.open(key, trust));
  }

  public String name() {
    return name;
  }

  /** Prefix of all topics: the namespace of the key. */
  public String topicSpace() {
    return topicSpace;
  }

  /**
   * Publishes one event and waits until the broker has it for good.
   *
   * @param topic the whole topic, topic space included
   */
  public synchronized void publish(String topic, CloudEvent event) throws ChannelFailure {
    try {
      Tracker tracker = sender(topic).send(message(topic, event));
      tracker.awaitSettlement(GatewayConnection.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      Outcome outcome = Outcome.of(tracker);
      if (!outcome.accepted()) {
        throw new ChannelFailure(
            ChannelFailure.Step.PUBLISH,
            "Event " + event.id() + " was not accepted: " + outcome.reason());
      }
    } catch (ClientException e) {
      senders.remove(topic);
      throw new ChannelFailure(
          ChannelFailure.Step.PUBLISH,
          "Event " + event.id() + " was not sent: " + GatewayConnection.reason(e),
          e);
    }
  }

  private static Message<byte[]> message(String topic, CloudEvent event) throws ClientException {
    return Message.create(event.encoded())
        .durable(true)
        .to("topic:" + topic)
        .contentType(CloudEvent.CONTENT_TYPE);
  }

  private Sender sender(String topic) throws ClientException {
    Sender known = senders.get(topic);
    if (known != null) {
      return known;
    }
    if (senders.size() >= SENDERS_MAX) {
      var eldest = senders.entrySet().iterator().next();
      senders.remove(eldest.getKey());
      eldest.getValue().close();
    }
    Sender sender = gateway.connection().openSender("topic:" + topic);
    senders.put(topic, sender);
    return sender;
  }

  @Override
  public synchronized void close() {
    gateway.close();
  }
}
