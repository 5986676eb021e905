// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import java.time.Duration;

/** The default settings with one or two changed. */
final class TestSettings {
  private static final MqttSettings STANDARD = MqttSettings.DEFAULT;

  private TestSettings() {}

  static MqttSettings withheldFor(Duration withheld) {
    return of(
        STANDARD.inFlightMax(), STANDARD.backlogMessagesMax(), STANDARD.retainedMax(), withheld);
  }

  static MqttSettings limits(int inFlight, int backlog, int retained) {
    return of(inFlight, backlog, retained, Duration.ofMillis(300));
  }

  static MqttSettings connectWithin(Duration timeout) {
    return new MqttSettings(
        STANDARD.frameBytesMax(),
        STANDARD.clientIdLengthMax(),
        STANDARD.filtersMax(),
        STANDARD.inFlightMax(),
        STANDARD.windowBytes(),
        STANDARD.backlogMessagesMax(),
        STANDARD.backlogBytesMax(),
        STANDARD.unstoredBytesMax(),
        STANDARD.retainedMax(),
        STANDARD.retainedBytesMax(),
        timeout,
        STANDARD.withheldTimeout(),
        STANDARD.sessionExpiry());
  }

  private static MqttSettings of(int inFlight, int backlog, int retained, Duration withheld) {
    return new MqttSettings(
        STANDARD.frameBytesMax(),
        STANDARD.clientIdLengthMax(),
        STANDARD.filtersMax(),
        inFlight,
        STANDARD.windowBytes(),
        backlog,
        STANDARD.backlogBytesMax(),
        STANDARD.unstoredBytesMax(),
        retained,
        STANDARD.retainedBytesMax(),
        STANDARD.connectTimeout(),
        withheld,
        STANDARD.sessionExpiry());
  }
}
