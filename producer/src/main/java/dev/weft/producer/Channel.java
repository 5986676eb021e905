// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.ConnectionOptions;
import org.apache.qpid.protonj2.client.DeliveryState;
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
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;
  private static final long TIMEOUT_MILLIS = 15_000;

  /** Open links; a connection may have three producers by the vendor's plan, so few are kept. */
  private static final int SENDERS_MAX = 3;

  private final String name;
  private final String topicSpace;
  private final Client client;
  private final Connection connection;
  private final Map<String, Sender> senders = new LinkedHashMap<>(SENDERS_MAX + 1, 0.75f, true);

  private Channel(String name, String topicSpace, Client client, Connection connection) {
    this.name = name;
    this.topicSpace = topicSpace;
    this.client = client;
    this.connection = connection;
  }

  /**
   * Fetches a token and connects.
   *
   * @param name the channel's name, for people
   * @param trust certificates to trust; null takes those of the Java runtime
   */
  public static Channel open(String name, ServiceKeyDocument key, @Nullable SSLContext trust)
      throws ChannelFailure {
    String token;
    try (TokenClient tokens = new TokenClient(trust)) {
      token = tokens.fetch(key);
    }
    Client client = Client.create();
    try {
      URI gateway = key.gateway();
      Connection connection =
          client.connect(gateway.getHost(), port(gateway), options(gateway, token, trust));
      connection.openFuture().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      return new Channel(name, key.namespace(), client, connection);
    } catch (Exception e) {
      client.close();
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new ChannelFailure(
          ChannelFailure.Step.CONNECT, key.gateway() + " refused the channel: " + reason(e), e);
    }
  }

  private static ConnectionOptions options(URI gateway, String token, @Nullable SSLContext trust) {
    ConnectionOptions options = new ConnectionOptions();
    options.openTimeout(TIMEOUT_MILLIS).requestTimeout(TIMEOUT_MILLIS).closeTimeout(2_000);
    options
        .transportOptions()
        .useWebSockets(true)
        .webSocketPath(gateway.getPath())
        .addWebSocketHeader("Authorization", "Bearer " + token)
        .allowNativeIO(false);
    if ("wss".equals(gateway.getScheme())) {
      options.sslEnabled(true);
      options.sslOptions().allowNativeSSL(false);
      if (trust != null) {
        options.sslOptions().sslContextOverride(trust);
      }
    }
    return options;
  }

  private static int port(URI gateway) {
    if (gateway.getPort() > 0) {
      return gateway.getPort();
    }
    return "wss".equals(gateway.getScheme()) ? HTTPS_PORT : HTTP_PORT;
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
      tracker.awaitSettlement(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      DeliveryState state = tracker.remoteState();
      if (state == null || !state.isAccepted()) {
        throw new ChannelFailure(
            ChannelFailure.Step.PUBLISH, "The broker answered " + state + " to " + event.id());
      }
    } catch (ClientException e) {
      senders.remove(topic);
      throw new ChannelFailure(
          ChannelFailure.Step.PUBLISH, "Event " + event.id() + " was not sent: " + reason(e), e);
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
    Sender sender = connection.openSender("topic:" + topic);
    senders.put(topic, sender);
    return sender;
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  @Override
  public synchronized void close() {
    connection.close();
    client.close();
  }
}
