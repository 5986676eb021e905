// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A broker of one queue in memory behind a real WebSocket: accepts everything, delivers with
 * credit, and misbehaves when told to. One virtual thread a connection; one lock for all.
 */
final class FakeBroker implements AutoCloseable {
  /** What a broker may do wrong. */
  enum Vice {
    NONE,
    /** Accepts the hundredth message and forgets it. */
    LOSES,
    /** Delivers the hundredth message twice. */
    DOUBLES,
    /** Rejects the hundredth message. */
    REJECTS,
    /** Answers the upgrade with 401. */
    REFUSES
  }

  private final ServerSocket server;
  private final Vice vice;
  private final Target.Wire wire;
  private final List<Session> sessions = new ArrayList<>();
  private final Queue<byte[]> messages = new ArrayDeque<>(); // Bounded by the load of a test.
  private int published;
  private int attached;
  private int released;

  FakeBroker(Vice vice) throws IOException {
    this(vice, Target.Wire.WEBSOCKET);
  }

  FakeBroker(Vice vice, Target.Wire wire) throws IOException {
    this.vice = vice;
    this.wire = wire;
    server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  Target target() {
    return new Target(
        wire, "127.0.0.1", server.getLocalPort(), "/", "Bearer x", "queue:q", "queue:q", "queue:q");
  }

  /** Links that are attached. */
  synchronized int attached() {
    return attached;
  }

  /** Deliveries given back. */
  synchronized int released() {
    return released;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> new Session(socket).run());
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private synchronized void publish(byte[] message) {
    published++;
    if (published != 100 || vice != Vice.LOSES) {
      messages.add(message);
    }
    if (published == 100 && vice == Vice.DOUBLES) {
      messages.add(message);
    }
    deliver();
  }

  private synchronized void deliver() {
    for (Session session : sessions) {
      while (session.credit > 0 && !messages.isEmpty()) {
        session.credit--;
        session.transfer(messages.remove());
      }
    }
  }

  /** One connection with its one link. */
  private final class Session {
    private final Socket socket;
    private final AmqpWriter writer = new AmqpWriter(200_000);
    private final int[] end = new int[1];
    private int credit;
    private int delivered;

    /** By delivery; guarded by the broker. */
    private final Map<Integer, byte[]> unsettled = new LinkedHashMap<>();

    Session(Socket socket) {
      this.socket = socket;
    }

    void run() {
      try (socket) {
        if (wire == Target.Wire.TCP || upgrade()) {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          while (true) {
            byte[] frame = wire == Target.Wire.TCP ? plain(in) : message(in);
            if (frame == null) {
              return;
            }
            frame(frame);
          }
        }
      } catch (IOException e) {
        // The client left.
      }
    }

    /** The next frame, or protocol header of eight bytes. */
    private static byte[] plain(DataInputStream in) throws IOException {
      int first = in.readInt();
      int length = first == ByteBuffer.wrap(Performatives.AMQP_HEADER).getInt() ? 8 : first;
      ByteBuffer frame = ByteBuffer.allocate(length).putInt(first);
      in.readFully(frame.array(), 4, length - 4);
      return frame.array();
    }

    private boolean upgrade() throws IOException {
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), 1);
      String key = "";
      for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
        if (line.startsWith("Sec-WebSocket-Key: ")) {
          key = line.substring(19);
        }
      }
      String answer =
          vice == Vice.REFUSES
              ? "HTTP/1.1 401 Unauthorized\r\n\r\n"
              : "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: amqp\r\n"
                  + "Sec-WebSocket-Accept: "
                  + UpgradeExchange.accept(key)
                  + "\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      return vice != Vice.REFUSES;
    }

    /** The payload of the next WebSocket frame; null for a close. */
    private byte @Nullable [] message(DataInputStream in) throws IOException {
      int opcode = in.readUnsignedByte() & 0x0f;
      int length = in.readUnsignedByte() & 0x7f;
      length = length < 126 ? length : length == 126 ? in.readUnsignedShort() : (int) in.readLong();
      byte[] mask = new byte[4];
      byte[] payload = new byte[length];
      in.readFully(mask);
      in.readFully(payload);
      for (int i = 0; i < length; i++) {
        payload[i] ^= mask[i & 3];
      }
      return opcode == WebSocketWriter.CLOSE ? null : payload;
    }

    private void frame(byte[] bytes) {
      if (bytes[0] == 'A') {
        send(bytes);
        if (bytes[4] == 3) {
          writer.clear().frame(Code.SASL_FRAME, 0, Code.SASL_MECHANISMS).symbol("ANONYMOUS");
          send(writer.performativeEnd().frameEnd().bytes());
        }
        return;
      }
      ByteBuffer frame = ByteBuffer.wrap(bytes).position(8);
      if (!frame.hasRemaining()) {
        return; // A heartbeat.
      }
      switch (AmqpReader.descriptor(frame)) {
        case Code.SASL_INIT -> reply(Code.SASL_FRAME, Code.SASL_OUTCOME, w -> w.ubyte(0));
        case Code.OPEN -> reply(Code.AMQP_FRAME, Code.OPEN, w -> w.string("fake"));
        case Code.BEGIN ->
            reply(Code.AMQP_FRAME, Code.BEGIN, w -> w.ushort(0).uint(0).uint(5000).uint(5000));
        case Code.ATTACH -> attach(AmqpReader.fields(frame));
        case Code.FLOW -> flow(AmqpReader.fields(frame));
        case Code.TRANSFER -> published(frame);
        case Code.DISPOSITION -> settled(frame);
        case Code.DETACH -> detach();
        case Code.CLOSE -> reply(Code.AMQP_FRAME, Code.CLOSE, w -> {});
        default -> {}
      }
    }

    /** A consumer that leaves gives back what it has not settled. */
    private void detach() {
      synchronized (FakeBroker.this) {
        attached--;
        credit = 0;
        messages.addAll(unsettled.values());
        unsettled.clear();
      }
      reply(Code.AMQP_FRAME, Code.DETACH, w -> w.uint(0).bool(true));
    }

    private void settled(ByteBuffer frame) {
      AmqpReader.list(frame, end);
      AmqpReader.skip(frame);
      int first = AmqpReader.uint(frame, 0);
      int last = AmqpReader.uint(frame, first);
      AmqpReader.skip(frame);
      boolean isReleased = AmqpReader.descriptor(frame) == Code.RELEASED;
      synchronized (FakeBroker.this) {
        for (int id = first; id <= last; id++) {
          byte[] message = unsettled.remove(id);
          if (isReleased && message != null) {
            messages.add(message);
            released++;
          }
        }
      }
      deliver();
    }

    private void attach(List<@Nullable Object> fields) {
      synchronized (FakeBroker.this) {
        attached++;
      }
      boolean receiver = Boolean.TRUE.equals(fields.get(2));
      reply(
          Code.AMQP_FRAME,
          Code.ATTACH,
          w -> {
            w.string(String.valueOf(fields.get(0))).uint(0).bool(!receiver).ubyte(0).ubyte(0);
            w.list(Code.SOURCE).string("queue:q").end();
            w.list(Code.TARGET).string("queue:q").end();
            w.nothing(2).uint(0);
          });
      if (receiver) {
        synchronized (FakeBroker.this) {
          sessions.add(this);
        }
      } else {
        grant(0);
      }
    }

    /** Credit and session window of a publisher, both small so that a test renews them. */
    private void grant(int count) {
      reply(
          Code.AMQP_FRAME,
          Code.FLOW,
          w -> w.uint(count).uint(50).uint(0).uint(50).uint(0).uint(count).uint(40));
    }

    private void flow(List<@Nullable Object> fields) {
      synchronized (FakeBroker.this) {
        credit = Link.uint(fields, 5, 0) + Link.uint(fields, 6, 0) - delivered;
      }
      deliver();
    }

    private void published(ByteBuffer frame) {
      AmqpReader.list(frame, end);
      AmqpReader.skip(frame);
      int id = AmqpReader.uint(frame, 0);
      frame.position(end[0]);
      byte[] message = new byte[frame.remaining()];
      frame.get(message);
      boolean rejected = vice == Vice.REJECTS && id == 99;
      if (!rejected) {
        publish(message);
      }
      int outcome = rejected ? 0x25 : Code.ACCEPTED;
      reply(
          Code.AMQP_FRAME,
          Code.DISPOSITION,
          w -> w.bool(true).uint(id).nothing().bool(true).list(outcome).end());
      if (id % 20 == 19) {
        grant(id + 1);
      }
    }

    /** Cuts the delivery into two frames, which a client has to put together. */
    private void transfer(byte[] message) {
      int cut = message.length - 20;
      int id = delivered++;
      unsettled.put(id, message);
      send(part(id, true, message, 0, cut));
      send(part(id, false, message, cut, message.length - cut));
    }

    private synchronized byte[] part(int id, boolean more, byte[] message, int from, int length) {
      writer.clear().frame(Code.AMQP_FRAME, 0, Code.TRANSFER).uint(0).uint(id).nothing();
      writer.uint(0).bool(false).bool(more).performativeEnd();
      byte[] head = writer.bytes();
      ByteBuffer frame = ByteBuffer.allocate(head.length + length);
      frame.put(head).put(message, from, length).putInt(0, frame.capacity());
      return frame.array();
    }

    private void reply(int type, int code, java.util.function.Consumer<AmqpWriter> fields) {
      byte[] frame;
      synchronized (this) {
        writer.clear().frame(type, 0, code);
        fields.accept(writer);
        frame = writer.performativeEnd().frameEnd().bytes();
      }
      send(frame);
    }

    private synchronized void send(byte[] frame) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (wire == Target.Wire.WEBSOCKET) {
        webSocketHeader(bytes, frame);
      }
      bytes.writeBytes(frame);
      try {
        OutputStream out = socket.getOutputStream();
        out.write(bytes.toByteArray());
      } catch (IOException e) {
        // The client left; its reader ends too.
      }
    }

    private static void webSocketHeader(ByteArrayOutputStream bytes, byte[] frame) {
      bytes.write(0x82);
      if (frame.length < 126) {
        bytes.write(frame.length);
      } else {
        bytes.write(126);
        bytes.writeBytes(ByteBuffer.allocate(2).putShort((short) frame.length).array());
      }
    }
  }
}
