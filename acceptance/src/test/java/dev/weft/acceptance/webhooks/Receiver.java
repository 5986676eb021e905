// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.webhooks;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An endpoint that takes handshakes and pushes and remembers them. */
final class Receiver implements AutoCloseable {
  private static final long WITHIN_SECONDS = 30;

  /**
   * One request as it came.
   *
   * @param target path and query, not decoded
   */
  record Request(String method, String target, Headers headers, String body) {
    String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  private final HttpServer server;
  private final String scheme;
  private final BlockingQueue<Request> handshakes = new ArrayBlockingQueue<>(100);
  private final BlockingQueue<Request> pushes = new ArrayBlockingQueue<>(100);
  private final AtomicInteger failures = new AtomicInteger();

  private Receiver(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", this::answer);
    server.start();
  }

  static Receiver http() throws IOException {
    return new Receiver(HttpServer.create(loopback(), 0), "http");
  }

  /** An endpoint with a certificate of its own for {@code localhost}. */
  static Receiver https(TestCertificate certificate) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
    return new Receiver(server, "https");
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Answers the next pushes with 503. */
  void failNext(int pushesToFail) {
    failures.set(pushesToFail);
  }

  String url(String target) {
    return scheme + "://localhost:" + server.getAddress().getPort() + target;
  }

  private void answer(HttpExchange exchange) throws IOException {
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    int status = 200;
    if (request.method.equals("OPTIONS")) {
      exchange
          .getResponseHeaders()
          .set("WebHook-Allowed-Origin", request.header("WebHook-Request-Origin"));
      handshakes.add(request);
    } else {
      status = failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? 503 : 200;
      pushes.add(request);
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  Request handshake() throws InterruptedException {
    return next(handshakes, "handshake");
  }

  Request push() throws InterruptedException {
    return next(pushes, "push");
  }

  private static Request next(BlockingQueue<Request> requests, String what)
      throws InterruptedException {
    Request request = requests.poll(WITHIN_SECONDS, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no " + what + " within " + WITHIN_SECONDS + " s");
    }
    return request;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
