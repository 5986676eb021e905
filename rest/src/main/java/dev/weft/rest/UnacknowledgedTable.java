// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.Caller;
import dev.weft.broker.Address;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageContent;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was consumed and not yet acknowledged (wire reference 6.1): a reader for each instance and
 * queue in use, and the deadline after which a message goes back. All of it belongs to one event
 * loop, to which every call is handed over.
 */
final class UnacknowledgedTable {
  private final Vertx vertx;
  private final Context owner;
  private final FrontDoor frontDoor;
  private final RestSettings settings;
  private final InstantSource clock;
  private final Map<Key, QueueReader> readers = new HashMap<>();
  private long heldBytes;
  private boolean sweeping;

  private record Key(String instanceId, QueueName queue) {}

  /**
   * One message handed out.
   *
   * @param id names it in the acknowledgement, as the header shows it
   * @param remainingTtlMillis {@link dev.weft.queue.Message#NO_TTL} when it has none
   */
  record Taken(String id, MessageContent content, long remainingTtlMillis) {}

  UnacknowledgedTable(
      Vertx vertx, FrontDoor frontDoor, RestSettings settings, InstantSource clock) {
    this.vertx = vertx;
    owner = vertx.getOrCreateContext();
    this.frontDoor = frontDoor;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Takes the next message of a queue; from any thread.
   *
   * @param qos 0 = gone at once, 1 = hidden until it is acknowledged
   * @return null when the queue has none; fails with a {@link MeshException}
   */
  Future<@Nullable Taken> take(Caller caller, QueueName queue, int qos) {
    Promise<@Nullable Taken> taken = Promise.promise();
    owner.runOnContext(
        handed -> {
          try {
            if (heldBytes >= settings.unacknowledgedBytesMax()) {
              throw new MeshException.EngineOverloaded("unacknowledged messages are held");
            }
            reader(caller, queue).take(qos, taken);
          } catch (MeshException refused) {
            taken.fail(refused);
          }
        });
    return taken.future();
  }

  /**
   * From any thread.
   *
   * @return whether there was such a message
   */
  Future<Boolean> acknowledge(Caller caller, QueueName queue, String id) {
    Promise<Boolean> known = Promise.promise();
    owner.runOnContext(
        handed -> {
          QueueReader reader = readers.get(new Key(caller.instance().id(), queue));
          known.complete(reader != null && reader.acknowledge(id));
        });
    return known.future();
  }

  private QueueReader reader(Caller caller, QueueName queue) {
    Key key = new Key(caller.instance().id(), queue);
    QueueReader known = readers.get(key);
    if (known != null) {
      return known;
    }
    QueueReader fresh = new QueueReader(this, queue);
    // The rules are asked here, once for each time a reader starts.
    fresh.start(
        frontDoor.consume(
            caller,
            new Address.OfQueue(queue),
            new ConsumerSettings("rest:" + caller.clientId(), ConsumerSettings.NORMAL),
            fresh));
    readers.put(key, fresh);
    return fresh;
  }

  // For the readers, on the event loop unless said.

  /** From any thread. */
  void later(Runnable action) {
    owner.runOnContext(handed -> action.run());
  }

  int waitingMax() {
    return settings.waitingMax();
  }

  /** A message is held from now on. */
  Instant hold(int bytes) {
    heldBytes += bytes;
    if (!sweeping) {
      sweeping = true;
      scheduleSweep();
    }
    return clock.instant().plus(settings.unacknowledgedTimeout());
  }

  void letGo(int bytes) {
    heldBytes -= bytes;
  }

  /** The reader has nothing to do any more, or its consumer ended. */
  void ended(QueueReader reader) {
    readers.values().remove(reader);
  }

  private void scheduleSweep() {
    vertx.setTimer(settings.sweepInterval().toMillis(), fired -> sweep());
  }

  private void sweep() {
    Instant now = clock.instant();
    List.copyOf(readers.values()).forEach(reader -> reader.expire(now));
    sweeping = !readers.isEmpty();
    if (sweeping) {
      scheduleSweep();
    }
  }
}
