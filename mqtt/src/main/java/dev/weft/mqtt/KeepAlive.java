// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose client was silent for one and a half times what it promised (MQTT 3.1.1,
 * 3.1.2.10). Costs a packet one flag. Belongs to the connection's event loop.
 */
final class KeepAlive {
  /** Ticks per one and a half periods: how late silence may be noticed. */
  private static final int TICKS = 8;

  private final MqttConnection connection;
  private boolean heard;
  private int silentTicks;
  private long tickMillis;
  private @Nullable Future<?> timer;

  KeepAlive(MqttConnection connection) {
    this.connection = connection;
  }

  void heard() {
    heard = true;
  }

  /**
   * @param seconds 0 for a client that may be silent for ever
   */
  void start(int seconds) {
    if (seconds > 0) {
      tickMillis = Math.max(1, seconds * 1_500L / TICKS);
      next();
    }
  }

  private void next() {
    timer = connection.turns().after(tickMillis, this::tick);
  }

  private void tick() {
    // What we do not read cannot be heard.
    silentTicks = heard || !connection.reading() ? 0 : silentTicks + 1;
    heard = false;
    if (silentTicks >= TICKS) {
      connection.silent();
    } else {
      next();
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
