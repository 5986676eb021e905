// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import java.time.Duration;

/**
 * Frozen input of {@link MqttDoor}.
 *
 * @param frameBytesMax of one WebSocket frame we send; 65 535, since clients with the defaults of
 *     their libraries accept no larger one
 * @param clientIdLengthMax characters of a client id; 256, far above the 23 that every server takes
 * @param filtersMax subscriptions of one session
 * @param inFlightMax deliveries of QoS 1 that wait for their PUBACK; 100
 * @param windowBytes bytes a session's queue hands out ahead of the client; 1 MiB
 * @param backlogMessagesMax live messages that wait for a slow client; beyond, QoS 0 is dropped and
 *     a promise of QoS 1 cannot be kept: the client is cut off
 * @param backlogBytesMax the same in bytes; 16 MiB
 * @param unstoredBytesMax bytes of one connection that wait for the disk; beyond, the socket is not
 *     read. 16 MiB: two batches of the journal
 * @param retainedMax retained messages of the server
 * @param retainedBytesMax bytes of them, kept in memory; 64 MiB
 * @param connectTimeout time to send CONNECT; 10 s
 * @param withheldTimeout how long a publish that may succeed later goes unanswered before the
 *     connection is closed; 30 s
 * @param sessionExpiry how long a persistent session outlives its connection; 7 days, the longest
 *     life of a message (wire reference 9.1)
 */
public record MqttSettings(
    int frameBytesMax,
    int clientIdLengthMax,
    int filtersMax,
    int inFlightMax,
    int windowBytes,
    int backlogMessagesMax,
    int backlogBytesMax,
    int unstoredBytesMax,
    int retainedMax,
    int retainedBytesMax,
    Duration connectTimeout,
    Duration withheldTimeout,
    Duration sessionExpiry) {
  public static final MqttSettings DEFAULT =
      new MqttSettings(
          65_535,
          256,
          100,
          100,
          1 << 20,
          10_000,
          16 << 20,
          16 << 20,
          10_000,
          64 << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofDays(7));

  public MqttSettings {
    require(frameBytesMax >= 512 && frameBytesMax <= 1 << 20, "frameBytesMax");
    require(clientIdLengthMax >= 23 && clientIdLengthMax <= 65_535, "clientIdLengthMax");
    require(filtersMax > 0, "filtersMax");
    require(inFlightMax > 0 && inFlightMax <= 10_000, "inFlightMax");
    require(windowBytes > 0, "windowBytes");
    require(backlogMessagesMax > 0 && backlogMessagesMax <= 100_000, "backlogMessagesMax");
    require(backlogBytesMax > 0, "backlogBytesMax");
    require(unstoredBytesMax > 0, "unstoredBytesMax");
    require(retainedMax > 0 && retainedMax <= 1_000_000, "retainedMax");
    require(retainedBytesMax > 0, "retainedBytesMax");
    require(connectTimeout.isPositive(), "connectTimeout");
    require(withheldTimeout.isPositive(), "withheldTimeout");
    require(sessionExpiry.isPositive(), "sessionExpiry");
  }

  private static void require(boolean holds, String field) {
    if (!holds) {
      throw new IllegalArgumentException(field + " is out of range");
    }
  }
}
