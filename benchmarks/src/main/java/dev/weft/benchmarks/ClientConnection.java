// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One socket with one AMQP connection, one session and one link. Owned by the generator's thread; a
 * step of the handshake is sent when the step before is answered.
 */
final class ClientConnection implements Framing.Listener {
  /** Bytes of each of the two buffers of a connection that carries load. */
  static final int BUFFER = 256 * 1024;

  /** The same for one that does next to nothing: an upgrade with its token fits. */
  static final int BUFFER_SMALL = 8 * 1024;

  /** Room that transfers leave free, so that a flow or a pong always has a place. */
  private static final int RESERVE = 8 * 1024;

  private static final byte[] EMPTY_FRAME = {0, 0, 0, 8, 2, 0, 0, 0};

  private static final List<String> STAGES = List.of("greeting", "SASL", "open", "begin", "attach");

  private final Target target;
  private final String container;
  private final Link link;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final Framing framing;
  private final AmqpWriter writer = new AmqpWriter(1024);
  private final ByteBuffer in;
  private final ByteBuffer out;
  private boolean open;
  private boolean closing;
  private boolean closed;
  private int stage;
  private int peerFrameMax = Integer.MAX_VALUE;
  private long now;
  private long lastWrite;

  /**
   * @param buffer bytes of each of its two buffers
   */
  ClientConnection(
      Target target,
      String container,
      Link link,
      Selector selector,
      RandomGenerator random,
      int buffer)
      throws IOException {
    this.target = target;
    this.container = container;
    this.link = link;
    framing =
        switch (target.wire()) {
          case WEBSOCKET -> new WebSocketFraming(target, this, random);
          case TCP -> new PlainFraming(this);
        };
    in = ByteBuffer.allocateDirect(buffer);
    out = ByteBuffer.allocateDirect(buffer);
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    channel.connect(new InetSocketAddress(target.host(), target.port()));
  }

  /** Does what the selector found to be possible. */
  void selected(long nanos) throws IOException {
    now = nanos;
    if (key.isConnectable() && channel.finishConnect()) {
      key.interestOps(SelectionKey.OP_READ);
      out.put(framing.greeting());
      in.flip();
      greeted();
      in.compact();
    }
    if (key.isReadable()) {
      read();
    }
  }

  private void read() throws IOException {
    int length = received();
    if (length < 0) {
      if (!closing) {
        throw new ProtocolViolation(container + ": the server hung up");
      }
      shut();
      return;
    }
    in.flip();
    if (!open) {
      greeted();
    }
    if (open) {
      framing.read(in);
      if (!closing) {
        link.turnEnded(this);
      }
    }
    in.compact();
  }

  private void greeted() {
    if (framing.greeted(in)) {
      open = true;
      stage++;
      send(Performatives.SASL_HEADER);
    }
  }

  /** Reads what is there; -1 at the end, which a reset is too. */
  private int received() {
    try {
      return channel.read(in);
    } catch (IOException e) {
      return -1;
    }
  }

  /** Whether a transfer frame of this length fits now. */
  boolean hasRoom(int length) {
    if (length > peerFrameMax) {
      throw new ProtocolViolation(
          "a message needs a frame of " + length + " bytes, the server takes " + peerFrameMax);
    }
    return out.remaining() >= framing.size(length) + RESERVE;
  }

  /** Appends one frame; it leaves with the next {@link #flush}. */
  void send(byte[] frame) {
    framing.write(out, frame);
  }

  void send(AmqpWriter frame) {
    send(frame.bytes());
  }

  /** A writer for one short frame. */
  AmqpWriter writer() {
    return writer;
  }

  /** Writes what the socket takes. */
  void flush(long nanos) throws IOException {
    if (out.position() > 0 && !closed && channel.isConnected()) {
      out.flip();
      channel.write(out);
      out.compact();
      lastWrite = nanos;
      int ops = out.position() > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : 1;
      if (key.isValid() && key.interestOps() != ops) {
        key.interestOps(ops);
      }
    }
  }

  /** Sends an empty frame when nothing was sent for so long that the server may wonder. */
  void heartbeat(long nanos, long idleNanos) {
    if (stage == STAGES.size() && !closing && nanos - lastWrite > idleNanos) {
      send(EMPTY_FRAME);
    }
  }

  /**
   * Starts the close; {@link #isClosed} tells when the server has answered. The link goes first: a
   * server may work off what came on it beside the connection, and drop what is left at its end.
   */
  void close() {
    if (!closing) {
      closing = true;
      send(stage == STAGES.size() ? Performatives.detach(writer) : Performatives.close(writer));
    }
  }

  /** Ends the connection without a word. */
  void shut() throws IOException {
    closed = true;
    key.cancel();
    channel.close();
  }

  boolean isClosed() {
    return closed;
  }

  boolean isReady() {
    return stage == STAGES.size() && link.ready();
  }

  /** The step of the handshake that is not answered yet. */
  String waitingFor() {
    return container + ": " + (stage < STAGES.size() ? STAGES.get(stage) : "credit");
  }

  @Override
  public void frame(ByteBuffer frame) {
    int at = frame.position();
    if (frame.get(at) == 'A') {
      if (frame.get(at + 4) == 0) {
        send(Performatives.open(writer, container, target.host()));
      }
      return;
    }
    frame.position(at + 4 * frame.get(at + 4));
    if (!frame.hasRemaining()) {
      return;
    }
    int code = AmqpReader.descriptor(frame);
    switch (code) {
      case Code.TRANSFER -> link.transfer(frame, now);
      case Code.DISPOSITION -> link.disposition(frame);
      default -> rare(code, AmqpReader.fields(frame));
    }
  }

  private void rare(int code, List<@Nullable Object> fields) {
    switch (code) {
      case Code.SASL_MECHANISMS -> send(Performatives.saslInit(writer));
      case Code.SASL_OUTCOME -> {
        if (Link.uint(fields, 0, -1) != 0) {
          throw new ProtocolViolation("SASL outcome " + fields);
        }
        stage++;
        send(Performatives.AMQP_HEADER);
      }
      case Code.OPEN -> {
        stage++;
        int max = Link.uint(fields, 2, -1);
        peerFrameMax = max < 0 ? Integer.MAX_VALUE : max;
        send(Performatives.begin(writer));
      }
      case Code.BEGIN -> {
        stage++;
        link.begun(fields);
        send(link.attach(writer));
      }
      case Code.ATTACH -> {
        stage++;
        link.attached(fields);
      }
      case Code.FLOW -> link.flow(this, fields);
      case Code.DETACH, Code.END, Code.CLOSE -> {
        if (!closing) {
          throw new ProtocolViolation(container + ": the server ended it, " + fields);
        }
        if (code == Code.DETACH) {
          send(Performatives.close(writer));
          return;
        }
        closed = !framing.leave(out);
      }
      default -> throw new ProtocolViolation("a frame with descriptor " + code);
    }
  }

  @Override
  public void ping(byte[] payload) {
    if (framing instanceof WebSocketFraming webSocket) {
      webSocket.pong(out, payload);
    }
  }

  @Override
  public void closed(String reason) {
    if (!closing) {
      throw new ProtocolViolation(container + ": the server closed the connection, " + reason);
    }
    closed = true;
  }
}
