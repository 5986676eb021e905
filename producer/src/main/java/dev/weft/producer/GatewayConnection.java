// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.ConnectionOptions;
import org.jspecify.annotations.Nullable;

/** An AMQP connection over WebSocket, made from a service key as any client makes it. */
public final class GatewayConnection implements AutoCloseable {
  static final long TIMEOUT_MILLIS = 15_000;

  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  private final Client client;
  private final Connection connection;

  private GatewayConnection(Client client, Connection connection) {
    this.client = client;
    this.connection = connection;
  }

  /**
   * Fetches a token and connects.
   *
   * @param trust certificates to trust; null takes those of the Java runtime
   */
  public static GatewayConnection open(ServiceKeyDocument key, @Nullable SSLContext trust)
      throws ChannelFailure {
    String token;
    try (TokenClient tokens = new TokenClient(trust)) {
      token = tokens.fetch(key);
    }
    Client client = Client.create();
    try {
      URI gateway = key.gateway();
      Connection connection =
          client.connect(gateway.getHost(), port(gateway), options(gateway, token, trust));
      connection.openFuture().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      return new GatewayConnection(client, connection);
    } catch (Exception e) {
      client.close();
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new ChannelFailure(
          ChannelFailure.Step.CONNECT, key.gateway() + " refused the channel: " + reason(e), e);
    }
  }

  private static ConnectionOptions options(URI gateway, String token, @Nullable SSLContext trust) {
    ConnectionOptions options = new ConnectionOptions();
    options.openTimeout(TIMEOUT_MILLIS).requestTimeout(TIMEOUT_MILLIS).closeTimeout(2_000);
    options
        .transportOptions()
        .useWebSockets(true)
        .webSocketPath(gateway.getPath())
        .addWebSocketHeader("Authorization", "Bearer " + token)
        .allowNativeIO(false);
    if ("wss".equals(gateway.getScheme())) {
      options.sslEnabled(true);
      options.sslOptions().allowNativeSSL(false);
      if (trust != null) {
        options.sslOptions().sslContextOverride(trust);
      }
    }
    return options;
  }

  private static int port(URI gateway) {
    if (gateway.getPort() > 0) {
      return gateway.getPort();
    }
    return "wss".equals(gateway.getScheme()) ? HTTPS_PORT : HTTP_PORT;
  }

  /** The live connection; its sessions and links are the caller's. */
  public Connection connection() {
    return connection;
  }

  /** What lies at the bottom of a failure, for people. */
  static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  @Override
  public void close() {
    connection.close();
    client.close();
  }
}
