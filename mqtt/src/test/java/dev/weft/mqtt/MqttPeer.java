// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that says and hears exactly the bytes that a test wants. */
final class MqttPeer implements AutoCloseable {
  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int SUBACK = 9;
  static final int UNSUBACK = 11;
  static final int PINGRESP = 13;

  private final WebSocket socket;

  /** Vert.x closes the connections of a client that nobody refers to. */
  private final WebSocketClient client;

  private final BlockingQueue<Packet> heard = new ArrayBlockingQueue<>(100_000);
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private volatile boolean acknowledging = true;

  /** One packet of the server, without its fixed header. */
  record Packet(int type, int flags, byte[] content) {
    int qos() {
      return (flags >> 1) & 3;
    }

    boolean dup() {
      return (flags & 8) != 0;
    }

    boolean retain() {
      return (flags & 1) != 0;
    }

    String hex() {
      return HexFormat.of().formatHex(content);
    }

    private int topicLength() {
      return ByteBuffer.wrap(content).getShort();
    }

    String topic() {
      return new String(content, 2, topicLength(), UTF_8);
    }

    /** Of a PUBLISH of QoS 1, or of an acknowledgement. */
    int packetId() {
      int at = type == PUBLISH ? 2 + topicLength() : 0;
      return ByteBuffer.wrap(content).getShort(at) & 0xffff;
    }

    String body() {
      int at = 2 + topicLength() + (qos() > 0 ? 2 : 0);
      return new String(content, at, content.length - at, UTF_8);
    }
  }

  private MqttPeer(WebSocketClient client, WebSocket socket) {
    this.client = client;
    this.socket = socket;
  }

