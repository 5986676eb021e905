// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import java.time.InstantSource;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

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
  private final InstantSource clock;
  private boolean received;
  private boolean sent;
  private long heardAtMillis;
  private long sentAtMillis;
  private @Nullable Future<?> timer;

  Heartbeat(AmqpConnection connection, InstantSource clock) {
    this.connection = connection;
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
        connection
            .turns()
            .every(
                Math.max(PERIOD_MIN_MILLIS, shortest / TICKS), () -> tick(ownMillis, peerMillis));
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
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }
}
