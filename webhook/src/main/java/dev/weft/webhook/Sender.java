// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.TrustOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request and reads its answer within fixed bounds: no redirects, a limit on the
 * time of the whole exchange and on the bytes read. Used from any event loop; an outcome arrives on
 * the loop that asked. Every outcome is a value: the futures never fail.
 */
final class Sender implements AutoCloseable {
  /**
   * Seconds an unused connection is kept: less than the 5 s after which a Node server closes it, so
   * that a push does not meet a connection that is just being closed.
   */
  private static final int KEEP_ALIVE_SECONDS = 4;

  /**
   * Connections to one host. Never the limit that counts, since each subscription bounds its own;
   * it only has to be above their sum.
   */
  private static final int CONNECTIONS_MAX = 16_384;

  private final HttpClientAgent client;
  private final Timers timers;
  private final WebhookSettings settings;

  Sender(Vertx vertx, WebhookSettings settings, Timers timers) {
    this.settings = settings;
    this.timers = timers;
    int connectMillis = Math.toIntExact(settings.connectTimeout().toMillis());
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setConnectTimeout(connectMillis)
            .setSslHandshakeTimeout(connectMillis)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setDecompressionSupported(false)
            .setVerifyHost(true);
    if (!settings.trusted().isEmpty()) {
      options.setTrustOptions(TrustOptions.wrap(TrustAnchors.with(settings.trusted())));
    }
    client =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX))
            .build();
  }

  /**
   * @param headers complete but for {@code Host} and {@code Content-Length}
   */
  Future<Outcome> send(HttpMethod method, Endpoint endpoint, MultiMap headers, Buffer body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setSsl(endpoint.tls())
            .setHost(endpoint.host())
            .setPort(endpoint.port())
            .setURI(endpoint.target())
            .setFollowRedirects(false)
            .setHeaders(headers);
    Exchange exchange = new Exchange();
    exchange.start(client, options, body);
    return exchange.outcome.future();
  }

  @Override
  public void close() {
    client.close();
  }

  /** One request with its answer; belongs to the event loop that sent it. */
  private final class Exchange {
    private final Promise<Outcome> outcome = Promise.promise();
    private final Buffer kept = Buffer.buffer();
    private final Timers.Timer deadline = timers.after(settings.totalTimeout(), this::expire);
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse head;
    private boolean done;

    void start(HttpClient client, RequestOptions options, Buffer body) {
      client
          .request(options)
          .onSuccess(connected -> connected(connected, body))
          .onFailure(this::fail);
    }

    private void connected(HttpClientRequest connected, Buffer body) {
      request = connected;
      if (done) {
        connected.reset();
        return;
      }
      connected.send(body).onSuccess(this::answered).onFailure(this::fail);
    }

    private void answered(HttpClientResponse response) {
      head = response;
      response.exceptionHandler(this::fail);
      response.handler(this::read);
      response.endHandler(end -> finish(answer(response)));
    }

    private void read(Buffer bytes) {
      if (done) {
        return;
      }
      int room = settings.answerBytesMax() - kept.length();
      kept.appendBuffer(bytes.slice(0, Math.min(room, bytes.length())));
      if (bytes.length() > room && head != null) {
        // The status said all; who sends more than that loses the connection.
        finish(answer(head));
        reset();
      }
    }

    /** A status that arrived counts even if the rest of the answer never does. */
    private void expire() {
      finish(
          head == null
              ? new Outcome.Unanswered(
                  "no answer within " + settings.totalTimeout().toSeconds() + " s")
              : answer(head));
      reset();
    }

    private void fail(Throwable failure) {
      finish(head == null ? new Outcome.Unanswered(FailureReason.of(failure)) : answer(head));
    }

    private Outcome answer(HttpClientResponse response) {
      return new Outcome.Answered(response.statusCode(), response.headers(), kept);
    }

    private void finish(Outcome value) {
      if (!done) {
        done = true;
        deadline.cancel();
        outcome.complete(value);
      }
    }

    private void reset() {
      if (request != null) {
        request.reset();
      }
    }
  }
}
