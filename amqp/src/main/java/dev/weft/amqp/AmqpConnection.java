// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.access.AccessControl;
import dev.weft.access.Caller;
import dev.weft.broker.Address;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageIds;
import dev.weft.queue.AppendListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.vertx.core.Context;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.Link;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.transport.AMQPHeader;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One AMQP connection. The protocol engine does what is rare: SASL, open, begin, attach, detach,
 * end, close. Transfers, flows and dispositions never reach it.
 *
 * <p>Belongs to its event loop, entirely; other threads post to {@link #inbox()}.
 */
final class AmqpConnection implements Transport.Listener, FrameReader.Sink, Turns.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(AmqpConnection.class);

  private enum State {
    /** Until the peer's open. */
    HANDSHAKE,
    OPEN,
    /** We sent a close and wait for the peer's. */
    CLOSING,
    /** Nothing is read or written any more. */
    ENDED
  }

  /** What connections of one door share. */
  record Shared(
      FrontDoor frontDoor,
      AccessControl access,
      AmqpSettings settings,
      MessageIds messageIds,
      String containerId,
      InstantSource clock) {}

  /** Takes a connection of the caller's instance, or refuses it. */
  interface Admission {
    boolean admit(Caller caller);
  }

  private final Shared shared;
  private final Transport transport;
  private final Admission admission;
  private final Runnable whenGone;
  private final FrameReader reader = new FrameReader(this);
  private final FrameWriter out;
  private final Fields fields = new Fields();
  private final MessagePrefix prefix = new MessagePrefix();
  private final EngineTap tap = new EngineTap();
  private final LinkOpening linkOpening = new LinkOpening(this);
  private final Intake intake;
  private final Turns turns;
  private final Heartbeat heartbeat;
  private final IntObjectMap<AmqpSession> sessions = new IntObjectHashMap<>(4);

  private State state = State.HANDSHAKE;
  private @Nullable ProtocolEngine engine;
  private @Nullable Caller caller;
  private @Nullable Future<?> timer;
  private int links;
  private int sendFrameSizeMax;

  /** The socket takes no more for the moment. */
  private boolean blocked;

  /**
   * @param caller null when the peer has yet to log in by SASL
   */
  AmqpConnection(
      Shared shared,
      Context context,
      LoopBuffers buffers,
      Transport transport,
      @Nullable Caller caller,
      Admission admission,
      Runnable whenGone) {
    this.shared = shared;
    this.transport = transport;
    this.out = new FrameWriter(buffers);
    this.caller = caller;
    this.admission = admission;
    this.whenGone = whenGone;
    this.sendFrameSizeMax = shared.settings.sendSizeMax();
    this.intake = new Intake(transport, shared.settings.unstoredBytesMax());
    this.turns = new Turns(context, out, shared.settings.sendSizeMax(), this);
    this.heartbeat = new Heartbeat(this, shared.clock);
  }

  void start() {
    transport.start(this);
    // Silent until the client speaks (wire reference, rule 11).
    timer = turns.after(settings().handshakeTimeout().toMillis(), () -> end("handshake timeout"));
  }

  // What the parts of a connection share.

  Turns turns() {
    return turns;
  }

  Inbox inbox() {
    return turns.inbox();
  }

  FrameWriter out() {
    return out;
  }

  MessagePrefix prefix() {
    return prefix;
  }

  EngineTap tap() {
    return tap;
  }

  AmqpSettings settings() {
    return shared.settings;
  }

  FrontDoor frontDoor() {
    return shared.frontDoor;
  }

  MessageIds messageIds() {
    return shared.messageIds;
  }

  int sendFrameSizeMax() {
    return sendFrameSizeMax;
  }

  boolean blocked() {
    return blocked;
  }

  Caller caller() {
    return Objects.requireNonNull(caller, "links come after the login");
  }

  @Nullable AmqpSession session(int peerChannel) {
    return sessions.get(peerChannel);
  }

  boolean linksFull() {
    return links > settings().linksMax();
  }

  void linkOpened() {
    links++;
  }

  void linkClosed() {
    links--;
  }

  void publish(Address address, Message message, AppendListener listener) {
    shared.frontDoor.publish(caller(), address, message, listener);
  }

  Intake intake() {
    return intake;
  }

  /**
   * Runs what may block; nothing more is read before it ended, as later frames may depend on it.
   */
  <T> void suspendFor(Callable<T> work, Consumer<T> done, Consumer<MeshException> failed) {
    intake.suspend();
    turns.onWorker(
        work, value -> goOn(() -> done.accept(value)), reason -> goOn(() -> failed.accept(reason)));
  }

  private void goOn(Runnable first) {
    intake.resume();
    first.run();
    reader.resume();
  }

  /** Ends our side of a link with an error. */
  void detach(
      Link<?> engineLink,
      AmqpSession session,
      AmqpLink link,
      String condition,
      @Nullable String description) {
    session.closeLink(link);
    engineLink.setCondition(new ErrorCondition(Symbol.valueOf(condition), description));
    engineLink.close();
  }

  @Override
  public void send(byte[] bytes, int length) {
    if (state != State.ENDED) {
      heartbeat.sent();
      transport.send(bytes, length, settings().sendSizeMax());
      blocked = transport.full();
    }
  }

  // From the socket.

  @Override
  public void received(byte[] bytes, int at, int end) {
    if (state != State.ENDED) {
      heartbeat.received();
      turns.run(() -> reader.read(bytes, at, end));
    }
  }

  @Override
  public void writable() {
    blocked = false;
    turns.run(
        () -> {
          for (AmqpSession session : new ArrayList<>(sessions.values())) {
            session.writable();
          }
        });
  }

  @Override
  public void gone() {
    end("socket closed");
    whenGone.run();
  }

  // From the reader.

  @Override
  public boolean reading() {
    return !intake.suspended() && state != State.ENDED;
  }

  @Override
  public int frameSizeMax() {
    return caller == null ? settings().saslFrameSizeMax() : settings().frameSizeMax();
  }

  @Override
  public void header(byte[] bytes, int at) {
    ProtocolEngine live = engine;
    if (live == null) {
      live = engineFor(bytes[at + 4]);
    }
    if (live != null) {
      live.ingest(bytes, at, at + FrameReader.HEADER_LENGTH);
    }
  }

  private @Nullable ProtocolEngine engineFor(byte protocol) {
    boolean sasl = protocol == AMQPHeader.SASL_PROTOCOL_ID;
    if (!sasl && caller == null) {
      // Nobody comes in without a login.
      byte[] answer = AMQPHeader.getSASLHeader().toArray();
      out.raw(answer, 0, answer.length);
      end("no login");
      return null;
    }
    Login login = sasl ? new Login(this, shared.access, caller != null) : null;
    ProtocolEngine created = new ProtocolEngine(out, tap, linkOpening::arriving, login);
    created.introduce(settings(), shared.containerId);
    created
        .connection()
        .openHandler(this::opened)
        .closeHandler(this::closed)
        .sessionOpenHandler(this::sessionOpened)
        .senderOpenHandler(linkOpening::opened)
        .receiverOpenHandler(linkOpening::opened);
    created.start(this::engineFailed);
    engine = created;
    return created;
  }

  @Override
  public void frame(byte[] bytes, int at, int end) {
    int body = at + (bytes[at + 4] & 0xff) * 4;
    if (body < at + FrameReader.HEADER_LENGTH || body > end) {
      throw AmqpFault.framing("A frame's data offset lies outside of it");
    }
    ProtocolEngine live = engine;
    if (live == null) {
      throw AmqpFault.framing("A frame came before a protocol header");
    }
    if (body == end) {
      return;
    }
    int code = bytes[at + 5] == 0 ? Performatives.code(bytes, body, end) : Performatives.OTHER_TYPE;
    if (state == State.CLOSING && code != Performatives.CLOSE) {
      return;
    }
    if (state != State.OPEN || !Performatives.isOfLinks(code)) {
      live.ingest(bytes, at, end);
      return;
    }
    int channel = (bytes[at + 6] & 0xff) << 8 | (bytes[at + 7] & 0xff);
    AmqpSession session = sessions.get(channel);
    if (session == null) {
      throw AmqpFault.framing("Channel " + channel + " has no session");
    }
    fields.enter(bytes, Performatives.listAt(bytes, body), end);
    switch (code) {
      case Performatives.TRANSFER -> session.transfer(fields, bytes, end);
      case Performatives.FLOW -> session.flow(fields);
      default -> session.disposition(fields);
    }
  }

  // From the protocol engine.

  private void opened(Connection connection) {
    if (caller == null) {
      throw AmqpFault.framing("open before login");
    }
    long peerMax = connection.getRemoteMaxFrameSize();
    sendFrameSizeMax = Math.clamp(peerMax, 512, settings().sendSizeMax());
    state = State.OPEN;
    cancelTimer();
    connection.open();
    heartbeat.start(settings().idleTimeout().toMillis(), connection.getRemoteIdleTimeout());
    LOG.atDebug()
        .addKeyValue("client", caller().clientId())
        .addKeyValue("container", connection.getRemoteContainerId())
        .addKeyValue("peer", transport.peer())
        .log("AMQP connection opened");
  }

  private void sessionOpened(Session engineSession) {
    var begin = tap.remoteBegin();
    int peerChannel = tap.remoteChannel();
    AmqpSession session =
        new AmqpSession(
            this, engineSession, (int) begin.getNextOutgoingId(), begin.getIncomingWindow());
    engineSession.setLinkedResource(session);
    engineSession.closeHandler(_ -> sessionEnded(engineSession, session, peerChannel));
    boolean full = sessions.size() >= settings().sessionsMax();
    sessions.put(peerChannel, session);
    engineSession.open();
    session.begun(tap.localChannel());
    if (full) {
      session.fail(
          Conditions.RESOURCE_LIMIT_EXCEEDED,
          "At most " + settings().sessionsMax() + " sessions per connection");
    }
  }

  private void sessionEnded(Session engineSession, AmqpSession session, int peerChannel) {
    sessions.remove(peerChannel);
    links -= session.links();
    session.release();
    engineSession.close();
  }

  private void closed(Connection connection) {
    connection.close();
    end("closed by the peer");
  }

  private void engineFailed() {
    String reason = Objects.requireNonNull(engine).failure();
    var own = tap.ownFailure();
    var event = own == null ? LOG.atInfo() : LOG.atError().setCause(own);
    event
        .addKeyValue("peer", transport.peer())
        .addKeyValue("reason", reason)
        .log("AMQP protocol error");
    end("protocol error");
  }

  // From the login.

  /** Whether the caller who logged in may have a connection. */
  boolean admit(Caller authenticated) {
    if (!admission.admit(authenticated)) {
      return false;
    }
    caller = authenticated;
    return true;
  }

  void loginRefused(String why) {
    LOG.atInfo()
        .addKeyValue("peer", transport.peer())
        .addKeyValue("reason", why)
        .log("AMQP login refused");
    end("login refused");
  }

  // The end.

  /** Closes in order: the peer hears why, and has a moment to answer. Only on the event loop. */
  void close(String condition, String description) {
    turns.run(
        () -> {
          if (state != State.OPEN) {
            end(description);
            return;
          }
          sendClose(condition, description);
          releaseSessions();
          state = State.CLOSING;
          timer = turns.after(settings().closeTimeout().toMillis(), () -> end(description));
        });
  }

  /** The peer broke the rules, or we did: it hears why and is gone. */
  @Override
  public void fail(String condition, @Nullable String description) {
    if (state == State.ENDED) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("peer", transport.peer())
        .addKeyValue("condition", condition)
        .addKeyValue("reason", String.valueOf(description))
        .log("AMQP connection closed by us");
    if (state == State.OPEN) {
      try {
        sendClose(condition, description);
      } catch (RuntimeException failure) {
        LOG.atDebug().setCause(failure).log("AMQP close not sent");
      }
    }
    end(condition);
  }

  private void sendClose(String condition, @Nullable String description) {
    Objects.requireNonNull(engine).close(condition, description);
  }

  private void releaseSessions() {
    for (AmqpSession session : new ArrayList<>(sessions.values())) {
      session.release();
    }
  }

  /** Whatever the reason: links are released, what was written leaves, the socket closes. */
  @Override
  public void end(String why) {
    if (state == State.ENDED) {
      return;
    }
    releaseSessions();
    turns.flush();
    state = State.ENDED;
    reader.end();
    intake.end();
    cancelTimer();
    heartbeat.stop();
    transport.close(Transport.CLOSE_NORMAL);
    LOG.atDebug()
        .addKeyValue("peer", transport.peer())
        .addKeyValue("reason", why)
        .log("AMQP connection ended");
  }

  /** Says that we live, when the peer wants to hear it. */
  void beat() {
    out.emptyFrame();
    turns.flush();
  }

  void silent() {
    fail(Conditions.RESOURCE_LIMIT_EXCEEDED, "Nothing was heard for the idle time-out");
  }

  private void cancelTimer() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }
}
