// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.awaitility.Awaitility.await;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A receiver that remembers what it got and answers as it is told. Safe for any thread. */
final class Sink {
  private final List<Received> received = new ArrayList<>();
  private final HttpServer server;
  private volatile Consumer<Received> behaviour = request -> request.answer(200);

  /** One request with its body. */
  record Received(
      String method, String target, MultiMap headers, Buffer body, HttpServerResponse response) {
    void answer(int status) {
      response.setStatusCode(status).end();
    }

    void answer(int status, String json) {
      response.setStatusCode(status).putHeader("Content-Type", "application/json").end(json);
    }

    void agree(String origin) {
      response.putHeader("WebHook-Allowed-Origin", origin).end();
    }

    String text() {
      return body.toString();
    }
  }

  Sink(Vertx vertx) {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Received one =
                  new Received(
                      request.method().name(),
                      request.uri(),
                      request.headers(),
                      body,
                      request.response());
              synchronized (this) {
                received.add(one);
              }
              behaviour.accept(one);
            });
  }

  void behave(Consumer<Received> next) {
    behaviour = next;
  }

  String url(String target) {
    return "http://127.0.0.1:" + server.actualPort() + target;
  }

  synchronized List<Received> received() {
    return List.copyOf(received);
  }

  List<Received> received(String method) {
    return received().stream().filter(one -> one.method().equals(method)).toList();
  }

  List<Received> received(String method, String target) {
    return received(method).stream().filter(one -> one.target().equals(target)).toList();
  }

  /** Waits for so many requests of a method and gives the last of them. */
  Received nth(String method, int count) {
    await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(10))
        .until(() -> received(method).size() >= count);
    return received(method).get(count - 1);
  }
}
