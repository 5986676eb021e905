// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.producer.ChannelFailure;
import dev.weft.producer.Trust;
import dev.weft.server.node.DataDirectory;
import dev.weft.server.node.ExitCode;
import dev.weft.server.node.OperatorAccess;
import dev.weft.server.node.SettingKey;
import dev.weft.server.node.SettingSources;
import dev.weft.server.node.StartFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which running server a command means, and how it is asked. */
final class OperatorClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String API = "/api/weft/v1/";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory of the running server. Default: the setting data")
  private @Nullable Path data;

  private @Nullable OperatorAccess access;
  private @Nullable HttpClient http;

  /** Query part and path segments need the same care. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) {
    return send(request(path).GET().build());
  }

  JsonNode post(String path, JsonNode body) {
    return post(path, body, TIMEOUT);
  }

  /**
   * @param timeout for work that takes as long as it takes
   */
  JsonNode post(String path, JsonNode body, Duration timeout) {
    return send(
        request(path)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** Trusts the server's CA; null when the server has none. */
  @Nullable SSLContext trust() {
    Path caFile = access().caFile();
    try {
      return caFile == null ? null : Trust.of(caFile);
    } catch (ChannelFailure e) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  private OperatorAccess access() {
    if (access == null) {
      Path file = DataDirectory.operator(directory());
      try {
        access = OperatorAccess.read(file);
      } catch (IOException e) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "No server was started on this data directory: " + file + " cannot be read.",
            e);
      }
    }
    return access;
  }

  Path directory() {
    if (data != null) {
      return data;
    }
    Path here = Path.of("").toAbsolutePath();
    try {
      String setting =
          SettingSources.read(Map.of(), System.getenv(), here).value(SettingKey.DATA).text();
      return here.resolve(setting);
    } catch (StartFailure e) {
      throw CommandFailure.of(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(access().url() + API + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + access().token());
  }

  private JsonNode send(HttpRequest request) {
    if (http == null) {
      HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
      SSLContext trust = trust();
      if (trust != null) {
        builder.sslContext(trust);
      }
      http = builder.build();
    }
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      JsonNode body = JsonMapper.shared().readTree(response.body());
      if (response.statusCode() != 200) {
        throw new CommandFailure(
            response.statusCode() == 400 ? ExitCode.USAGE : ExitCode.FAILED,
            body.path("error")
                    .path("message")
                    .asString("The server answered " + response.statusCode())
                + ".");
      }
      return body;
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "No server answers at " + access().url() + "; is it running?", e);
    } catch (JacksonException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "What answers at " + access().url() + " is no Weft server.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.FAILED, "Interrupted.", e);
    }
  }
}
