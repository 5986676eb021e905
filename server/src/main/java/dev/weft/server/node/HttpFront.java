// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one port: an HTTP server that listens before the rest is ready, so that clients of a server
 * that restarts are asked to wait instead of being refused (wire reference, rule 22). One event
 * loop per core.
 */
final class HttpFront implements AutoCloseable {
  private static final long CLOSE_MILLIS = 400;

  /** Bearer tokens have about 2 KiB. */
  private static final int HEADER_BYTES_MAX = 16 * 1024;

  /** Room for names that are percent-encoded twice. */
  private static final int REQUEST_LINE_MAX = 8 * 1024;

  private final Vertx vertx;
  private final HttpServer server;
  private volatile Handler<HttpServerRequest> handler = HttpFront::notYet;

  private HttpFront(Vertx vertx, HttpServerOptions options) {
    this.vertx = vertx;
    this.server = vertx.createHttpServer(options);
  }

  /**
   * @param frameBytesMax of a WebSocket frame
   */
  static HttpFront listen(
      Vertx vertx, Settings settings, @Nullable TlsMaterial tls, int frameBytesMax)
      throws StartFailure {
    HttpFront front = new HttpFront(vertx, options(settings, tls, frameBytesMax));
    front.server.requestHandler(request -> front.handler.handle(request));
    try {
      front.server.listen().toCompletionStage().toCompletableFuture().join();
      return front;
    } catch (CompletionException e) {
      front.close();
      throw notBound(settings.bind(), settings.port(), e.getCause());
    }
  }

  static Vertx newVertx() {
    // Names of webhook receivers resolve as everywhere else on this machine.
    System.setProperty("vertx.disableDnsResolver", "true");
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  private static HttpServerOptions options(
      Settings settings, @Nullable TlsMaterial tls, int frameBytesMax) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.bind())
            .setPort(settings.port())
            .setUseAlpn(false)
            .setMaxHeaderSize(HEADER_BYTES_MAX)
            .setMaxInitialLineLength(REQUEST_LINE_MAX)
            .setCompressionSupported(false)
            .setHandle100ContinueAutomatically(true)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(frameBytesMax)
            .setMaxWebSocketMessageSize(4 * frameBytesMax)
            .setWebSocketSubProtocols(List.of("amqp", "mqtt"));
    if (tls != null) {
      options
          .setSsl(true)
          .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
          .setKeyCertOptions(tls.keyCertificate());
    }
    return options;
  }

  /** Finds out before anything is touched whether the ports can be had. */
  static void requireFreePorts(Settings settings) throws StartFailure {
    requireFreePort(settings.bind(), settings.port());
    requireFreePort(settings.bind(), settings.amqpPort());
  }

  private static void requireFreePort(String host, int port) throws StartFailure {
    if (port <= 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
    } catch (java.io.IOException | RuntimeException e) {
      throw notBound(host, port, e);
    }
  }

  static StartFailure notBound(String host, int port, @Nullable Throwable cause) {
    if (cause instanceof BindException bind
        && String.valueOf(bind.getMessage()).contains("in use")) {
      return new StartFailure(
          ExitCode.PORT_IN_USE, "The port " + port + " is already in use.", bind);
    }
    return new StartFailure(
        ExitCode.FAILED, "Cannot listen on " + host + ":" + port + ": " + reason(cause), cause);
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null ? "unknown" : String.valueOf(cause.getMessage());
  }

  private static void notYet(HttpServerRequest request) {
    if ("/health/live".equals(request.path())) {
      Answers.text(request.response(), 200, "text/plain", "live\n");
      return;
    }
    request.response().putHeader("Retry-After", "1");
    Answers.error(request.response(), 503, "UNAVAILABLE", "The server is starting");
  }

  Vertx vertx() {
    return vertx;
  }

  int port() {
    return server.actualPort();
  }

  /** From now on requests go there. */
  void open(Handler<HttpServerRequest> requests) {
    handler = requests;
  }

  /** From now on requests are asked to come again. */
  void shut() {
    handler = HttpFront::notYet;
  }

  @Override
  public void close() {
    await(server.close());
    await(vertx.close());
  }

  /** Waits a little; what is not closed by then goes with the process. */
  static void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      // The process ends; sockets that are still open go with it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
