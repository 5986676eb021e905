// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import java.time.Duration;

/** The default settings with one or two changed. */
final class Settings {
  private Settings() {}

  static AmqpSettings publisherCredit(int credit) {
    return of(
        AmqpSettings.DEFAULT.linksMax(),
        AmqpSettings.DEFAULT.sessionsMax(),
        credit,
        AmqpSettings.DEFAULT.idleTimeout(),
        AmqpSettings.DEFAULT.handshakeTimeout());
  }

  static AmqpSettings timeouts(Duration idle, Duration handshake) {
    return of(
        AmqpSettings.DEFAULT.linksMax(),
        AmqpSettings.DEFAULT.sessionsMax(),
        AmqpSettings.DEFAULT.publisherCredit(),
        idle,
        handshake);
  }

  static AmqpSettings limits(int links, int sessions) {
    return of(
        links,
        sessions,
        AmqpSettings.DEFAULT.publisherCredit(),
        AmqpSettings.DEFAULT.idleTimeout(),
        AmqpSettings.DEFAULT.handshakeTimeout());
  }

  private static AmqpSettings of(
      int links, int sessions, int credit, Duration idle, Duration handshake) {
    AmqpSettings from = AmqpSettings.DEFAULT;
    return new AmqpSettings(
        from.frameSizeMax(),
        from.saslFrameSizeMax(),
        from.sendSizeMax(),
        from.channelMax(),
        sessions,
        links,
        credit,
        from.unstoredBytesMax(),
        from.windowBytes(),
        idle,
        handshake,
        from.closeTimeout());
  }
}
