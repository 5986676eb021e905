// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.AccessControl;
import dev.weft.access.AccessSettings;
import dev.weft.access.Sealer;
import dev.weft.access.ServiceInstance;
import dev.weft.access.ServiceKey;
import dev.weft.access.TokenRequest;
import dev.weft.access.TokenResult;
import dev.weft.broker.Administration;
import dev.weft.broker.BrokerLimits;
import dev.weft.broker.Catalogue;
import dev.weft.broker.ConnectionQuota;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.QueueAttributes;
import dev.weft.broker.Routing;
import dev.weft.queue.FakeClock;
import dev.weft.queue.InMemoryQueueEngine;
import dev.weft.queue.QueueName;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The door on a port of its own, over the real broker and access rooms and the reference engine.
 */
final class RestFixture implements AutoCloseable {
  static final QueueName ORDERS = new QueueName("acme/shop/one/orders");
  static final String TOPIC = "acme/shop/one/ce/Order/Changed/v1";
  static final RestSettings SETTINGS =
      new RestSettings(
          Duration.ofMinutes(2), Duration.ofMillis(5), 64L << 20, 1_000, 256, 256 << 10);

  private static final JsonMapper JSON = new JsonMapper();

  final Vertx vertx = Vertx.vertx();
  final FakeClock clock = new FakeClock();
  final InMemoryQueueEngine engine = new InMemoryQueueEngine(clock);
  final FakePusher pusher = new FakePusher();
  final AccessControl access;
  final Administration administration;
  final ServiceInstance instance;
  final ServiceKey key;
  private final Catalogue catalogue;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  RestFixture(Path folder) {
    this(folder, SETTINGS);
  }

  RestFixture(Path folder, RestSettings settings) {
    SecureRandom random = new SecureRandom();
    catalogue = Catalogue.open(folder.resolve("catalogue"));
    Sealer sealer = Sealer.open(folder.resolve("seal.key"), random);
    access =
        new AccessControl(
            catalogue, sealer, AccessSettings.of("https://localhost:8443"), clock, random);
    Routing routing = new Routing();
    BrokerLimits limits = BrokerLimits.DEFAULT;
    FrontDoor frontDoor = new FrontDoor(engine, routing, limits);
    administration = new Administration(catalogue, engine, routing, limits, sealer);
    administration.start();
    administration.attach(pusher);
    instance = access.putInstance("shop-events", descriptor("shop-events", "acme/shop/one", true));
    key = access.createKey("shop-events", "default", null);
    Router router = Router.router(vertx);
    new RestDoor(
            vertx,
            frontDoor,
            administration,
            access,
            limits,
            new ConnectionQuota(limits),
            settings,
            clock)
        .mount(router);
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    reset();
  }

  /** The instance with one empty queue, as at the start: a database for each test takes long. */
  void reset() {
    administration.deleteEverything(instance);
    pusher.forget();
    administration.putQueue(instance, ORDERS, QueueAttributes.NONE);
  }

  static String descriptor(String emname, String namespace, boolean options) {
    return """
        {
          "emname": "%s", "version": "1.1.0", "namespace": "%s",
          "options": { "management": %s, "messagingrest": %s, "messaging": true },
          "rules": {
            "queueRules": { "publishFilter": ["${namespace}/*"], "subscribeFilter": ["${namespace}/*"] },
            "topicRules": { "publishFilter": ["${namespace}/*"],
                            "subscribeFilter": ["${namespace}/*", "+/+/+/ce/*"] }
          }
        }
        """
        .formatted(emname, namespace, options, options);
  }

  String token() {
    return token(key);
  }

  String token(ServiceKey of) {
    TokenRequest request = new TokenRequest(basic(of), "grant_type=client_credentials", null, null);
    if (access.grant(request) instanceof TokenResult.Granted granted) {
      return granted.accessToken();
    }
    throw new AssertionError("no token for " + of);
  }

  static String basic(ServiceKey key) {
    byte[] pair = (key.clientId() + ":" + key.clientSecret()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  int port() {
    return server.actualPort();
  }

  /** A name as one segment of a path. */
  static String segment(Object name) {
    // A plus in a path is a plus, never a space.
    return URLEncoder.encode(name.toString(), StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String messages(QueueName queue) {
    return RestDoor.MESSAGING + "/queues/" + segment(queue) + "/messages";
  }

  /** What came back. */
  record Reply(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      return JSON.readTree(response.body());
    }

    @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    String code() {
      return json().path("error").path("code").asString("");
    }

    String message() {
      return json().path("error").path("message").asString("");
    }
  }

  /** With the instance's token. */
  Reply ask(String method, String path, @Nullable String body, String... headers) {
    return askAs(token(), method, path, body, headers);
  }

  Reply askAs(
      @Nullable String token,
      String method,
      String path,
      @Nullable String body,
      String... headers) {
    return send(
        method,
        path,
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body),
        request -> {
          if (token != null) {
            request.header("Authorization", "Bearer " + token);
          }
          for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
          }
        });
  }

  Reply send(
      String method,
      String path,
      HttpRequest.BodyPublisher body,
      Consumer<HttpRequest.Builder> more) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(20))
            .method(method, body);
    more.accept(request);
    try {
      return new Reply(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Publishes to the queue of orders, which must succeed. */
  void publish(String body) {
    Reply reply =
        ask("POST", messages(ORDERS), body, "x-qos", "1", "Content-Type", "application/json");
    if (reply.status() != 204) {
      throw new AssertionError(reply.status() + " " + reply.text());
    }
  }

  Reply consume(int qos) {
    return ask("POST", messages(ORDERS) + "/consumption", null, "x-qos", Integer.toString(qos));
  }

  @Override
  public void close() {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    engine.close();
    catalogue.close();
  }
}
