// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import java.time.Duration;

/**
 * Frozen input of {@link AmqpDoor}.
 *
 * @param frameSizeMax bytes of one frame we take, announced in open; 1 MiB, so that a message of 1
 *     MB comes in one frame (wire reference 4.3)
 * @param saslFrameSizeMax bytes of one frame before the login is done; 512 as the specification
 *     says
 * @param sendSizeMax bytes of one frame we send, if the peer takes so many, and of one write that
 *     collects several; 65 535, since clients with the defaults of their libraries accept no larger
 *     WebSocket frame
 * @param channelMax highest channel, announced; clients expect at least 255 (wire reference 4.3)
 * @param sessionsMax open sessions of one connection
 * @param linksMax open links of one connection
 * @param publisherCredit messages a publisher's link may have on the way, renewed at half (wire
 *     reference 4.6)
 * @param unstoredBytesMax bytes of one connection that wait for the disk or for the rest of their
 *     message; beyond, the socket is not read. 16 MiB: two batches of the journal
 * @param windowBytes bytes the engine hands a consumer ahead of the socket; 1 MiB
 * @param idleTimeout silence of both directions after which a peer is dead, announced in open (wire
 *     reference 4.3)
 * @param handshakeTimeout time to finish SASL and open; 10 s
 * @param closeTimeout time a peer has to answer our close
 */
public record AmqpSettings(
    int frameSizeMax,
    int saslFrameSizeMax,
    int sendSizeMax,
    int channelMax,
    int sessionsMax,
    int linksMax,
    int publisherCredit,
    int unstoredBytesMax,
    int windowBytes,
    Duration idleTimeout,
    Duration handshakeTimeout,
    Duration closeTimeout) {
  public static final AmqpSettings DEFAULT =
      new AmqpSettings(
          1 << 20,
          512,
          65_535,
          255,
          100,
          255,
          1_000,
          16 << 20,
          1 << 20,
          Duration.ofSeconds(120),
          Duration.ofSeconds(10),
          Duration.ofMillis(300));

  public AmqpSettings {
    require(frameSizeMax >= 512 && frameSizeMax <= 16 << 20, "frameSizeMax");
    require(saslFrameSizeMax >= 512 && saslFrameSizeMax <= 8 << 10, "saslFrameSizeMax");
    require(sendSizeMax >= 512 && sendSizeMax <= 1 << 20, "sendSizeMax");
    require(channelMax >= 0 && channelMax <= 32_767, "channelMax");
    require(sessionsMax > 0, "sessionsMax");
    require(linksMax > 0, "linksMax");
    require(publisherCredit > 1, "publisherCredit");
    require(unstoredBytesMax > 0, "unstoredBytesMax");
    require(windowBytes > 0, "windowBytes");
    require(idleTimeout.isPositive(), "idleTimeout");
    require(handshakeTimeout.isPositive(), "handshakeTimeout");
    require(closeTimeout.isPositive(), "closeTimeout");
  }

  private static void require(boolean holds, String field) {
    if (!holds) {
      throw new IllegalArgumentException(field + " is out of range");
    }
  }

  /** The largest WebSocket frame a server has to take: one AMQP frame and some room. */
  public int webSocketFrameSizeMax() {
    return frameSizeMax + (64 << 10);
  }
}
