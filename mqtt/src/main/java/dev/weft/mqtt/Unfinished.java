// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a persistent session's connection sent and did not see acknowledged: sent again on the next
 * one with the same packet ids (MQTT 3.1.1, 4.4). Lives in memory: after a restart of the server
 * the messages come again with new ids.
 *
 * @param lastPacketId where to go on counting
 * @param packetIds of messages that went back to the session's queue, by their sequence there
 * @param loose messages that belong to no queue: retained ones, in their order
 */
record Unfinished(int lastPacketId, NavigableMap<Long, Integer> packetIds, List<Outgoing> loose) {
  static Unfinished nothing() {
    return new Unfinished(0, new TreeMap<>(), List.of());
  }

  boolean isNothing() {
    return packetIds.isEmpty() && loose.isEmpty();
  }
}
