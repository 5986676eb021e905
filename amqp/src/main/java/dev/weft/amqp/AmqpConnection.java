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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineFactory;
import org.apache.qpid.protonj2.engine.Link;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.engine.exceptions.EngineStateException;
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
final class AmqpConnection implements Transport.Listener, FrameReader.Sink {
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
  private final Context context;
  private final Transport transport;
  private final Admission admission;
  private final Runnable whenGone;
  private final FrameReader reader = new FrameReader(this);
  private final FrameWriter out = new FrameWriter();
  private final Fields fields = new Fields();
  private final MessagePrefix prefix = new MessagePrefix();
  private final EngineTap tap = new EngineTap();
  private final LinkOpening linkOpening = new LinkOpening(this);
  private final Inbox inbox;
  private final Heartbeat heartbeat;
  private final IntObjectMap<AmqpSession> sessions = new IntObjectHashMap<>(4);
  private final List<AmqpSession> accepting = new ArrayList<>(1);

  private State state = State.HANDSHAKE;
  private @Nullable Engine engine;
  private @Nullable Caller caller;
  private long timer = -1;
  private int links;
  private int sendFrameSizeMax;

  /** The socket takes no more for the moment. */
  private boolean blocked;

  /** Operations that must end before more is read. */
  private int suspended;

  private int unstoredBytes;
  private boolean readingPaused;

  /**
   * @param caller null when the peer has yet to log in by SASL
   */
  AmqpConnection(
      Shared shared,
      Context context,
      Transport transport,
      @Nullable Caller caller,
      Admission admission,
      Runnable whenGone) {
    this.shared = shared;
    this.context = context;
    this.transport = transport;
    this.caller = caller;
    this.admission = admission;
    this.whenGone = whenGone;
    this.sendFrameSizeMax = shared.settings.sendFrameSizeMax();
    this.inbox = new Inbox(context, this::handle, this::endTurn);
    this.heartbeat = new Heartbeat(this, context, shared.clock);
  }

  void start() {
    transport.start(this);
    // Silent until the client speaks (wire reference, rule 11).
    timer = after(settings().handshakeTimeout().toMillis(), () -> end("handshake timeout"));
  }

  // What the parts of a connection share.

