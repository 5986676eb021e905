// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.AccessControl;
import dev.weft.access.AccessSettings;
import dev.weft.access.Caller;
import dev.weft.access.Sealer;
import dev.weft.access.ServiceInstance;
import dev.weft.queue.FakeClock;
import dev.weft.queue.InMemoryQueueEngine;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingAppend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;

/** Both rooms on a real catalogue and the in-memory engine. */
final class MeshUnderTest implements AutoCloseable {
  final FakeClock clock = new FakeClock();
  final InMemoryQueueEngine engine;
  final Catalogue catalogue;
  final Sealer sealer;
  final AccessControl access;
  final Routing routing = new Routing();
  final Administration administration;
  final FrontDoor frontDoor;
  private final boolean ownsEngine;

  private MeshUnderTest(
      Path directory, BrokerLimits limits, InMemoryQueueEngine engine, boolean ownsEngine) {
    this.engine = engine;
    this.ownsEngine = ownsEngine;
    var random = new SecureRandom();
    sealer = Sealer.open(directory.resolve("seal.key"), random);
    catalogue = Catalogue.open(directory.resolve("catalogue"));
    access =
        new AccessControl(
            catalogue, sealer, AccessSettings.of("https://localhost:8443"), clock, random);
    administration = new Administration(catalogue, engine, routing, limits, sealer);
    administration.start();
    administration.follow(access);
    frontDoor = new FrontDoor(engine, routing, limits, access);
  }

  static MeshUnderTest open(Path directory) {
    return open(directory, BrokerLimits.DEFAULT);
  }

  static MeshUnderTest open(Path directory, BrokerLimits limits) {
    return new MeshUnderTest(directory, limits, new InMemoryQueueEngine(new FakeClock()), true);
  }

  /** The engine outlives the mesh: what a restart of the process with a durable engine is. */
  static MeshUnderTest reopen(Path directory, InMemoryQueueEngine engine) {
    return new MeshUnderTest(directory, BrokerLimits.DEFAULT, engine, false);
  }

  /** An instance that may do everything below its namespace. */
  ServiceInstance instance(String name, String namespace) {
    return instance(name, namespace, "\"${namespace}/*\"");
  }

  /**
   * @param filters JSON strings, the same for all four rules
   */
  ServiceInstance instance(String name, String namespace, String filters) {
    return access.putInstance(name, descriptor(name, namespace, filters));
  }

  static String descriptor(String name, String namespace, String filters) {
    return """
    {"emname":"%1$s","version":"1.1.0","namespace":"%2$s",
     "options":{"management":true,"messagingrest":true,"messaging":true},
     "rules":{
       "queueRules":{"publishFilter":[%3$s],"subscribeFilter":[%3$s]},
       "topicRules":{"publishFilter":[%3$s],"subscribeFilter":[%3$s]}}}
    """
        .formatted(name, namespace, filters);
  }

  static Caller callerOf(ServiceInstance instance) {
    return new Caller(instance, "sb-test", Instant.MAX);
  }

  static QueueName queue(String name) {
    return new QueueName(name);
  }

  static Message message(String body) {
    return Message.of(body.getBytes(StandardCharsets.UTF_8));
  }

  RecordingAppend publish(ServiceInstance instance, String address, String body) {
    var answer = new RecordingAppend();
    frontDoor.publish(callerOf(instance), Address.parse(address), message(body), answer);
    return answer;
  }

  @Override
  public void close() {
    catalogue.close();
    if (ownsEngine) {
      engine.close();
    }
  }
}
