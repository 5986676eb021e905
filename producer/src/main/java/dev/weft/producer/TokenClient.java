// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Fetches tokens by client credentials, Basic and form body as the vendor's clients send them. */
final class TokenClient implements AutoCloseable {
  /** As long as the vendor's Node client waits (wire reference 3.4). */
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final HttpClient http;

  TokenClient(@Nullable SSLContext trust) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT);
    if (trust != null) {
      builder.sslContext(trust);
    }
    this.http = builder.build();
  }

  String fetch(ServiceKeyDocument key) throws ChannelFailure {
    String credentials = key.clientId() + ":" + key.clientSecret();
    HttpRequest request =
        HttpRequest.newBuilder(key.tokenEndpoint())
            .timeout(TIMEOUT)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
            .build();
    HttpResponse<String> response = send(request);
    if (response.statusCode() != 200) {
      throw new ChannelFailure(
          ChannelFailure.Step.TOKEN,
          key.tokenEndpoint() + " answered " + response.statusCode() + " to the token request");
    }
    return accessToken(response.body());
  }

  private HttpResponse<String> send(HttpRequest request) throws ChannelFailure {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new ChannelFailure(
          ChannelFailure.Step.TOKEN,
          request.uri() + " cannot be reached: " + e.getClass().getSimpleName() + reason(e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChannelFailure(ChannelFailure.Step.TOKEN, "Interrupted", e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
  }

  private static String accessToken(String body) throws ChannelFailure {
    try {
      String token = JsonMapper.shared().readTree(body).path("access_token").asString("");
      if (!token.isEmpty()) {
        return token;
      }
    } catch (JacksonException e) {
      // Falls through: what came is no token answer, and its text may hold a secret.
    }
    throw new ChannelFailure(
        ChannelFailure.Step.TOKEN, "The answer of the token endpoint has no access_token");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
