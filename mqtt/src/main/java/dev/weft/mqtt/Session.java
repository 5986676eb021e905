// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.MessageContent;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The session of one connection: its filters and what goes out. One that outlives the connection
 * has a queue, which keeps for it what its filters of QoS 1 match; one that does not has live
 * subscriptions alone (wire reference 5). Belongs to the connection's event loop.
 */
final class Session {
  private final MqttConnection connection;
  private final MqttConnection.Shared shared;
  private final ConnectRequest request;
  private final String clientId;
  private final Sessions.Key key;
  private final Backlog backlog;
  private final Outbox outbox;
  private final Subscriptions subscriptions = new Subscriptions();

  /** Null when the session ends with its connection. */
  private @Nullable QueueName queue;

  Session(
      MqttConnection connection,
      MqttConnection.Shared shared,
      ConnectRequest request,
      String clientId) {
    this.connection = connection;
    this.shared = shared;
    this.request = request;
    this.clientId = clientId;
    this.key = Sessions.Key.of(connection.caller(), clientId);
    MqttSettings settings = shared.settings();
    this.backlog = new Backlog(settings.backlogMessagesMax(), settings.backlogBytesMax());
    this.outbox = new Outbox(connection, settings.inFlightMax(), settings.windowBytes());
  }

  Sessions.Key key() {
    return key;
  }

  Outbox outbox() {
    return outbox;
  }

  ConnectRequest.@Nullable LastWill will() {
    return request.will();
  }

  // The beginning.

  /** Whoever had the session let it go. */
  void open() {
    ServiceInstance instance = connection.instance();
    if (!request.clean()) {
      connection.suspendFor(() -> resume(instance), this::resumed, connection::connectRefused);
    } else if (shared.persistent().exists(instance, clientId)) {
      connection.suspendFor(
          () -> discard(instance), _ -> connected(false), connection::connectRefused);
    } else {
      connected(false);
    }
  }

  private boolean discard(ServiceInstance instance) {
    shared.persistent().discard(instance, clientId);
    return true;
  }

  private void connected(boolean sessionPresent) {
    if (!connection.ended()) {
      if (!sessionPresent) {
        shared.sessions().recall(key);
      }
      connection.connected(sessionPresent, request.keepAliveSeconds());
    }
  }

  /** A session with a queue, and its consumer. */
  private record Opened(PersistentSessions.Resumed session, Consumer consumer) {}

  private Opened resume(ServiceInstance instance) {
    PersistentSessions.Resumed found = shared.persistent().open(instance, clientId);
    try {
      return new Opened(
          found,
          shared
              .frontDoor()
              .consume(
                  connection.caller(),
                  new Address.OfQueue(found.queue()),
                  new ConsumerSettings("mqtt " + clientId, ConsumerSettings.NORMAL),
                  outbox));
    } catch (MeshException refused) {
      if (found.present()) {
        shared.persistent().disconnected(found.queue(), found.live());
      } else {
        shared.persistent().discard(instance, clientId);
      }
      throw refused;
    }
  }

  private void resumed(Opened opened) {
    PersistentSessions.Resumed found = opened.session;
    if (connection.ended()) {
      opened.consumer.close();
      shared.persistent().disconnected(found.queue(), found.live());
      return;
    }
    queue = found.queue();
    for (TopicPattern pattern : found.stored()) {
      subscriptions.add(pattern, 1, null);
    }
    for (TopicPattern pattern : found.live()) {
      resumeLive(pattern);
    }
    connected(found.present());
    Unfinished left = found.present() ? shared.sessions().recall(key) : Unfinished.nothing();
    outbox.start(opened.consumer, left);
  }

  private void resumeLive(TopicPattern pattern) {
    try {
      subscriptions.add(pattern, 0, openLive(pattern, 0));
    } catch (MeshException.NotAllowed | MeshException.LimitReached withdrawn) {
      // The filter ends with the permission.
      subscriptions.filters().remove(pattern);
    }
  }

  private LiveSubscription openLive(TopicPattern pattern, int qos) {
    LiveSubscription live = new LiveSubscription(connection, backlog, pattern, qos);
    live.start(
        shared
            .frontDoor()
            .consume(
                connection.caller(),
                new Address.OfTopic(pattern),
                new ConsumerSettings("mqtt " + clientId, ConsumerSettings.NORMAL),
                live));
    return live;
  }

  // Subscribing.

  private FilterChange change() {
    return new FilterChange(
        new Places(connection.instance(), queue),
        shared.settings().filtersMax(),
        subscriptions.filters());
  }

