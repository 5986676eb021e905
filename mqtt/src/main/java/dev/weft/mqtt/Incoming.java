// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.MessageContent;
import dev.weft.queue.AppendListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the client publishes (hops 1 and 6): made an AMQP message once, given to the front door,
 * acknowledged when it is on disk, in the order in which it came (MQTT 3.1.1, 4.6). Belongs to the
 * connection's event loop.
 */
final class Incoming {
  /** What a small message costs until it is answered, beyond its bytes. */
  private static final int OVERHEAD_BYTES = 128;

  private final MqttConnection connection;
  private final MqttConnection.Shared shared;

  /** Of QoS 1, the oldest first; bounded by the bytes that may be unstored. */
  private final ArrayDeque<Publish> unacknowledged = new ArrayDeque<>(4);

  /** A retained message is being kept, and these wait behind it. */
  private boolean keeping;

  private final ArrayDeque<Publish> behind = new ArrayDeque<>(1);

  private int unstoredBytes;
  private boolean full;

  Incoming(MqttConnection connection, MqttConnection.Shared shared) {
    this.connection = connection;
    this.shared = shared;
  }

  /** One message on its way to the disk, and then its answer. */
  private final class Publish implements AppendListener, Inbox.Notice {
    private final int packetId;
    private final Address address;
    private final Message message;
    private final boolean retain;

    /** Set on the engine's thread, read on the event loop; the inbox lies between. */
    private @Nullable MeshException refusal;

    private boolean answered;

    Publish(int packetId, Address address, Message message, boolean retain) {
      this.packetId = packetId;
      this.address = address;
      this.message = message;
      this.retain = retain;
    }

    int bytes() {
      return message.size() + OVERHEAD_BYTES;
    }

    @Override
    public void stored() {
      connection.inbox().post(this);
    }

    @Override
    public void refused(MeshException reason) {
      refusal = reason;
      connection.inbox().post(this);
    }

    @Override
    public void arrived() {
      answered(this);
    }
  }

  /**
   * @throws Violation if the topic is none that the mesh has
   */
  void publish(MqttPublishMessage packet) {
    int qos = packet.fixedHeader().qosLevel().value();
    TopicPattern topic = topic(packet.variableHeader().topicName());
    ByteBuf payload = packet.payload();
    publish(
        topic,
        ByteBufUtil.getBytes(payload),
        qos,
        packet.fixedHeader().isRetain(),
        qos == 0 ? 0 : packet.variableHeader().packetId());
  }

  private static TopicPattern topic(String text) {
    try {
      return ConnectRequest.topicName(text);
    } catch (MeshException.MalformedName malformed) {
      throw Violation.refused(malformed);
    }
  }

  /** The will: its publisher is gone, and nobody hears what becomes of it. */
  void publish(ConnectRequest.LastWill will) {
    publish(will.topic(), will.body(), will.qos(), will.retain(), 0);
  }

  /** Why the will could not be published now; null when it could. */
  @Nullable MeshException refusal(ConnectRequest.LastWill will) {
    Address address = new Address.OfTopic(will.topic());
    return shared
        .frontDoor()
        .refusal(connection.caller(), address, message(address, will.body(), will.qos()));
  }

  private Message message(Address address, byte[] body, int qos) {
    Message message =
        new MessageContent(
                shared.messageIds().next(),
                "",
                "",
                null,
                null,
                shared.clock().millis(),
                Map.of(),
                body)
            .toMessage(address, qos > 0, Message.NO_TTL);
    return qos == 0 ? OriginalQos.markedZero(message) : message;
  }

  private void publish(TopicPattern topic, byte[] body, int qos, boolean retain, int packetId) {
    Address address = new Address.OfTopic(topic);
    Publish publish = new Publish(packetId, address, message(address, body, qos), retain);
    if (packetId != 0) {
      unacknowledged.add(publish);
    }
    unstoredBytes += publish.bytes();
    if (!full && unstoredBytes > shared.settings().unstoredBytesMax()) {
      full = true;
      connection.suspend();
    }
    if (keeping) {
      behind.add(publish);
    } else {
      begin(publish);
    }
  }

  private void begin(Publish publish) {
    if (!publish.retain) {
      shared.frontDoor().publish(connection.caller(), publish.address, publish.message, publish);
      return;
    }
    MeshException forbidden =
        shared.frontDoor().refusal(connection.caller(), publish.address, publish.message);
    if (forbidden != null) {
      publish.refused(forbidden);
    } else {
      keep(publish);
    }
  }

  /**
   * Keeps the message as its topic's retained one, and publishes it then: who subscribes in between
   * gets it twice, and the other way round would miss it. What comes later waits for its turn.
   */
  private void keep(Publish publish) {
    keeping = true;
    shared
        .retained()
        .put(
            publish.address.toString(),
            publish.message,
            new AppendListener() {
              @Override
              public void stored() {
                connection.inbox().post(() -> kept(publish, null));
              }

              @Override
              public void refused(MeshException reason) {
                connection.inbox().post(() -> kept(publish, reason));
              }
            });
  }

  /** Goes on also when the connection ended meanwhile: what was sent before is not taken back. */
  private void kept(Publish publish, @Nullable MeshException refusal) {
    keeping = false;
    if (refusal == null || publish.packetId == 0) {
      // With QoS 0 nobody was promised that it is kept (MQTT 3.1.1, 3.3.1.3).
      shared.frontDoor().publish(connection.caller(), publish.address, publish.message, publish);
    } else {
      publish.refused(refusal);
    }
    while (!keeping && !behind.isEmpty()) {
      begin(behind.removeFirst());
    }
  }

  private void answered(Publish publish) {
    unstoredBytes -= publish.bytes();
    if (connection.ended()) {
      return;
    }
    if (full && unstoredBytes <= shared.settings().unstoredBytesMax() / 2) {
      full = false;
      connection.resume();
    }
    MeshException refusal = publish.refusal;
    if (refusal != null) {
      if (!Refusals.mayPass(refusal)) {
        throw Violation.refused(refusal);
      }
      if (publish.packetId != 0) {
        // Without an answer, as to all that follow: the client sends them again.
        connection.withhold(refusal);
      }
      return;
    }
    publish.answered = true;
    while (!unacknowledged.isEmpty() && unacknowledged.getFirst().answered) {
      connection.out().puback(unacknowledged.removeFirst().packetId);
    }
  }
}
