// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.AccessChange;
import dev.weft.access.AccessControl;
import dev.weft.access.Caller;
import dev.weft.broker.Administration;
import dev.weft.broker.ConnectionQuota;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageIds;
import dev.weft.broker.SystemQueues;
import dev.weft.queue.QueueEngine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MQTT 3.1.1 over WebSocket for clients (wire reference 5). Safe for any thread; each connection
 * runs on the event loop of its socket.
 */
public final class MqttDoor {
  /** The WebSocket subprotocol that the upgrade has to answer (MQTT 3.1.1, 6.0). */
  public static final String SUBPROTOCOL = "mqtt";

  /** The path of the upgrade. */
  public static final String PATH = "/protocols/mqtt311ws";

  private static final Logger LOG = LoggerFactory.getLogger(MqttDoor.class);

  /** Documents of persistent sessions are small; queues per instance bound their number. */
  private static final int SESSIONS_MAX = 100_000;

  private static final long SESSION_BYTES_MAX = 256L << 20;
  private static final long EXPIRY_CHECK_HOURS = 1;

  private final Vertx vertx;
  private final AccessControl access;
  private final MqttConnection.Shared shared;
  private final LatestMessages documents;
  private final LatestMessages retained;
  private final Set<Guest> guests = ConcurrentHashMap.newKeySet();
  private final long expiryTimer;
  private volatile boolean closed;

  /** A connection, and who has it. */
  private record Guest(MqttConnection connection, Caller caller, Promise<Void> gone) {}

  /**
   * Blocks until retained messages and sessions are read.
   *
   * @param engine keeps both, in queues of the server's own
   * @param random makes the ids of messages
   * @throws dev.weft.queue.MeshException.EngineUnavailable if the engine does not answer
   */
  public MqttDoor(
      Vertx vertx,
      QueueEngine engine,
      FrontDoor frontDoor,
      Administration administration,
      AccessControl access,
      MqttSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.vertx = vertx;
    this.access = access;
    this.documents =
        LatestMessages.open(
            engine, SystemQueues.named("mqtt/sessions"), SESSIONS_MAX, SESSION_BYTES_MAX);
    this.retained =
        LatestMessages.open(
            engine,
            SystemQueues.named("mqtt/retained"),
            settings.retainedMax(),
            settings.retainedBytesMax());
    PersistentSessions persistent =
        new PersistentSessions(administration, documents, settings.sessionExpiry(), clock);
    persistent.expire(access.instances(), true);
    this.shared =
        new MqttConnection.Shared(
            frontDoor,
            caller -> access.instanceById(caller.instance().id()),
            new Sessions(),
            persistent,
            retained,
            settings,
            new MessageIds(random),
            clock);
    access.onChange(this::changed);
    this.expiryTimer =
        vertx.setPeriodic(TimeUnit.HOURS.toMillis(EXPIRY_CHECK_HOURS), _ -> expireSessions());
  }

  /** Ends sessions whose client stayed away for too long; on a worker. */
  void expireSessions() {
    vertx
        .executeBlocking(
            () -> {
              shared.persistent().expire(access.instances(), false);
              return true;
            })
        .onFailure(failure -> LOG.atWarn().setCause(failure).log("MQTT sessions not checked"));
  }

  /**
   * Takes over a WebSocket. To be called on its event loop, in the turn of the upgrade, so that no
   * byte of the client is missed; the token was checked by who accepted it.
   *
   * @param lease the right to this connection, given back at its end
   */
  public void accept(ServerWebSocket socket, Caller caller, ConnectionQuota.Lease lease) {
    Promise<Void> gone = Promise.promise();
    MqttConnection connection =
        new MqttConnection(
            shared,
            vertx.getOrCreateContext(),
            new Wire(socket, shared.settings().frameBytesMax()),
            caller,
            () -> {
              lease.release();
              gone.tryComplete();
            });
    Guest guest = new Guest(connection, caller, gone);
    guests.add(guest);
    gone.future().onComplete(_ -> guests.remove(guest));
    connection.start();
    if (closed) {
      connection.close(MqttConnection.GOING_AWAY, "The server stops");
    }
  }

  private void changed(AccessChange change) {
    switch (change) {
      case AccessChange.KeyDeleted(String instanceId, String clientId) -> {
        for (Guest guest : guests) {
          if (guest.caller.instance().id().equals(instanceId)
              && guest.caller.clientId().equals(clientId)) {
            guest.connection.close(Violation.POLICY, "The service key was deleted");
          }
        }
      }
      case AccessChange.InstanceChanged _, AccessChange.InstanceDeleted _ -> {
        // The front door ends what new rules forbid; an instance's keys went before it.
      }
    }
  }

  /** Connections open now. */
  public int connections() {
    return guests.size();
  }

  /**
   * Closes every connection; wills are published first.
   *
   * @return completes when all are gone
   */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(expiryTimer);
    List<Future<?>> ends = new ArrayList<>();
    for (Guest guest : guests) {
      ends.add(guest.gone.future());
      guest.connection.close(MqttConnection.GOING_AWAY, "The server stops");
    }
    return Future.join(ends)
        .<Void>mapEmpty()
        .onComplete(
            _ -> {
              documents.close();
              retained.close();
            });
  }
}