  /** Where filters lead; also on workers. */
  private final class Places implements FilterChange.Places {
    private final ServiceInstance instance;
    private final @Nullable QueueName queue;

    Places(ServiceInstance instance, @Nullable QueueName queue) {
      this.instance = instance;
      this.queue = queue;
    }

    @Override
    public LiveSubscription openLive(TopicPattern pattern, int qos) {
      return Session.this.openLive(pattern, qos);
    }

    @Override
    public boolean hasQueue() {
      return queue != null;
    }

    @Override
    public void store(TopicPattern pattern) {
      if (queue != null) {
        shared.persistent().subscribe(instance, queue, pattern);
      }
    }

    @Override
    public void unstore(TopicPattern pattern) {
      if (queue != null) {
        shared.persistent().unsubscribe(instance, queue, pattern);
      }
    }

    @Override
    public void saveLive(List<TopicPattern> patterns) {
      if (queue != null) {
        shared.persistent().saveLive(queue, patterns);
      }
    }
  }

  /** A filter and what was asked or granted for it. */
  private record Request(TopicFilter filter, int qos) {}

  /**
   * @throws Violation if a filter is none
   */
  void subscribe(MqttSubscribeMessage packet) {
    List<Request> requests = new ArrayList<>();
    for (MqttTopicSubscription each : packet.payload().topicSubscriptions()) {
      requests.add(
          new Request(TopicFilter.parse(each.topicFilter()), each.qualityOfService().value()));
    }
    int packetId = packet.variableHeader().messageId();
    FilterChange change = change();
    byte[] codes = new byte[requests.size()];
    apply(
        change,
        () -> {
          for (int i = 0; i < codes.length; i++) {
            Request each = requests.get(i);
            codes[i] = change.subscribe(each.filter.pattern(), each.qos);
          }
        },
        () -> {
          connection.out().suback(packetId, codes);
          for (int i = 0; i < codes.length; i++) {
            TopicPattern pattern = requests.get(i).filter.pattern();
            if (codes[i] != FilterChange.REFUSED && pattern != null) {
              sendRetained(pattern, codes[i]);
            }
          }
        });
  }

  /**
   * @throws Violation if a filter is none
   */
  void unsubscribe(MqttUnsubscribeMessage packet) {
    List<TopicFilter> filters = packet.payload().topics().stream().map(TopicFilter::parse).toList();
    int packetId = packet.variableHeader().messageId();
    FilterChange change = change();
    apply(
        change,
        () -> filters.forEach(filter -> change.unsubscribe(filter.pattern())),
        () -> connection.out().unsuback(packetId));
  }

  /** With a queue, filters are kept in the catalogue and that blocks. */
  private void apply(FilterChange change, Runnable work, Runnable answer) {
    if (queue == null) {
      work.run();
      subscriptions.become(change);
      answer.run();
      return;
    }
    connection.suspendFor(
        () -> {
          work.run();
          change.save();
          return change;
        },
        done -> {
          subscriptions.become(done);
          if (connection.ended()) {
            letGo();
          } else {
            answer.run();
          }
        },
        refused -> {
          throw Violation.refused(refused);
        });
  }

  private void sendRetained(TopicPattern pattern, int qos) {
    List<Message> found = new ArrayList<>();
    if (pattern.hasWildcard()) {
      shared
          .retained()
          .forEach(
              (address, message) -> {
                if (pattern.matches(address.substring("topic:".length()))) {
                  found.add(message);
                }
              });
    } else {
      Message message = shared.retained().of(new Address.OfTopic(pattern).toString());
      if (message != null) {
        found.add(message);
      }
    }
    found.forEach(message -> outbox.add(Outgoing.retained(message, qos)));
  }

  // What goes out.

  /** A message for one of our live subscriptions. */
  void live(LiveSubscription heardBy, Message message) {
    int qos =
        subscriptions.mayOverlap()
            ? subscriptions.qosFor(MessageContent.read(message).subject(), heardBy)
            : heardBy.qos();
    if (qos < 0) {
      backlog.give(message);
    } else {
      outbox.add(Outgoing.live(message, qos, backlog));
    }
  }

  // The end.

  void end() {
    Unfinished left = outbox.end();
    if (queue != null && !left.isNothing()) {
      shared.sessions().remember(key, left);
    }
    letGo();
  }

  private void letGo() {
    List<TopicPattern> live = subscriptions.livePatterns();
    subscriptions.close();
    if (queue != null) {
      shared.persistent().disconnected(queue, live);
    }
  }
}
