// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.weft.access.AccessControl;
import dev.weft.access.AccessSettings;
import dev.weft.access.Caller;
import dev.weft.access.Sealer;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.Administration;
import dev.weft.broker.BrokerLimits;
import dev.weft.broker.Catalogue;
import dev.weft.broker.ConnectionQuota;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageContent;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.Routing;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.FakeClock;
import dev.weft.queue.InMemoryQueueEngine;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingAppend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The door in front of the in-memory engine and a real catalogue, with a web server that lets
 * everybody in. The engine may outlive the door: what a restart with a durable engine is.
 */
final class DoorUnderTest implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);
  static final String NAMESPACE = "acme/shop/one";
  static final QueueName ORDERS = new QueueName(NAMESPACE + "/orders");

  final Vertx vertx = Vertx.vertx();
  final FakeClock clock = new FakeClock();
  final InMemoryQueueEngine engine;
  final Catalogue catalogue;
  final Routing routing = new Routing();
  final AccessControl access;
  final Administration administration;
  final FrontDoor frontDoor;
  final ServiceInstance instance;

  /** Who connects from now on. */
  volatile Caller caller;

  final ConnectionQuota quota;
  final MqttDoor door;
  final int port;

  private DoorUnderTest(Path directory, InMemoryQueueEngine engine, MqttSettings settings) {
    this.engine = engine;
    SecureRandom random = new SecureRandom();
    Sealer sealer = Sealer.open(directory.resolve("seal.key"), random);
    catalogue = Catalogue.open(directory.resolve("catalogue"));
    access =
        new AccessControl(
            catalogue, sealer, AccessSettings.of("http://localhost:8080"), clock, random);
    administration = new Administration(catalogue, engine, routing, BrokerLimits.DEFAULT, sealer);
    administration.start();
    frontDoor = new FrontDoor(engine, routing, BrokerLimits.DEFAULT, access);
    quota = new ConnectionQuota(BrokerLimits.DEFAULT);
    instance = access.putInstance("shop", descriptor("\"${namespace}/*\""));
    caller = new Caller(instance, "sb-shop", Instant.MAX);
    door = new MqttDoor(vertx, engine, frontDoor, administration, access, settings, clock, random);
    port =
        get(vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .addWebSocketSubProtocol(MqttDoor.SUBPROTOCOL)
                        .setMaxWebSocketFrameSize(2 << 20))
                .requestHandler(
                    request ->
                        request
                            .toWebSocket()
                            .onSuccess(
                                socket -> door.accept(socket, caller, quota.acquire(instance))))
                .listen(0, "localhost"))
            .actualPort();
    administration.putQueue(instance, ORDERS, QueueAttributes.NONE);
    administration.putSubscription(instance, ORDERS, new TopicPattern(NAMESPACE + "/orders/*"));
  }

  static DoorUnderTest open(Path directory) {
    return open(directory, MqttSettings.DEFAULT);
  }

  static DoorUnderTest open(Path directory, MqttSettings settings) {
    return new DoorUnderTest(directory, new InMemoryQueueEngine(Clock.systemUTC()), settings);
  }

  /** The same catalogue and engine behind a new door. */
  DoorUnderTest restart(Path directory) {
    stop();
    return new DoorUnderTest(directory, engine, MqttSettings.DEFAULT);
  }

  /**
   * @param filters JSON strings, the same for all rules
   */
  static String descriptor(String filters) {
    return """
    {"emname":"shop","version":"1.1.0","namespace":"acme/shop/one",
     "options":{"management":true,"messagingrest":true,"messaging":true},
     "rules":{
       "queueRules":{"publishFilter":[%1$s],"subscribeFilter":[%1$s]},
       "topicRules":{"publishFilter":[%1$s],"subscribeFilter":[%1$s]}}}
    """
        .formatted(filters);
  }

  static String topic(String last) {
    return NAMESPACE + "/" + last;
  }

  static <T> T get(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  MqttPeer peer() {
    return MqttPeer.connect(vertx, port);
  }

  /** As a publisher of another protocol: nothing says QoS 0. */
  void publish(String topic, String body) {
    Address address = Address.parse("topic:" + topic);
    RecordingAppend answer = new RecordingAppend();
    Message message =
        MessageContent.of("text/plain", body.getBytes(UTF_8))
            .toMessage(address, false, Message.NO_TTL);
    frontDoor.publish(caller, address, message, answer);
    answer.awaitStored();
  }

  List<BrowsedMessage> browse(QueueName queue) {
    return engine.browse(queue, 0, 10_000);
  }

  List<String> bodies(QueueName queue) {
    return browse(queue).stream().map(each -> body(each.message())).toList();
  }

  static String body(Message message) {
    return new String(MessageContent.read(message).body(), UTF_8);
  }

  QueueName sessionQueue(String clientId) {
    return PersistentSessions.queueOf(instance, clientId);
  }

  void awaitConnections(int count) {
    await().atMost(PATIENCE).until(() -> door.connections() == count);
  }

  private void stop() {
    get(door.close());
    get(vertx.close());
    catalogue.close();
  }

  @Override
  public void close() {
    stop();
    engine.close();
  }
}
