// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * Where a load goes.
 *
 * @param wire what carries AMQP
 * @param path of the WebSocket upgrade
 * @param authorization value of the header of that name, or null for none
 * @param publishTo target address of the publishers' links
 * @param consumeFrom source address of the consumers' links
 * @param messageTo {@code properties.to} of the messages
 */
record Target(
    Wire wire,
    String host,
    int port,
    String path,
    @Nullable String authorization,
    String publishTo,
    String consumeFrom,
    String messageTo) {

  /** What carries AMQP. */
  enum Wire {
    WEBSOCKET,
    TCP
  }

  /** The same server, other addresses. */
  Target at(String publish, String consume) {
    return new Target(wire, host, port, path, authorization, publish, consume, publish);
  }

  @Override
  public String toString() {
    return (wire == Wire.TCP ? "amqp://" : "ws://") + host + ":" + port + path + " " + publishTo;
  }
}
