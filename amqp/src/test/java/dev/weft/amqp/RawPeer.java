// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetSocket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.codec.CodecFactory;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.codec.Encoder;
import org.apache.qpid.protonj2.types.messaging.Section;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.transport.Attach;
import org.apache.qpid.protonj2.types.transport.Begin;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.apache.qpid.protonj2.types.transport.Disposition;
import org.apache.qpid.protonj2.types.transport.Flow;
import org.apache.qpid.protonj2.types.transport.Open;
import org.apache.qpid.protonj2.types.transport.Role;
import org.apache.qpid.protonj2.types.transport.Transfer;
import org.jspecify.annotations.Nullable;

/** A client that says and hears exactly what the test wants, frame by frame. */
final class RawPeer implements AutoCloseable {
  static final String SASL_HEADER = "414d515003010000";
  static final String AMQP_HEADER = "414d515000010000";
  static final String SASL_ANONYMOUS =
      "0000001b 02010000 005341 c00e 02 a309 414e4f4e594d4f5553 a000";

  /** One frame that the door sent. */
  record Heard(int channel, Object body, byte[] payload, byte[] frame) {}

  private final BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(100_000);
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private final Decoder amqp = CodecFactory.getDefaultDecoder();
  private final Decoder sasl = CodecFactory.getDefaultSaslDecoder();
  private final Consumer<byte[]> output;
  private final Runnable disconnect;

  /** Vert.x closes the connections of a client that nobody refers to. */
  private final Object client;

  private @Nullable WebSocket webSocket;
  private int nextDeliveryId;

  private RawPeer(Object client, Consumer<byte[]> output, Runnable disconnect) {
    this.client = client;
    this.output = output;
    this.disconnect = disconnect;
  }