  Inbox inbox() {
    return inbox;
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

  int messageSizeMax() {
    return shared.frontDoor.messageSizeMax();
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

  /** Bytes that wait for the disk or for their rest; too many of them stop the reading. */
  void unstored(int bytes) {
    unstoredBytes += bytes;
    if (unstoredBytes > settings().unstoredBytesMax() && !readingPaused) {
      readingPaused = true;
      applyReading();
    }
  }

  void stored(int bytes) {
    unstoredBytes -= bytes;
    if (readingPaused && unstoredBytes <= settings().unstoredBytesMax() / 2) {
      readingPaused = false;
      applyReading();
    }
  }

  private void applyReading() {
    if (state != State.ENDED) {
      transport.reading(!readingPaused && suspended == 0);
    }
  }

  /** The session answers accepted publishes when this turn ends. */
  void endOfTurn(AmqpSession session) {
    accepting.add(session);
  }

  /** Runs what may block on a worker, its end on the event loop. */
  <T> void onWorker(Callable<T> work, Consumer<T> done, Consumer<MeshException> failed) {
    context
        .executeBlocking(work, false)
        .onComplete(
            result ->
                turn(
                    () -> {
                      if (result.succeeded()) {
                        done.accept(result.result());
                      } else if (result.cause() instanceof MeshException reason) {
                        failed.accept(reason);
                      } else {
                        LOG.atError().setCause(result.cause()).log("AMQP request failed");
                        failed.accept(
                            new MeshException.EngineUnavailable("Internal error", result.cause()));
                      }
                    }));
  }

  /** The same, and nothing more is read before it ended: later frames may depend on it. */
  <T> void suspendFor(Callable<T> work, Consumer<T> done, Consumer<MeshException> failed) {
    suspended++;
    applyReading();
    onWorker(
        work,
        value -> {
          goOn(() -> done.accept(value));
        },
        reason -> {
          goOn(() -> failed.accept(reason));
        });
  }

  private void goOn(Runnable first) {
    suspended--;
    if (state != State.ENDED) {
      first.run();
      reader.resume();
      applyReading();
    } else {
      first.run();
    }
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

  // Turns: what happens on the event loop, errors included.

  private void handle(Inbox.Notice notice) {
    guard(notice::arrived);
  }

  private void turn(Runnable work) {
    guard(work);
    endTurn();
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (AmqpFault fault) {
      fail(fault.condition(), fault.getMessage());
    } catch (EngineStateException failed) {
      // The engine told its error handler.
      end("protocol error");
    } catch (RuntimeException failure) {
      LOG.atError()
          .setCause(failure)
          .addKeyValue("peer", transport.peer())
          .log("AMQP connection failed");
      fail(Conditions.INTERNAL_ERROR, "Internal error");
    }
  }

  private void endTurn() {
    for (AmqpSession session : accepting) {
      session.flushAccepted();
    }
    accepting.clear();
    flush();
  }

  void flushIfLarge() {
    if (out.length() >= settings().flushSize()) {
      flush();
    }
  }

  private void flush() {
    if (out.length() > 0) {
      FrameWriter.Batch batch = out.take();
      if (state != State.ENDED) {
        heartbeat.sent();
        transport.send(batch);
        blocked = transport.full();
      }
    }
  }

  // From the socket.

  @Override
  public void received(byte[] bytes, int at, int end) {
    if (state != State.ENDED) {
      heartbeat.received();
      turn(() -> reader.read(bytes, at, end));
    }
  }

  @Override
  public void writable() {
    blocked = false;
    turn(
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
    return suspended == 0 && state != State.ENDED;
  }

  @Override
  public int frameSizeMax() {
    return caller == null ? settings().saslFrameSizeMax() : settings().frameSizeMax();
  }

  @Override
  public void header(byte[] bytes, int at) {
    if (engine == null) {
      engine = engineFor(bytes[at + 4]);
      if (engine == null) {
        return;
      }
    }
    ingest(bytes, at, at + FrameReader.HEADER_LENGTH);
  }

  private @Nullable Engine engineFor(byte protocol) {
    boolean sasl = protocol == AMQPHeader.SASL_PROTOCOL_ID;
    if (!sasl && caller == null) {
      // Nobody comes in without a login.
      AMQPHeader header = AMQPHeader.getSASLHeader();
      byte[] bytes = header.toArray();
      out.raw(bytes, 0, bytes.length);
      end("no login");
      return null;
    }
    Engine created =
        sasl ? EngineFactory.PROTON.createEngine() : EngineFactory.PROTON.createNonSaslEngine();
    tap.install(created.pipeline());
    created.outputHandler(this::write);
    created.errorHandler(failed -> protocolError(failed.failureCause()));
    if (sasl) {
      created.saslDriver().server().setListener(new Login(this, shared.access, caller != null));
    }
    Connection connection = created.connection();
    connection.setContainerId(shared.containerId);
    connection.setMaxFrameSize(settings().frameSizeMax());
    connection.setChannelMax(settings().channelMax());
    connection.setIdleTimeout(settings().idleTimeout().toMillis());
    connection.setOfferedCapabilities(Symbol.valueOf("ANONYMOUS-RELAY"));
    connection.setProperties(Map.of(Symbol.valueOf("product"), "Weft"));
    connection.openHandler(this::opened);
    connection.closeHandler(this::closed);
    connection.sessionOpenHandler(this::sessionOpened);
    connection.senderOpenHandler(linkOpening::opened);
    connection.receiverOpenHandler(linkOpening::opened);
    created.start();
    return created;
  }

  private void write(ProtonBuffer buffer, @Nullable Runnable done) {
    byte[] bytes = new byte[buffer.getReadableBytes()];
    buffer.readBytes(bytes, 0, bytes.length);
    out.raw(bytes, 0, bytes.length);
    buffer.close();
    if (done != null) {
      done.run();
    }
  }

  private void ingest(byte[] bytes, int at, int end) {
    Objects.requireNonNull(engine)
        .ingest(ProtonBufferAllocator.defaultAllocator().copy(bytes, at, end - at));
  }

  @Override
  public void frame(byte[] bytes, int at, int end) {
    int body = at + (bytes[at + 4] & 0xff) * 4;
    if (body < at + FrameReader.HEADER_LENGTH || body > end) {
      throw AmqpFault.framing("A frame's data offset lies outside of it");
    }
    if (engine == null) {
      throw AmqpFault.framing("A frame came before a protocol header");
    }
    if (body == end) {
      return;
    }
    if (state == State.CLOSING && Performatives.code(bytes, body, end) != Performatives.CLOSE) {
      return;
    }
    int code = bytes[at + 5] == 0 && state == State.OPEN ? Performatives.code(bytes, body, end) : 0;
    if (code != Performatives.TRANSFER
        && code != Performatives.FLOW
        && code != Performatives.DISPOSITION) {
      ingest(bytes, at, end);
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
    sendFrameSizeMax = Math.clamp(peerMax, 512, settings().sendFrameSizeMax());
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

  private void protocolError(@Nullable Throwable cause) {
    LOG.atInfo()
        .addKeyValue("peer", transport.peer())
        .addKeyValue("reason", cause == null ? "" : cause.getMessage())
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
    turn(
        () -> {
          if (state != State.OPEN) {
            end(description);
            return;
          }
          sendClose(condition, description);
          releaseSessions();
          state = State.CLOSING;
          timer = after(settings().closeTimeout().toMillis(), () -> end(description));
        });
  }

  /** The peer broke the rules, or we did: it hears why and is gone. */
  private void fail(String condition, @Nullable String description) {
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
    Connection connection = Objects.requireNonNull(engine).connection();
    connection.setCondition(new ErrorCondition(Symbol.valueOf(condition), description));
    connection.close();
  }

  private void releaseSessions() {
    for (AmqpSession session : new ArrayList<>(sessions.values())) {
      session.release();
    }
  }

  /** Whatever the reason: links are released, what was written leaves, the socket closes. */
  private void end(String why) {
    if (state == State.ENDED) {
      return;
    }
    releaseSessions();
    flush();
    state = State.ENDED;
    reader.end();
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
    flush();
  }

  void silent() {
    fail(Conditions.RESOURCE_LIMIT_EXCEEDED, "Nothing was heard for the idle time-out");
  }

  private long after(long millis, Runnable work) {
    return context.owner().setTimer(millis, _ -> turn(work));
  }

  private void cancelTimer() {
    if (timer >= 0) {
      context.owner().cancelTimer(timer);
      timer = -1;
    }
  }
}
