// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import java.util.List;

/** What every MQTT client of the contract is asked to do, each time on a connection of its own. */
interface MqttClient {
  String ACKNOWLEDGED = "acknowledged";
  String CLOSED = "closed";

  /** A message as the client's application saw it. */
  record Heard(String topic, String body, int qos, boolean retained) {}

  /**
   * What a session that came back brought.
   *
   * @param sessionPresent what the CONNACK said
   */
  record Return(boolean sessionPresent, List<Heard> heard) {}

  /** Publishes one message; {@link #ACKNOWLEDGED} or {@link #CLOSED}. */
  String publish(String topic, int qos, boolean retain, byte[] body) throws Exception;

  /** Subscribes; the granted QoS, or 128. */
  int subscribe(String filter, int qos) throws Exception;

  /** Subscribes, publishes and waits for so many messages. */
  List<Heard> echo(String filter, int qos, String topic, String body, int messages)
      throws Exception;

  /** Makes a session that outlives its connection, with one filter of QoS 1, and disconnects. */
  void leave(String clientId, String filter) throws Exception;

  /** Connects to such a session and waits for so many messages. */
  Return comeBack(String clientId, int messages) throws Exception;
}