  static RawPeer overWebSocket(Vertx vertx, int port) {
    var client = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxFrameSize(2 << 20));
    WebSocket socket =
        DoorUnderTest.get(
            client.connect(
                new WebSocketConnectOptions()
                    .setHost("localhost")
                    .setPort(port)
                    .setURI(AmqpDoor.PATH)
                    .addSubProtocol(AmqpDoor.SUBPROTOCOL)));
    RawPeer peer =
        new RawPeer(
            client, bytes -> socket.writeBinaryMessage(Buffer.buffer(bytes)), socket::close);
    peer.webSocket = socket;
    socket.closeHandler(_ -> peer.closed.complete((int) socket.closeStatusCode()));
    socket.handler(buffer -> peer.received(buffer.getBytes()));
    return peer;
  }

  static RawPeer overTcp(Vertx vertx, int port) {
    var client = vertx.createNetClient();
    NetSocket socket = DoorUnderTest.get(client.connect(port, "localhost"));
    RawPeer peer = new RawPeer(client, bytes -> socket.write(Buffer.buffer(bytes)), socket::close);
    socket.closeHandler(_ -> peer.closed.complete(0));
    socket.handler(buffer -> peer.received(buffer.getBytes()));
    return peer;
  }

  WebSocket webSocket() {
    return Objects.requireNonNull(webSocket);
  }

  private void received(byte[] bytes) {
    pending.writeBytes(bytes);
    byte[] all = pending.toByteArray();
    int at = 0;
    while (all.length - at >= 8) {
      int length = all[at] == 'A' ? 8 : ByteBuffer.wrap(all, at, 4).getInt();
      if (all.length - at < length) {
        break;
      }
      heard.add(heard(Arrays.copyOfRange(all, at, at + length)));
      at += length;
    }
    pending.reset();
    pending.write(all, at, all.length - at);
  }

  private Heard heard(byte[] frame) {
    if (frame[0] == 'A') {
      return new Heard(0, HexFormat.of().formatHex(frame), new byte[0], frame);
    }
    int body = frame[4] * 4;
    int channel = frame[6] << 8 | frame[7];
    if (body == frame.length) {
      return new Heard(channel, "heartbeat", new byte[0], frame);
    }
    Decoder decoder = frame[5] == 1 ? sasl : amqp;
    ProtonBuffer buffer =
        ProtonBufferAllocator.defaultAllocator().copy(frame, body, frame.length - body);
    Object performative = decoder.readObject(buffer, decoder.newDecoderState());
    byte[] payload = new byte[buffer.getReadableBytes()];
    buffer.readBytes(payload, 0, payload.length);
    return new Heard(channel, performative, payload, frame);
  }

  // Speaking.

  RawPeer send(String hex) {
    output.accept(hex(hex));
    return this;
  }

  RawPeer send(byte[] bytes) {
    output.accept(bytes);
    return this;
  }

  RawPeer send(int channel, Object performative) {
    return send(frame(channel, performative, new byte[0]));
  }

  RawPeer send(int channel, Object performative, byte[] payload) {
    return send(frame(channel, performative, payload));
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  static byte[] frame(int channel, Object performative, byte[] payload) {
    byte[] body = encode(performative);
    return ByteBuffer.allocate(8 + body.length + payload.length)
        .putInt(8 + body.length + payload.length)
        .put((byte) 2)
        .put((byte) 0)
        .putShort((short) channel)
        .put(body)
        .put(payload)
        .array();
  }

  static byte[] encode(Object... values) {
    Encoder encoder = CodecFactory.getDefaultEncoder();
    ProtonBuffer buffer = ProtonBufferAllocator.defaultAllocator().allocate();
    for (Object value : values) {
      encoder.writeObject(buffer, encoder.newEncoderState(), value);
    }
    byte[] bytes = new byte[buffer.getReadableBytes()];
    buffer.readBytes(bytes, 0, bytes.length);
    return bytes;
  }

  // Hearing.

  /** The next frame, whatever it is. */
  Heard next() {
    try {
      Heard frame = heard.poll(DoorUnderTest.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (frame == null) {
        throw new AssertionError("nothing was heard");
      }
      return frame;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The body of the next frame, which has to be of this kind. */
  <T> T expect(Class<T> type) {
    Object body = next().body();
    if (!type.isInstance(body)) {
      throw new AssertionError("expected " + type.getSimpleName() + ", heard " + body);
    }
    return type.cast(body);
  }

  /** The body of the next frame, null when the socket closed or half a frame keeps us waiting. */
  @Nullable Object nextOrClosed() {
    try {
      for (int i = 0; i < 100; i++) {
        Heard frame = heard.poll(10, TimeUnit.MILLISECONDS);
        if (frame != null) {
          return frame.body();
        }
        if (closed.isDone() && heard.isEmpty()) {
          return null;
        }
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Whether nothing was said; call after an exchange that would have come later. */
  boolean quiet() {
    return heard.isEmpty();
  }

  /** The WebSocket close code. */
  int awaitClosed() {
    Objects.requireNonNull(client);
    return closed.orTimeout(DoorUnderTest.PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  // Common exchanges.

  /** SASL, open and one session on channel 0. */
  RawPeer opened() {
    return opened(new Open());
  }

  RawPeer opened(Open open) {
    send(SASL_HEADER).send(SASL_ANONYMOUS).send(AMQP_HEADER);
    expectText(SASL_HEADER);
    next();
    next();
    expectText(AMQP_HEADER);
    open.setContainerId("raw");
    send(0, open);
    expect(Open.class);
    return this;
  }

  RawPeer begun() {
    opened();
    begin(0, 2_000);
    return this;
  }

  Begin begin(int channel, long incomingWindow) {
    send(
        channel,
        new Begin()
            .setNextOutgoingId(0)
            .setIncomingWindow(incomingWindow)
            .setOutgoingWindow(2_000)
            .setHandleMax(65_535));
    return expect(Begin.class);
  }

  void expectText(String text) {
    Object body = next().body();
    if (!text.equals(body)) {
      throw new AssertionError("expected " + text + ", heard " + body);
    }
  }

  static Attach publisher(String name, int handle, @Nullable Target target) {
    return new Attach()
        .setName(name)
        .setHandle(handle)
        .setRole(Role.SENDER)
        .setInitialDeliveryCount(0)
        .setSource(new Source())
        .setTarget(target);
  }

  static Attach subscriber(String name, int handle, @Nullable Source source) {
    return new Attach().setName(name).setHandle(handle).setRole(Role.RECEIVER).setSource(source);
  }

  static Source source(String address) {
    return new Source().setAddress(address);
  }

  static Target target(String address) {
    return new Target().setAddress(address);
  }

  /** Attaches a publisher on channel 0 and takes its first credit. */
  void attachPublisher(int handle, String address) {
    send(0, publisher("publisher-" + handle, handle, target(address)));
    expect(Attach.class);
    expect(Flow.class);
  }

  /** Attaches a subscriber on channel 0. */
  Attach attachSubscriber(int handle, String address) {
    send(0, subscriber("subscriber-" + handle, handle, source(address)));
    return expect(Attach.class);
  }

  Transfer transfer(int handle) {
    int id = nextDeliveryId++;
    return new Transfer()
        .setHandle(handle)
        .setDeliveryId(id)
        .setDeliveryTag(new byte[] {(byte) (id >> 8), (byte) id})
        .setMessageFormat(0);
  }

  /** A later transfer of the same message. */
  Transfer continued(int handle, boolean more) {
    return new Transfer().setHandle(handle).setMore(more);
  }

  /** Publishes on channel 0. */
  void publish(int handle, Section<?>... sections) {
    send(0, transfer(handle), encode((Object[]) sections));
  }

  static Flow credit(int handle, long deliveryCount, long credit) {
    return new Flow()
        .setNextIncomingId(deliveryCount)
        .setIncomingWindow(2_000)
        .setNextOutgoingId(0)
        .setOutgoingWindow(2_000)
        .setHandle(handle)
        .setDeliveryCount(deliveryCount)
        .setLinkCredit(credit);
  }

  void settle(long deliveryId, DeliveryState state) {
    send(
        0,
        new Disposition()
            .setRole(Role.RECEIVER)
            .setFirst(deliveryId)
            .setSettled(true)
            .setState(state));
  }

  /** The sections of a delivered message. */
  static List<Section<?>> sections(byte[] payload) {
    Decoder decoder = CodecFactory.getDefaultDecoder();
    ProtonBuffer buffer = ProtonBufferAllocator.defaultAllocator().copy(payload);
    var sections = new ArrayList<Section<?>>();
    while (buffer.isReadable()) {
      sections.add((Section<?>) decoder.readObject(buffer, decoder.newDecoderState()));
    }
    return sections;
  }

  static <T extends Section<?>> T section(byte[] payload, Class<T> type) {
    return sections(payload).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    disconnect.run();
  }
}
