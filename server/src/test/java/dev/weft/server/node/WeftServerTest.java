// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.server.landscape.LandscapeReader;
import dev.weft.server.landscape.LandscapeSchema;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Start, stop, restart, refusals and the operator's API of one server in this process. */
class WeftServerTest {
  private static final LandscapeSchema SCHEMA = new LandscapeSchema();
  private static final Path EXAMPLE = Path.of("..", "examples", "landscape.yaml");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;

  @Test
  void restartKeepsKeysQueuesAndSubscriptions() throws Exception {
    String topic = "acme/s4/dev/ce/sap/s4/beh/salesorder/v1/SalesOrder/Created/v1";
    JsonNode key;
    JsonNode exported;
    try (WeftServer first = start(EXAMPLE)) {
      key = clientOf(first.keyDocument("shop-events", "default"));
      assertThat(first.queuesFor(topic)).hasToString("[acme/shop/one/orders]");
      exported = operator(first, "GET", "landscape", "").body();
    }
    try (WeftServer second = start(null)) {
      assertThat(second.recovery().clean()).isTrue();
      assertThat(clientOf(second.keyDocument("shop-events", "default"))).isEqualTo(key);
      assertThat(second.queuesFor(topic)).hasToString("[acme/shop/one/orders]");
      assertThat(operator(second, "GET", "landscape", "").body()).isEqualTo(exported);
    }
  }

  @Test
  void anExportIsALandscapeThatChangesNothing() throws Exception {
    try (WeftServer server = start(EXAMPLE)) {
      JsonNode exported = operator(server, "GET", "landscape", "").body();

      JsonNode plan =
          operator(server, "POST", "landscape/plan?prune=true", exported.toString()).body();

      assertThat(plan.path("changes")).isEmpty();
    }
  }

  @Test
  void applyDoesWhatPlanSaysAndIsIdempotent() throws Exception {
    try (WeftServer server = start(EXAMPLE)) {
      String changed =
          LandscapeReader.read(EXAMPLE, SCHEMA)
              .document()
              .toString()
              .replace("\"maxRedeliveryCount\":10", "\"maxRedeliveryCount\":12")
              .replace("to-flow", "to-shop");

      JsonNode plan = operator(server, "POST", "landscape/plan?prune=true", changed).body();
      JsonNode applied = operator(server, "POST", "landscape/apply?prune=true", changed).body();
      JsonNode again = operator(server, "POST", "landscape/apply?prune=true", changed).body();

      assertThat(plan.path("changes"))
          .extracting(
              change -> change.path("action").asString() + " " + change.path("name").asString())
          .containsExactly("delete to-flow", "update acme/shop/one/orders", "create to-shop");
      assertThat(plan.at("/changes/1/attributes/maxRedeliveryCount").toString())
          .isEqualTo("{\"before\":10,\"after\":12}");
      assertThat(applied.path("changes")).isEqualTo(plan.path("changes"));
      assertThat(again.path("changes")).isEmpty();
    }
  }

  @Test
  void theOperatorApiNeedsItsTokenAndAnswersInJson() throws Exception {
    try (WeftServer server = start(null)) {
      assertThat(get(server, "/api/weft/v1/queues", "Bearer wrong").statusCode()).isEqualTo(401);
      assertThat(get(server, "/api/weft/v1/queues", null).headers().firstValue("WWW-Authenticate"))
          .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
      assertThat(get(server, "/api/weft/v1/landscape.schema.json", null).body())
          .contains("Weft landscape");
      assertThat(operator(server, "GET", "nothing", "").status()).isEqualTo(404);
      assertThat(operator(server, "POST", "landscape/plan", "{\"weft\":2}").status())
          .isEqualTo(400);
      assertThat(operator(server, "GET", "queues/no%2Fsuch%2Fqueue/messages", "").status())
          .isEqualTo(404);
      assertThat(get(server, "/nowhere", null))
          .satisfies(
              answer -> {
                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValue("application/json");
              });
    }
  }