  static MqttPeer connect(Vertx vertx, int port) {
    WebSocketClient client =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxFrameSize(65_536));
    WebSocket socket =
        DoorUnderTest.get(
            client.connect(
                new WebSocketConnectOptions()
                    .setHost("localhost")
                    .setPort(port)
                    .setURI(MqttDoor.PATH)
                    .addSubProtocol(MqttDoor.SUBPROTOCOL)));
    MqttPeer peer = new MqttPeer(client, socket);
    socket.closeHandler(
        _ ->
            peer.closed.complete(
                socket.closeStatusCode() == null ? 1006 : (int) socket.closeStatusCode()));
    socket.frameHandler(
        frame -> {
          if (frame.isBinary() || frame.isContinuation()) {
            peer.received(frame.binaryData().getBytes());
          }
        });
    return peer;
  }

  private void received(byte[] bytes) {
    pending.writeBytes(bytes);
    byte[] all = pending.toByteArray();
    int at = 0;
    while (all.length - at >= 2) {
      int length = 0;
      int header = 1;
      byte last;
      do {
        if (at + header >= all.length) {
          return;
        }
        last = all[at + header];
        length |= (last & 0x7f) << (7 * (header - 1));
        header++;
      } while (last < 0);
      if (all.length - at < header + length) {
        break;
      }
      Packet packet =
          new Packet(
              (all[at] & 0xff) >> 4,
              all[at] & 0xf,
              Arrays.copyOfRange(all, at + header, at + header + length));
      if (acknowledging && packet.type == PUBLISH && packet.qos() > 0) {
        puback(packet.packetId());
      }
      heard.add(packet);
      at += header + length;
    }
    pending.reset();
    pending.write(all, at, all.length - at);
  }

  // Speaking.

  WebSocket socket() {
    return socket;
  }

  /** Leaves what comes unacknowledged from now on. */
  MqttPeer silent() {
    acknowledging = false;
    return this;
  }

  MqttPeer send(String hex) {
    return send(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  MqttPeer send(byte[] bytes) {
    socket.writeFinalBinaryFrame(Buffer.buffer(bytes));
    return this;
  }

  MqttPeer sendText(String text) {
    socket.writeFinalTextFrame(text);
    return this;
  }

  static byte[] packet(int first, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    int rest = content.size();
    while (rest > 0x7f) {
      out.write((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    out.write(rest);
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  static byte[] join(byte[]... packets) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] packet : packets) {
      all.writeBytes(packet);
    }
    return all.toByteArray();
  }

  /** With its length in front. */
  static byte[] text(String text) {
    return binary(text.getBytes(UTF_8));
  }

  static byte[] binary(byte[] bytes) {
    return ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array();
  }

  static byte[] number(int number) {
    return new byte[] {(byte) (number >> 8), (byte) number};
  }

  /**
   * @param parts the payload: client id, and what the flags announce
   */
  static byte[] connect(int flags, int keepAlive, byte[]... parts) {
    byte[][] all = new byte[parts.length + 3][];
    all[0] = text("MQTT");
    all[1] = new byte[] {4, (byte) flags};
    all[2] = number(keepAlive);
    System.arraycopy(parts, 0, all, 3, parts.length);
    return packet(0x10, all);
  }

  static byte[] publish(int flags, String topic, int packetId, String body) {
    byte[] id = (flags & 6) == 0 ? new byte[0] : number(packetId);
    return packet(0x30 | flags, text(topic), id, body.getBytes(UTF_8));
  }

  static byte[] subscribe(int packetId, String filter, int qos) {
    return packet(0x82, number(packetId), text(filter), new byte[] {(byte) qos});
  }

  static byte[] unsubscribe(int packetId, String filter) {
    return packet(0xa2, number(packetId), text(filter));
  }

  MqttPeer puback(int packetId) {
    return send(packet(0x40, number(packetId)));
  }

  // Hearing.

  Packet next() {
    try {
      Packet packet = heard.poll(DoorUnderTest.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (packet == null) {
        throw new AssertionError("nothing was heard, closed: " + closed + why());
      }
      return packet;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  Packet next(int type) {
    Packet packet = next();
    assertThat(packet.type).isEqualTo(type);
    return packet;
  }

  /** The next packet, null when the socket closed. */
  @Nullable Packet nextOrClosed() {
    try {
      while (!closed.isDone() || !heard.isEmpty()) {
        Packet packet = heard.poll(10, TimeUnit.MILLISECONDS);
        if (packet != null) {
          return packet;
        }
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The next packet, null when none comes within a fifth of a second. */
  @Nullable Packet nextSoon() {
    try {
      return heard.poll(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Nothing was said before the answer to a ping, which would have come later. */
  void expectNothing() {
    send("c000");
    next(PINGRESP);
  }

  /** The WebSocket close code. */
  int awaitClosed() {
    Objects.requireNonNull(client);
    return closed.orTimeout(DoorUnderTest.PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** What the close said. */
  String why() {
    return String.valueOf(socket.closeReason());
  }

  // Common exchanges.

  /** A session that ends with its connection. */
  MqttPeer connected(String clientId) {
    assertThat(connack(connect(2, 0, text(clientId)))).isEqualTo("0000");
    return this;
  }

  /** A session that outlives its connection; whether it was there before. */
  boolean resumed(String clientId) {
    String answer = connack(connect(0, 0, text(clientId)));
    assertThat(answer).isIn("0000", "0100");
    return answer.equals("0100");
  }

  /** Session present and return code, in hex. */
  String connack(byte[] connect) {
    return send(connect).next(CONNACK).hex();
  }

  /** The granted QoS, or 0x80. */
  int subscribed(String filter, int qos) {
    Packet answer = send(subscribe(7, filter, qos)).next(SUBACK);
    assertThat(answer.packetId()).isEqualTo(7);
    return answer.content[2] & 0xff;
  }

  /** Publishes with QoS 1 and waits for the acknowledgement. */
  void published(String topic, String body) {
    published(2, topic, body);
  }

  void published(int flags, String topic, String body) {
    send(publish(flags, topic, 99, body));
    assertThat(next(PUBACK).packetId()).isEqualTo(99);
  }

  @Override
  public void close() {
    socket.close();
  }
}
