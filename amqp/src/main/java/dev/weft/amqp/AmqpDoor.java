// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.access.AccessChange;
import dev.weft.access.AccessControl;
import dev.weft.access.Caller;
import dev.weft.broker.ConnectionQuota;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageIds;
import dev.weft.queue.MeshException;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * AMQP 1.0 for clients (wire reference 4). Safe for any thread unless said otherwise; each
 * connection runs on the event loop of its socket.
 */
public final class AmqpDoor {
  /** The WebSocket subprotocol that the upgrade has to answer (wire reference 4.1). */
  public static final String SUBPROTOCOL = "amqp";

  /** The path of the upgrade. */
  public static final String PATH = "/protocols/amqp10ws";

  private final Vertx vertx;
  private final AmqpConnection.Shared shared;
  private final Set<Guest> guests = ConcurrentHashMap.newKeySet();
  private final Set<NetServer> servers = ConcurrentHashMap.newKeySet();
  private final Map<EventLoop, LoopBuffers> buffers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param random makes the container id and the ids of messages without one
   */
  public AmqpDoor(
      Vertx vertx,
      FrontDoor frontDoor,
      AccessControl access,
      AmqpSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.vertx = vertx;
    this.shared =
        new AmqpConnection.Shared(
            frontDoor,
            access,
            settings,
            new MessageIds(random),
            "weft-" + HexFormat.of().toHexDigits(random.nextInt()),
            clock);
    access.onChange(this::changed);
  }

  /** A connection, and the loop it belongs to. */
  private static final class Guest {
    private final Context context;
    private final Promise<Void> gone = Promise.promise();
    private @Nullable AmqpConnection connection;
    private ConnectionQuota.@Nullable Lease lease;

    /** Written on the loop, read by whoever announces a change. */
    private volatile @Nullable Caller caller;

    Guest(Context context) {
      this.context = context;
    }

    void close(String condition, String description) {
      context.runOnContext(
          _ -> {
            AmqpConnection live = connection;
            if (live != null) {
              live.close(condition, description);
            }
          });
    }

    void ended() {
      if (lease != null) {
        lease.release();
      }
      gone.complete();
    }
  }

  /**
   * Takes over a WebSocket. To be called on its event loop, in the turn of the upgrade, so that no
   * byte of the client is missed; the token was checked by who accepted it. The server has to take
   * frames of {@link AmqpSettings#webSocketFrameSizeMax()}.
   *
   * @param lease the right to this connection, given back at its end
   */
  public void accept(ServerWebSocket socket, Caller caller, ConnectionQuota.Lease lease) {
    Guest guest = new Guest(vertx.getOrCreateContext());
    guest.caller = caller;
    guest.lease = lease;
    int frameSizeMax = shared.settings().webSocketFrameSizeMax();
    Transport transport = new Transport.OverWebSocket(socket, buffers(guest.context), frameSizeMax);
    start(guest, transport, caller, _ -> true);
  }

  /**
   * Opens a port for AMQP without WebSocket: SASL PLAIN with client id and secret.
   *
   * @param options port, host and TLS
   * @param quota where connections are counted
   */
  public Future<NetServer> listenTcp(NetServerOptions options, ConnectionQuota quota) {
    NetServer server = vertx.createNetServer(options);
    servers.add(server);
    return server.connectHandler(socket -> accept(socket, quota)).listen();
  }

  private void accept(NetSocket socket, ConnectionQuota quota) {
    Guest guest = new Guest(vertx.getOrCreateContext());
    AmqpConnection.Admission admission =
        caller -> {
          try {
            guest.lease = quota.acquire(caller.instance());
            guest.caller = caller;
            return true;
          } catch (MeshException.LimitReached full) {
            return false;
          }
        };
    start(guest, new Transport.OverTcp(socket), null, admission);
  }

  private LoopBuffers buffers(Context context) {
    return buffers.computeIfAbsent(
        ((ContextInternal) context).nettyEventLoop(), _ -> new LoopBuffers());
  }

  private void start(
      Guest guest,
      Transport transport,
      @Nullable Caller caller,
      AmqpConnection.Admission admission) {
    AmqpConnection connection =
        new AmqpConnection(
            shared,
            guest.context,
            buffers(guest.context),
            transport,
            caller,
            admission,
            () -> {
              guests.remove(guest);
              guest.ended();
            });
    guest.connection = connection;
    guests.add(guest);
    connection.start();
    if (closed) {
      guest.close(Conditions.CONNECTION_FORCED, "The server stops");
    }
  }

  private void changed(AccessChange change) {
    switch (change) {
      case AccessChange.KeyDeleted(String instanceId, String clientId) -> {
        for (Guest guest : guests) {
          Caller caller = guest.caller;
          if (caller != null
              && caller.instance().id().equals(instanceId)
              && caller.clientId().equals(clientId)) {
            guest.close(Conditions.UNAUTHORIZED_ACCESS, "The service key was deleted");
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
   * Closes every connection with {@code amqp:connection:forced} and the TCP ports.
   *
   * @return completes when all are gone
   */
  public Future<Void> close() {
    closed = true;
    List<Future<?>> ends = new ArrayList<>();
    for (NetServer server : servers) {
      ends.add(server.close());
    }
    for (Guest guest : guests) {
      ends.add(guest.gone.future());
      guest.close(Conditions.CONNECTION_FORCED, "The server stops");
    }
    return Future.join(ends).mapEmpty();
  }
}
