// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.weft.access.AccessControl;
import dev.weft.access.AccessSettings;
import dev.weft.access.Caller;
import dev.weft.access.InMemoryAccessStore;
import dev.weft.access.Sealer;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.BrokerLimits;
import dev.weft.broker.ConnectionQuota;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageContent;
import dev.weft.broker.Routing;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.InMemoryQueueEngine;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.QueueStats;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.Redelivery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The door in front of the in-memory engine, with a web server that lets everybody in. */
final class DoorUnderTest implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);
  static final QueueName ORDERS = new QueueName("acme/shop/one/orders");
  static final String TOPIC = "topic:acme/shop/one/x";

  final Vertx vertx = Vertx.vertx();
  final InMemoryQueueEngine engine = new InMemoryQueueEngine(Clock.systemUTC());
  final Routing routing = new Routing();
  final AccessControl access;
  final FrontDoor frontDoor;
  final ServiceInstance instance;
  final Caller caller;
  final ConnectionQuota quota;
  final AmqpDoor door;
  final int port;

  private DoorUnderTest(Path directory, AmqpSettings settings, BrokerLimits limits) {
    SecureRandom random = new SecureRandom();
    access =
        new AccessControl(
            new InMemoryAccessStore(),
            Sealer.open(directory.resolve("seal.key"), random),
            AccessSettings.of("http://localhost:8080"),
            Clock.systemUTC(),
            random);
    frontDoor = new FrontDoor(engine, routing, limits, access);
    quota = new ConnectionQuota(limits);
    instance = access.putInstance("shop", descriptor("acme/shop/one"));
    caller = new Caller(instance, "sb-shop", Instant.MAX);
    door = new AmqpDoor(vertx, frontDoor, access, settings, Clock.systemUTC(), random);
    port =
        get(vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .addWebSocketSubProtocol(AmqpDoor.SUBPROTOCOL)
                        .setMaxWebSocketFrameSize(settings.webSocketFrameSizeMax()))
                .requestHandler(
                    request ->
                        request
                            .toWebSocket()
                            .onSuccess(
                                socket -> door.accept(socket, caller, quota.acquire(instance))))
                .listen(0, "localhost"))
            .actualPort();
    queue(ORDERS, QueueSettings.DEFAULT);
    routing.add(ORDERS, new TopicPattern("acme/shop/one/x"));
  }

  static DoorUnderTest open(Path directory) {
    return open(directory, AmqpSettings.DEFAULT);
  }

  static DoorUnderTest open(Path directory, AmqpSettings settings) {
    return new DoorUnderTest(directory, settings, BrokerLimits.DEFAULT);
  }

  private static String descriptor(String namespace) {
    return """
    {"emname":"shop","version":"1.1.0","namespace":"%s",
     "options":{"management":true,"messagingrest":true,"messaging":true},
     "rules":{
       "queueRules":{"publishFilter":["${namespace}/*"],"subscribeFilter":["${namespace}/*"]},
       "topicRules":{"publishFilter":["${namespace}/*"],"subscribeFilter":["${namespace}/*"]}}}
    """
        .formatted(namespace);
  }

  /** A queue that gives back at once, so that tests need not wait. */
  void queue(QueueName name, QueueSettings settings) {
    engine.declare(name, settings.toBuilder().redelivery(Redelivery.IMMEDIATE).build());
  }

  static <T> T get(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  int listenTcp() {
    return get(door.listenTcp(new NetServerOptions().setPort(0).setHost("localhost"), quota))
        .actualPort();
  }

  RawPeer peer() {
    return RawPeer.overWebSocket(vertx, port);
  }

  void publish(String body) {
    publish(body, Message.NO_TTL);
  }

  void publish(String body, long ttlMillis) {
    var answer = new RecordingAppend();
    var content = MessageContent.of("text/plain", body.getBytes(UTF_8));
    Message message = content.toMessage(Address.parse(TOPIC), true, ttlMillis);
    frontDoor.publish(caller, Address.parse(TOPIC), message, answer);
    answer.awaitStored();
  }

  /** Waits until the queue is in that state. */
  void awaitQueue(Predicate<QueueStats> state) {
    await().atMost(PATIENCE).until(() -> engine.stats(ORDERS), state);
  }

  List<BrowsedMessage> browse() {
    return engine.browse(ORDERS, 0, 10_000);
  }

  static String body(Message message) {
    return new String(MessageContent.read(message).body(), UTF_8);
  }

  @Override
  public void close() {
    get(vertx.close());
    engine.close();
  }
}
