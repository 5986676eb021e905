// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.TopicPattern;
import dev.weft.queue.MeshException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a CONNECT asks for. User name and password are read past: who calls was proved by the token
 * of the upgrade (wire reference 5).
 *
 * @param clientId empty when the server has to make one
 * @param clean whether the session ends with its connection
 * @param keepAliveSeconds 0 for none
 */
record ConnectRequest(
    String clientId, boolean clean, int keepAliveSeconds, @Nullable LastWill will) {
  /**
   * Published when the connection ends without a DISCONNECT.
   *
   * @param qos 0 or 1; 2 was lowered, as no subscriber is granted more
   */
  record LastWill(TopicPattern topic, byte[] body, int qos, boolean retain) {}

  /**
   * @throws Violation if it cannot be granted
   */
  static ConnectRequest of(MqttConnectMessage message, int clientIdLengthMax) {
    MqttConnectVariableHeader header = message.variableHeader();
    MqttConnectPayload payload = message.payload();
    String clientId = Objects.requireNonNullElse(payload.clientIdentifier(), "");
    if (clientId.isEmpty() && !header.isCleanSession()) {
      throw rejectedId("A session that outlives its connection needs a client id");
    }
    if (clientId.length() > clientIdLengthMax) {
      throw rejectedId("A client id has " + clientIdLengthMax + " characters at most");
    }
    return new ConnectRequest(
        clientId,
        header.isCleanSession(),
        header.keepAliveTimeSeconds(),
        header.isWillFlag() ? will(header, payload) : null);
  }

  private static Violation rejectedId(String why) {
    return Violation.connect(MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED, why);
  }

  private static LastWill will(MqttConnectVariableHeader header, MqttConnectPayload payload) {
    try {
      byte[] body = payload.willMessageInBytes();
      return new LastWill(
          topicName(Objects.requireNonNullElse(payload.willTopic(), "")),
          body == null ? new byte[0] : body,
          Math.min(header.willQos(), 1),
          header.isWillRetain());
    } catch (MeshException.MalformedName malformed) {
      throw Violation.connect(
          MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
          "The will could never be published: " + malformed.getMessage());
    }
  }

  /**
   * A name that can be published to; whether the rules allow it, the front door says.
   *
   * @throws MeshException.MalformedName if it is none
   */
  static TopicPattern topicName(String text) {
    TopicPattern topic = new TopicPattern(text);
    if (topic.hasWildcard()) {
      throw new MeshException.MalformedName("topic", text, "wildcards are for subscriptions");
    }
    return topic;
  }
}
