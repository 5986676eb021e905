// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.wire;

import java.net.URI;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.ConnectionOptions;
import org.apache.qpid.protonj2.client.exceptions.ClientException;

/** Connections of ProtonJ2 over WebSocket without TLS, with the token of an instance. */
public final class AmqpConnections {
  private static final long TIMEOUT_MILLIS = 30_000;
  private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

  private AmqpConnections() {}

  public static Connection open(Client client, Mesh mesh) throws ClientException {
    URI gateway = mesh.key().amqp();
    ConnectionOptions options =
        new ConnectionOptions()
            .openTimeout(TIMEOUT_MILLIS)
            .requestTimeout(TIMEOUT_MILLIS)
            .sendTimeout(TIMEOUT_MILLIS)
            .closeTimeout(CLOSE_TIMEOUT_MILLIS);
    options
        .transportOptions()
        .useWebSockets(true)
        .webSocketPath(gateway.getPath())
        .addWebSocketHeader("Authorization", "Bearer " + mesh.token())
        .allowNativeIO(false);
    return client.connect(gateway.getHost(), gateway.getPort(), options);
  }
}
