// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Our own server, as a stranger would use it: a landscape with one instance and one queue, a
 * service key read from its file, a token from the key's endpoint. TLS is off, as at the peers.
 */
final class WeftPeer implements Peer {
  private static final String NAMESPACE = "acme/bench/one";
  private static final String QUEUE = NAMESPACE + "/load";

  /** The vendor's default of a queue's size limit, in bytes. */
  private static final long QUEUE_BYTES_DEFAULT = 1_572_864_000;

  private final JsonMapper json = JsonMapper.builder().build();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> launch;
  private final Path work;
  private final long queueBytesMax;

  /**
   * @param launch options of the JVM and what names the server's main class, without {@code java}
   * @param waitingBytes what the queue has to hold at once
   */
  WeftPeer(List<String> launch, Path work, long waitingBytes) {
    this.launch = List.copyOf(launch);
    this.work = work.resolve("weft");
    queueBytesMax = Math.max(QUEUE_BYTES_DEFAULT, waitingBytes);
    wipe();
  }

  /** The peer as our server, for cells that suit no other. */
  static WeftPeer of(Peer peer) {
    if (peer instanceof WeftPeer own) {
      return own;
    }
    throw new BenchFailure(peer.name() + " is not our server");
  }

  /** One of the queues that were asked for beside the first. */
  static Target queue(Target load, String name) {
    String address = "queue:" + NAMESPACE + "/" + name;
    return load.at(address, address);
  }

  /** A topic to publish to, and a queue to consume from. */
  static Target topic(Target load, String topic, String queue) {
    return load.at("topic:" + NAMESPACE + "/" + topic, "queue:" + NAMESPACE + "/" + queue);
  }

  /** What the server keeps on the disk. */
  StoreFiles store() {
    return new StoreFiles(work.resolve("data"));
  }

  /** The landscape of one instance with the queue of the load and those that a cell asks for. */
  static String landscape(long queueBytesMax, List<Demand.ExtraQueue> queues) {
    StringBuilder landscape = new StringBuilder(instance(queueBytesMax));
    for (Demand.ExtraQueue queue : queues) {
      landscape.append("      - name: ").append(NAMESPACE).append('/').append(queue.name());
      landscape.append('\n');
      if (queue.topic() != null) {
        landscape.append("        subscriptions: [").append(NAMESPACE).append('/');
        landscape.append(queue.topic()).append("]\n");
      }
      if (queue.immediate()) {
        landscape.append("        redelivery: immediate\n");
      }
    }
    return landscape.toString();
  }

  private static String instance(long queueBytesMax) {
    return """
      weft: 1
      instances:
        - name: bench
          plan: default
          parameters:
            emname: bench
            namespace: acme/bench/one
            version: "1.1.0"
            options: { management: true, messagingrest: true, messaging: true }
            rules:
              queueRules: { publishFilter: ["${namespace}/*"], subscribeFilter: ["${namespace}/*"] }
              topicRules: { publishFilter: ["${namespace}/*"], subscribeFilter: ["${namespace}/*"] }
          keys: [default]
          queues:
            - name: %s
              maxQueueSizeInBytes: %d
      """
        .formatted(QUEUE, queueBytesMax);
  }

  private Path landscape() {
    return work.resolve("landscape.yaml");
  }

  @Override
  public String name() {
    return "weft";
  }

  @Override
  public String product() {
    return "Weft";
  }

  @Override
  public void wipe() {
    try {
      Files.createDirectories(work);
      try (var entries = Files.list(work)) {
        for (Path entry : entries.filter(path -> !path.equals(landscape())).toList()) {
          Peer.delete(entry);
        }
      }
    } catch (IOException e) {
      throw new BenchFailure("cannot empty " + work, e);
    }
  }

  @Override
  public Running start(Demand demand) {
    try {
      Files.writeString(landscape(), landscape(queueBytesMax, demand.queues()));
    } catch (IOException e) {
      throw new BenchFailure("cannot write the landscape", e);
    }
    String maxHeap = demand.maxHeap();
    Path keys = work.resolve("keys");
    List<String> command = new ArrayList<>(List.of(ServerProcess.java()));
    for (String argument : launch) {
      command.add(maxHeap != null && argument.startsWith("-Xmx") ? "-Xmx" + maxHeap : argument);
    }
    command.add("up");
    command.addAll(List.of("--landscape", landscape().toString()));
    command.addAll(List.of("--data", work.resolve("data").toString()));
    command.addAll(List.of("--port", "0", "--bind", "127.0.0.1", "--tls", "off"));
    command.addAll(List.of("--write-keys", keys.toString(), "-o", "json"));
    if (demand.connections() > 0) {
      command.add("--connections-per-instance=" + demand.connections());
    }
    ServerProcess process =
        ServerProcess.start(
            ServerProcess.manyFiles(command).directory(work.toFile()),
            work.resolveSibling("weft.log"),
            WeftPeer::isReady);
    try {
      return new Running(process, target(keys.resolve("bench.default.json")));
    } catch (IOException | BenchFailure e) {
      process.close();
      throw new BenchFailure("the server is up, but there is no token: " + e.getMessage(), e);
    }
  }

  private static boolean isReady(String line) {
    return line.startsWith("{") && line.replace(" ", "").contains("\"ready\":true");
  }

  private Target target(Path keyFile) throws IOException {
    JsonNode messaging = json.readTree(Files.readString(keyFile)).path("messaging").path(0);
    URI uri = URI.create(messaging.path("uri").stringValue());
    String queue = "queue:" + QUEUE;
    String bearer = "Bearer " + token(messaging.path("oa2"));
    return new Target(
        Target.Wire.WEBSOCKET,
        uri.getHost(),
        uri.getPort(),
        uri.getPath(),
        bearer,
        queue,
        queue,
        queue);
  }

  private String token(JsonNode credentials) throws IOException {
    String user =
        credentials.path("clientid").stringValue()
            + ":"
            + credentials.path("clientsecret").stringValue();
    String basic = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(credentials.path("tokenendpoint").stringValue()))
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new BenchFailure("the token endpoint answered " + response.statusCode());
      }
      return json.readTree(response.body()).path("access_token").stringValue();
    } catch (InterruptedException e) {
      throw ServerProcess.interrupted(e);
    }
  }
}
