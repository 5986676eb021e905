// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import io.vertx.core.Context;
import java.time.InstantSource;

/**
 * Watches for silence (wire reference 4.3). Traffic of either direction counts: the vendor's client
 * sends nothing while it receives a stream. Costs the way of a message one flag; the clock is read
 * when the timer ticks. Belongs to the connection's event loop.
 */
final class Heartbeat {
  /** Ticks per time-out: how late silence may be noticed. */
  private static final int TICKS = 8;

  private static final long PERIOD_MIN_MILLIS = 20;

  private final AmqpConnection connection;
  private final Context context;
  private final InstantSource clock;
  private boolean received;
  private boolean sent;
  private long heardAtMillis;
  private long sentAtMillis;
  private long timer = -1;

  Heartbeat(AmqpConnection connection, Context context, InstantSource clock) {
    this.connection = connection;
    this.context = context;
    this.clock = clock;
  }

  void received() {
    received = true;
  }

  void sent() {
    sent = true;
  }

  /**
   * @param ownMillis silence of both directions after which the peer is dead
   * @param peerMillis silence the peer bears from us, 0 for any
   */
  void start(long ownMillis, long peerMillis) {
    long shortest = peerMillis > 0 ? Math.min(ownMillis, peerMillis) : ownMillis;
    long now = clock.millis();
    heardAtMillis = now;
    sentAtMillis = now;
    timer =
        context
            .owner()
            .setPeriodic(
                Math.max(PERIOD_MIN_MILLIS, shortest / TICKS), _ -> tick(ownMillis, peerMillis));
  }

  private void tick(long ownMillis, long peerMillis) {
    long now = clock.millis();
    if (received || sent) {
      heardAtMillis = now;
    }
    if (sent) {
      sentAtMillis = now;
    }
    received = false;
    sent = false;
    if (now - heardAtMillis >= ownMillis) {
      connection.silent();
    } else if (peerMillis > 0 && now - sentAtMillis >= peerMillis / 3) {
      connection.beat();
      sentAtMillis = now;
      // Our own beats say nothing about the peer.
      sent = false;
    }
  }

  void stop() {
    if (timer >= 0) {
      context.owner().cancelTimer(timer);
      timer = -1;
    }
  }
}
