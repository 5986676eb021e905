// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One service instance as its owner sees it: token, messaging and management API over HTTP, with
 * names encoded the way every client does (wire reference 0.2, rule 6).
 */
public final class Mesh {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String MESSAGING = "/messagingrest/v1";
  private static final String MANAGEMENT = "/hub/rest/api/v1/management/messaging";

  private final ServiceKeyFile key;
  private final HttpClient http;
  private final @Nullable SSLContext trust;
  private final String token;

  private Mesh(ServiceKeyFile key, HttpClient http, @Nullable SSLContext trust, String token) {
    this.key = key;
    this.http = http;
    this.trust = trust;
    this.token = token;
  }

  static Mesh connect(ServiceKeyFile key, @Nullable SSLContext trust) {
    HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    if (trust != null) {
      builder.sslContext(trust);
    }
    HttpClient http = builder.build();
    HttpResponse<String> answer = token(http, key, key.clientSecret());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("no token: " + answer.statusCode() + " " + answer.body());
    }
    String token = JsonMapper.shared().readTree(answer.body()).path("access_token").asString();
    return new Mesh(key, http, trust, token);
  }

  private static HttpResponse<String> token(HttpClient http, ServiceKeyFile key, String secret) {
    String credentials = key.clientId() + ":" + secret;
    return send(
        http,
        HttpRequest.newBuilder(key.tokenEndpoint())
            .timeout(TIMEOUT)
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("grant_type=client_credentials"))
            .build());
  }

  /** The answer of the token endpoint to this instance with some secret. */
  public HttpResponse<String> token(String secret) {
    return token(http, key, secret);
  }

  public ServiceKeyFile key() {
    return key;
  }

  public String token() {
    return token;
  }

  /** What to trust; null means the server speaks without TLS. */
  public @Nullable SSLContext trust() {
    return trust;
  }

  /** The same instance with another token, such as an expired or a forged one. */
  public Mesh withToken(String other) {
    return new Mesh(key, http, trust, other);
  }

  /** A name below the instance's namespace. */
  public String named(String last) {
    return key.namespace() + "/" + last;
  }

  public HttpResponse<String> publishToTopic(String topic, String body) {
    return messaging("POST", "/topics/" + encoded(topic) + "/messages", Map.of("x-qos", "1"), body);
  }

  public HttpResponse<String> publishToQueue(String queue, String body) {
    return messaging("POST", "/queues/" + encoded(queue) + "/messages", Map.of("x-qos", "1"), body);
  }

  /**
   * @param qos 0 removes the message at once, 1 waits for the acknowledgement
   */
  public HttpResponse<String> consume(String queue, int qos) {
    return messaging(
        "POST",
        "/queues/" + encoded(queue) + "/messages/consumption",
        Map.of("x-qos", Integer.toString(qos)),
        "");
  }

  public HttpResponse<String> acknowledge(String queue, String messageId) {
    return messaging(
        "POST",
        "/queues/" + encoded(queue) + "/messages/" + encoded(messageId) + "/acknowledgement",
        Map.of(),
        "");
  }

  public HttpResponse<String> putQueue(String queue, String attributes) {
    return management("PUT", "/queues/" + encoded(queue), attributes);
  }

  public HttpResponse<String> queue(String queue) {
    return management("GET", "/queues/" + encoded(queue), "");
  }

  public long messageCount(String queue) {
    HttpResponse<String> answer = queue(queue);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(queue + ": " + answer.statusCode() + " " + answer.body());
    }
    return json(answer).path("messageCount").asLong(-1);
  }

  public HttpResponse<String> putSubscription(String queue, String topic) {
    return management("PUT", "/queues/" + encoded(queue) + "/subscriptions/" + encoded(topic), "");
  }

  public List<String> subscriptions(String queue) {
    List<String> patterns = new ArrayList<>();
    json(management("GET", "/queues/" + encoded(queue) + "/subscriptions", ""))
        .forEach(subscription -> patterns.add(subscription.path("topicPattern").asString()));
    return patterns;
  }

  /** A queue that exists and is fed by the topic patterns; the tests fail when it can't be made. */
  public String declare(String queue, String attributes, String... topics) {
    requireSuccess(putQueue(queue, attributes));
    for (String topic : topics) {
      requireSuccess(putSubscription(queue, topic));
    }
    return queue;
  }

  public HttpResponse<String> messaging(
      String method, String path, Map<String, String> headers, String body) {
    return call(key.rest(), method, MESSAGING + path, headers, body);
  }

  public HttpResponse<String> management(String method, String path, String body) {
    return call(
        key.management(),
        method,
        MANAGEMENT + path,
        Map.of("Content-Type", "application/json"),
        body);
  }

  private HttpResponse<String> call(
      URI host, String method, String path, Map<String, String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(host + path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return send(http, request.build());
  }

  private static HttpResponse<String> send(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void requireSuccess(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          answer.request().uri() + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  public static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  public static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }
}