  @Test
  void theApiDocumentNamesWhatTheServerAnswers() throws Exception {
    try (WeftServer server = start(EXAMPLE)) {
      JsonNode api =
          JsonMapper.shared().readTree(get(server, "/api/weft/v1/openapi.json", null).body());

      for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
        String concrete =
            path.getKey()
                .substring(1)
                .replace("{instance}", "shop-events")
                .replace("{key}", "default")
                .replace("{queue}", "acme%2Fshop%2Fone%2Fdead");
        String method = path.getValue().has("post") ? "POST" : "GET";
        String body =
            concrete.equals("backup")
                ? "{\"into\":\"%s\"}".formatted(directory.resolve("backup"))
                : "{\"weft\":1}";
        assertThat(operator(server, method, concrete, body).status())
            .as(path.getKey())
            .isEqualTo(200);
      }
    }
  }

  @Test
  void healthAndUpgradeAnswerInPlainHttp() throws Exception {
    try (WeftServer server = start(EXAMPLE)) {
      for (String kind : new String[] {"live", "ready", "started"}) {
        assertThat(get(server, "/health/" + kind, null).statusCode()).isEqualTo(200);
      }
      // Wire reference 4.1: refused before the upgrade, in plain HTTP.
      assertThat(get(server, "/protocols/amqp10ws", null).statusCode()).isEqualTo(401);
      assertThat(get(server, "/protocols/amqp10ws", "Bearer a.b.c").body())
          .contains("no token of this server");
    }
  }

  @Test
  void anUpgradeIsRefusedByQuotaAndByOption() throws Exception {
    Path landscape = directory.resolve("quota.yaml");
    Files.writeString(
        landscape,
        """
        weft: 1
        instances:
          - name: one
            parameters: { emname: one, namespace: a/b/one, options: { messaging: true } }
            keys: [default]
          - name: two
            parameters: { emname: two, namespace: a/b/two, options: { messaging: false } }
            keys: [default]
        """);
    try (WeftServer server =
        start(settings(Map.of(SettingKey.CONNECTIONS_PER_INSTANCE, "1")), landscape)) {
      String token = token(server, "one");
      WebSocket first = upgrade(server, token).join();

      assertThat(first.getSubprotocol()).isEqualTo("amqp");
      // One quota over both protocols.
      for (String path : List.of("/protocols/amqp10ws", "/protocols/mqtt311ws")) {
        assertThat(refusal(server, path, token))
            .startsWith("HTTP/1.1 503 ")
            .contains("\r\n\r\nconnection rejected (too much connections)");
        assertThat(refusal(server, path, token(server, "two"))).startsWith("HTTP/1.1 403 ");
      }
      first.abort();
      Awaitility.await().untilAsserted(() -> upgrade(server, token).join().abort());
    }
  }

  @Test
  void keysAndOperatorFilesAreForTheirOwner() throws Exception {
    try (WeftServer server =
        start(settings(Map.of(SettingKey.WRITE_KEYS, "keys", SettingKey.TLS, "on")), EXAMPLE)) {
      assertThat(server.publicUrl()).isEqualTo("https://localhost:" + server.port());
      assertThat(mode("keys/shop-events.default.json")).isEqualTo("rw-------");
      assertThat(mode("keys/shop-s4.default.json")).isEqualTo("rw-------");
      assertThat(mode("keys/ca.pem")).isEqualTo("rw-r--r--");
      assertThat(mode("data.operator")).isEqualTo("rw-------");
      assertThat(mode("data.seal-key")).isEqualTo("rw-------");
    }
  }

  @Test
  void aPortInUseIsFoundBeforeAnythingIsTouched() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Settings settings =
          settings(
              Map.of(
                  SettingKey.PORT,
                  String.valueOf(taken.getLocalPort()),
                  SettingKey.BIND,
                  "0.0.0.0"));

      StartFailure failure = failure(settings);

      assertThat(failure.code()).isEqualTo(ExitCode.PORT_IN_USE);
      assertThat(failure).hasMessage("The port " + taken.getLocalPort() + " is already in use.");
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void aDataDirectoryInUseIsRefusedAndTheOtherServerGoesOn() throws Exception {
    try (WeftServer server = start(EXAMPLE)) {
      assertThat(failure(settings(Map.of())).code()).isEqualTo(ExitCode.DATA_IN_USE);
      assertThat(get(server, "/health/ready", null).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aFileInPlaceOfTheDataIsRefused() throws Exception {
    Files.writeString(directory.resolve("data"), "not a directory");

    assertThat(failure(settings(Map.of())).code()).isEqualTo(ExitCode.STORE_UNREADABLE);
    assertThat(directory.resolve("data")).hasContent("not a directory");
  }

  @Test
  void aDamagedStoreIsRefusedAndStaysAsItWas() throws Exception {
    start(EXAMPLE).close();
    Path journal = directory.resolve("data/journal");
    Map<Path, byte[]> damaged = new HashMap<>();
    for (Path manifest : List.of(journal.resolve("manifest-a"), journal.resolve("manifest-b"))) {
      byte[] bytes = Files.readAllBytes(manifest);
      bytes[0] ^= 1;
      Files.write(manifest, bytes);
      damaged.put(manifest, bytes);
    }

    assertThat(failure(settings(Map.of())).code()).isEqualTo(ExitCode.STORE_CORRUPT);
    for (Map.Entry<Path, byte[]> manifest : damaged.entrySet()) {
      assertThat(Files.readAllBytes(manifest.getKey())).isEqualTo(manifest.getValue());
    }
  }

  private WeftServer start(@org.jspecify.annotations.Nullable Path landscape) throws Exception {
    return start(settings(Map.of()), landscape);
  }

  private static WeftServer start(
      Settings settings, @org.jspecify.annotations.Nullable Path landscape) throws Exception {
    return WeftServer.start(
        new WeftServer.Inputs(
            settings,
            landscape == null ? null : LandscapeReader.read(landscape, SCHEMA),
            () -> SCHEMA,
            Preparation.begin(),
            InstantSource.system(),
            new SecureRandom()));
  }

  private static StartFailure failure(Settings settings) {
    return catchThrowableOfType(StartFailure.class, () -> start(settings, null).close());
  }

  /** Plain HTTP on a free port with small journal files, unless the test says otherwise. */
  private Settings settings(Map<SettingKey, String> more) throws StartFailure {
    Map<SettingKey, String> flags = new EnumMap<>(SettingKey.class);
    flags.put(SettingKey.DATA, "data");
    flags.put(SettingKey.PORT, "0");
    flags.put(SettingKey.TLS, "off");
    flags.put(SettingKey.SEGMENT_MIB, "1");
    flags.putAll(more);
    return Settings.of(SettingSources.read(flags, Map.of(), directory), directory);
  }

  private String mode(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
  }

  /** Client id and secret; the addresses follow the port of each start. */
  private static JsonNode clientOf(String keyDocument) {
    JsonNode uaa = JsonMapper.shared().readTree(keyDocument).path("uaa");
    return JsonMapper.shared()
        .createArrayNode()
        .add(uaa.path("clientid"))
        .add(uaa.path("clientsecret"));
  }

  private record Answer(int status, JsonNode body) {}

  private Answer operator(WeftServer server, String method, String path, String body)
      throws Exception {
    OperatorAccess access = OperatorAccess.read(directory.resolve("data.operator"));
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(server.publicUrl() + "/api/weft/v1/" + path))
                .header("Authorization", "Bearer " + access.token())
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), JsonMapper.shared().readTree(response.body()));
  }

  private static String token(WeftServer server, String instance) throws Exception {
    JsonNode uaa =
        JsonMapper.shared().readTree(server.keyDocument(instance, "default")).path("uaa");
    String credentials =
        uaa.path("clientid").asString() + ":" + uaa.path("clientsecret").asString();
    String basic = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    return JsonMapper.shared()
        .readTree(
            get(server, "/oauth/token?grant_type=client_credentials", "Basic " + basic).body())
        .path("access_token")
        .asString();
  }

  private static CompletableFuture<WebSocket> upgrade(WeftServer server, String token) {
    return HTTP.newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .subprotocols("amqp")
        .buildAsync(
            URI.create("ws://localhost:" + server.port() + "/protocols/amqp10ws"),
            new WebSocket.Listener() {});
  }

  /** The plain answer to an upgrade, which the JDK's clients hide: status line to body. */
  private static String refusal(WeftServer server, String path, String token) throws IOException {
    String request =
        """
        GET %s HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Protocol: amqp

        GET /health/live HTTP/1.1
        Host: localhost
        Connection: close

        """
            .formatted(path, token)
            .replace("\n", "\r\n");
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static HttpResponse<String> get(
      WeftServer server, String path, @org.jspecify.annotations.Nullable String authorization)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.publicUrl() + path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
