// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageIds;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One MQTT connection. Whatever happens on its event loop happens in a turn: its errors end this
 * connection and no other, and what it wrote leaves as one batch. Belongs to its event loop,
 * entirely, except where it says otherwise.
 */
final class MqttConnection implements Wire.Listener, Turns.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);

  /** WebSocket close codes (RFC 6455, 7.4.1). */
  static final int NORMAL = 1000;

  static final int GOING_AWAY = 1001;
  private static final int INTERNAL_ERROR = 1011;
  private static final int TRY_AGAIN_LATER = 1013;

  /** Room above the message size limit for the topic and its length. */
  private static final int HEADER_ROOM = 1_024;

  private enum State {
    /** Until CONNECT. */
    NEW,
    /** The session is being made or found. */
    CONNECTING,
    CONNECTED,
    /** Nothing is read or written any more. */
    ENDED
  }

  /** What connections of one door share. */
  record Shared(
      FrontDoor frontDoor,
      Function<Caller, @Nullable ServiceInstance> instances,
      Sessions sessions,
      PersistentSessions persistent,
      LatestMessages retained,
      MqttSettings settings,
      MessageIds messageIds,
      InstantSource clock) {}

  private final Shared shared;
  private final Context context;
  private final Wire wire;
  private final Caller caller;
  private final Runnable whenGone;
  private final Turns turns;
  private final KeepAlive keepAlive;
  private final Incoming incoming;
  private final Promise<Void> released = Promise.promise();
  private final AtomicBoolean slow = new AtomicBoolean();

  private State state = State.NEW;
  private @Nullable PacketGate gate;
  private @Nullable Session session;
  private java.util.concurrent.@Nullable Future<?> timer;

  /** The client's DISCONNECT came: no will is published. */
  private boolean disconnected;

  /** The socket takes no more for the moment. */
  private boolean blocked;

  /** Reasons not to read. */
  private int suspended;

  private boolean withheld;

  /** Work elsewhere that belongs to the session and has not ended. */
  private int busy;

  MqttConnection(Shared shared, Context context, Wire wire, Caller caller, Runnable whenGone) {
    this.shared = shared;
    this.context = context;
    this.wire = wire;
    this.caller = caller;
    this.whenGone = whenGone;
    this.turns = new Turns(wire.eventLoop(), wire.allocator(), this);
    this.keepAlive = new KeepAlive(this);
    this.incoming = new Incoming(this, shared);
  }

  void start() {
    // Silent until the client speaks (wire reference, rule 11).
    gate =
        wire.start(
            this,
            shared.frontDoor.messageSizeMax() + HEADER_ROOM,
            shared.settings.clientIdLengthMax());
    timer =
        turns.after(
            shared.settings.connectTimeout().toMillis(),
            () -> end(Violation.POLICY, "No CONNECT came"));
  }

  // What the parts of a connection share.

  Inbox inbox() {
    return turns.inbox();
  }

  PacketWriter out() {
    return turns.out();
  }

  Caller caller() {
    return caller;
  }

  boolean blocked() {
    return blocked;
  }

  boolean ended() {
    return state == State.ENDED;
  }

  /**
   * The instance as it is now.
   *
   * @throws MeshException.NotAllowed if it was deleted
   */
  ServiceInstance instance() {
    ServiceInstance current = shared.instances.apply(caller);
    if (current == null) {
      throw new MeshException.NotAllowed(
          "connect to", caller.instance().name(), "the service instance, which was deleted");
    }
    return current;
  }

  Turns turns() {
    return turns;
  }

  /** Reads no further until {@link #resume} was called as often. */
  void suspend() {
    suspended++;
    applyReading();
  }

  void resume() {
    suspended--;
    applyReading();
    PacketGate packets = gate;
    if (suspended == 0 && packets != null && state != State.ENDED) {
      // Later, as its own turn: packets that wait come before those that the socket has.
      turns.soon(packets::resume);
    }
  }

  private void applyReading() {
    if (state != State.ENDED) {
      wire.reading(suspended == 0);
    }
  }

  boolean reading() {
    return suspended == 0;
  }

  /** Runs what may block; no further packet is read before it ended. */
  <T> void suspendFor(Callable<T> work, Consumer<T> done, Consumer<MeshException> failed) {
    suspend();
    busy++;
    context
        .executeBlocking(work, false)
        .onComplete(
            result ->
                turns.run(
                    () -> {
                      if (result.succeeded()) {
                        done.accept(result.result());
                      } else if (result.cause() instanceof MeshException reason) {
                        failed.accept(reason);
                      } else {
                        LOG.atError().setCause(result.cause()).log("MQTT request failed");
                        failed.accept(
                            new MeshException.EngineUnavailable("Internal error", result.cause()));
                      }
                    },
                    this::workEnded));
  }

  @Override
  public void send(ByteBuf bytes) {
    wire.send(bytes);
    blocked = wire.full();
  }

  // From the socket.

  @Override
  public boolean open() {
    return suspended == 0 && state != State.ENDED;
  }

  @Override
  public void packet(MqttMessage packet) {
    turns.guard(() -> handle(packet));
  }

  @Override
  public void pause() {
    turns.flush();
  }

  @Override
  public void writable() {
    blocked = false;
    Session live = session;
    if (live != null) {
      turns.run(live.outbox()::pump);
    }
  }

  @Override
  public void failed(Throwable cause) {
    Throwable root =
        cause instanceof DecoderException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : cause;
    switch (root) {
      case Violation violation -> cutOff(violation);
      case MeshException refusal -> cutOff(Violation.refused(refusal));
      case DecoderException malformed ->
          cutOff(Violation.protocol("Malformed packet: " + malformed.getMessage()));
      default -> {
        LOG.atError().setCause(root).log("MQTT connection failed");
        end(INTERNAL_ERROR, "Internal error");
      }
    }
  }

  @Override
  public void gone() {
    end(NORMAL, "socket closed");
    whenGone.run();
  }

  private void handle(MqttMessage packet) {
    if (state == State.ENDED) {
      return;
    }
    keepAlive.heard();
    if (packet instanceof MqttConnectMessage connect) {
      connect(connect);
      return;
    }
    Session live = session;
    if (live == null) {
      throw Violation.protocol("The first packet is no CONNECT");
    }
    switch (packet) {
      case MqttPublishMessage publish -> incoming.publish(publish);
      case MqttSubscribeMessage subscribe -> live.subscribe(subscribe);
      case MqttUnsubscribeMessage unsubscribe -> live.unsubscribe(unsubscribe);
      default -> {
        switch (packet.fixedHeader().messageType()) {
          case PUBACK -> {
            if (packet.variableHeader() instanceof MqttMessageIdVariableHeader header) {
              live.outbox().acknowledged(header.messageId());
            }
          }
          case PINGREQ -> out().pingresp();
          case DISCONNECT -> {
            disconnected = true;
            end(NORMAL, "disconnected");
          }
          default ->
              throw Violation.protocol(packet.fixedHeader().messageType() + " is not for servers");
        }
      }
    }
  }

  // The beginning.

  private void connect(MqttConnectMessage message) {
    if (state != State.NEW) {
      throw Violation.protocol("A second CONNECT came");
    }
    ConnectRequest request = ConnectRequest.of(message, shared.settings.clientIdLengthMax());
    ConnectRequest.LastWill will = request.will();
    MeshException forbidden = will == null ? null : incoming.refusal(will);
    if (forbidden != null) {
      connectRefused(forbidden);
      return;
    }
    state = State.CONNECTING;
    cancelTimer();
    String clientId =
        request.clientId().isEmpty() ? "auto-" + shared.messageIds.next() : request.clientId();
    Session opening = new Session(this, shared, request, clientId);
    suspend();
    busy++;
    session = opening;
    shared
        .sessions
        .claim(opening.key(), this)
        .onComplete(
            // The one before may belong to another event loop.
            _ ->
                context.runOnContext(
                    _ ->
                        turns.run(
                            () -> {
                              if (state != State.ENDED) {
                                opening.open();
                              }
                            },
                            this::workEnded)));
  }

  /** The session is there. */
  void connected(boolean sessionPresent, int keepAliveSeconds) {
    state = State.CONNECTED;
    out().connack(sessionPresent, MqttConnectReturnCode.CONNECTION_ACCEPTED.byteValue());
    keepAlive.start(keepAliveSeconds);
    LOG.atDebug()
        .addKeyValue("client", caller.clientId())
        .addKeyValue("peer", wire.peer())
        .log("MQTT connection opened");
  }

  /** The session cannot be had. */
  void connectRefused(MeshException reason) {
    cutOff(Violation.connect(Refusals.ofConnect(reason), String.valueOf(reason.getMessage())));
  }

  // From the parts of the connection.

  void live(LiveSubscription heardBy, Message message) {
    Session live = session;
    if (live != null && state == State.CONNECTED) {
      live.live(heardBy, message);
    }
  }

  /** From any thread: a promise of QoS 1 cannot be kept. */
  void tooSlow() {
    if (slow.compareAndSet(false, true)) {
      inbox().post(() -> end(Violation.POLICY, "The client reads too slowly for QoS 1"));
    }
  }

  /** A subscription or the session's queue is no longer ours. */
  void withdrawn(MeshException reason) {
    if (state != State.ENDED) {
      throw Violation.refused(reason);
    }
  }

  /** Nothing was heard for too long. */
  void silent() {
    end(Violation.POLICY, "Nothing was heard for one and a half keep-alive periods");
  }

  /** A publish may succeed later, and MQTT has no word for that. */
  void withhold(MeshException reason) {
    if (withheld) {
      return;
    }
    withheld = true;
    suspend();
    timer =
        turns.after(
            shared.settings.withheldTimeout().toMillis(),
            () -> end(TRY_AGAIN_LATER, String.valueOf(reason.getMessage())));
  }

  // The end.

  /** From any thread: another connection has the same client id. */
  void takenOver() {
    context.runOnContext(
        _ -> turns.run(() -> end(Violation.POLICY, "Another connection has the same client id")));
  }

  /** From any thread. */
  void close(int code, String reason) {
    context.runOnContext(_ -> turns.run(() -> end(code, reason)));
  }

  /** Completes when the session is free for another connection. */
  Future<Void> released() {
    return released.future();
  }

  private void cutOff(Violation violation) {
    if (state == State.ENDED) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("instance", caller.instance().name())
        .addKeyValue("client", caller.clientId())
        .addKeyValue("peer", wire.peer())
        .addKeyValue("reason", violation.why())
        .log("MQTT connection closed by us");
    MqttConnectReturnCode answer = violation.answer();
    if (answer != null && state != State.CONNECTED) {
      out().connack(false, answer.byteValue());
    }
    end(violation.closeCode(), violation.why());
  }

  /** Whatever the reason: the session is let go, what was written leaves, the socket closes. */
  private void end(int code, String why) {
    if (state == State.ENDED) {
      return;
    }
    boolean wasConnected = state == State.CONNECTED;
    turns.flush();
    state = State.ENDED;
    PacketGate packets = gate;
    if (packets != null) {
      packets.shut();
    }
    cancelTimer();
    keepAlive.stop();
    Session live = session;
    if (live != null && wasConnected) {
      ConnectRequest.LastWill will = live.will();
      if (will != null && !disconnected) {
        incoming.publish(will);
      }
      live.end();
    }
    wire.close(code, why);
    releaseIfFree();
    LOG.atDebug().addKeyValue("peer", wire.peer()).addKeyValue("reason", why).log("MQTT ended");
  }

  /** Whatever became of it: the one who waits for the session must not wait for ever. */
  private void workEnded() {
    resume();
    busy--;
    releaseIfFree();
  }

  /** Another connection may have the session when nothing of ours works on it. */
  private void releaseIfFree() {
    if (state == State.ENDED && busy == 0) {
      Session live = session;
      if (live != null) {
        shared.sessions.release(live.key(), this);
      }
      released.tryComplete();
    }
  }

  private void cancelTimer() {
    java.util.concurrent.Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }
}
