// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.queue.MeshException;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client broke the protocol, or asked for what the mesh does not give: its connection is closed
 * (MQTT 3.1.1, 4.8). The protocol has no words for why; the WebSocket close carries them.
 */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** WebSocket close codes (RFC 6455, 7.4.1). */
  static final int PROTOCOL_ERROR = 1002;

  static final int POLICY = 1008;

  private final int closeCode;
  private final @Nullable MqttConnectReturnCode answer;

  private Violation(int closeCode, String why, @Nullable MqttConnectReturnCode answer) {
    // An answer, not an accident: no stack trace.
    super(why, null, false, false);
    this.closeCode = closeCode;
    this.answer = answer;
  }

  /** Against the specification. */
  static Violation protocol(String why) {
    return new Violation(PROTOCOL_ERROR, why, null);
  }

  /** Against the rules of the instance or the limits of the mesh. */
  static Violation refused(MeshException reason) {
    return new Violation(POLICY, Objects.requireNonNullElse(reason.getMessage(), "Refused"), null);
  }

  /** A CONNECT that is answered before the connection is closed. */
  static Violation connect(MqttConnectReturnCode answer, String why) {
    return new Violation(POLICY, why, answer);
  }

  int closeCode() {
    return closeCode;
  }

  /** What a CONNECT hears first; null for nothing. */
  @Nullable MqttConnectReturnCode answer() {
    return answer;
  }

  String why() {
    return Objects.requireNonNull(getMessage());
  }
}
