// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.queue.MeshException;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;

/**
 * What every domain error means here: the one table of this door (STYLE 7). MQTT 3.1.1 has no
 * negative answer to a PUBLISH: what can never succeed closes the connection, what may succeed
 * later is not answered, and the client sends it again (wire reference 5, R-220).
 */
final class Refusals {
  private Refusals() {}

  /** Whether a publish that failed so may succeed when it is sent again. */
  static boolean mayPass(MeshException failure) {
    return switch (failure) {
      case MeshException.QueueFull _,
          MeshException.IngressDisabled _,
          MeshException.LimitReached _,
          MeshException.EngineOverloaded _,
          MeshException.StorageFull _,
          MeshException.EngineUnavailable _ ->
          true;
      case MeshException.NotAllowed _,
          MeshException.UnknownQueue _,
          MeshException.QueueDeleted _,
          MeshException.MalformedName _,
          MeshException.MalformedMessage _,
          MeshException.MessageTooLarge _,
          MeshException.NotFound _,
          MeshException.Conflict _,
          MeshException.InvalidValue _ ->
          false;
    };
  }

  /** What a CONNECT hears that fails so. */
  static MqttConnectReturnCode ofConnect(MeshException failure) {
    return switch (failure) {
      case MeshException.NotAllowed _ -> MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED;
      case MeshException.Conflict _, MeshException.MalformedName _, MeshException.InvalidValue _ ->
          MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED;
      case MeshException.QueueFull _,
          MeshException.IngressDisabled _,
          MeshException.LimitReached _,
          MeshException.EngineOverloaded _,
          MeshException.StorageFull _,
          MeshException.EngineUnavailable _,
          MeshException.UnknownQueue _,
          MeshException.QueueDeleted _,
          MeshException.MalformedMessage _,
          MeshException.MessageTooLarge _,
          MeshException.NotFound _ ->
          MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE;
    };
  }
}
