// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Apache Qpid Broker-J as its distribution ships it, with the Berkeley DB store, one durable queue,
 * and AMQP 1.0 over WebSocket for anonymous clients. Memory and collector are the product's but for
 * a backlog.
 */
final class BrokerJPeer implements Peer {
  private static final String QUEUE = "bench";

  /**
   * A million waiting messages take more than the 512 MiB it is shipped with: the heap that Artemis
   * has, and the direct memory it is shipped with.
   */
  private static final String BACKLOG_MEMORY = "-Xmx2g -XX:MaxDirectMemorySize=1536m";

  private final Path home;
  private final Path work;
  private final int port = Ports.free();

  /**
   * @param repository root of the source tree, whose build names the version
   * @param work directory for data and configuration
   */
  BrokerJPeer(Path repository, Path work) {
    home = Distribution.unpacked(repository, "broker-j", "bin/qpid-server");
    this.work = work.resolve("broker-j");
    Peer.delete(this.work);
    try {
      Files.createDirectories(this.work);
      Files.writeString(initial(), configuration(port));
    } catch (IOException e) {
      throw new BenchFailure("cannot write the configuration of Broker-J", e);
    }
  }

  private Path initial() {
    return work.resolve("initial-config.json");
  }

  private Path data() {
    return work.resolve("work");
  }

  /** What a broker without a configuration of its own starts from. */
  static String configuration(int port) {
    JsonMapper json = JsonMapper.shared();
    Map<String, Object> virtualHost =
        Map.of("type", "BDB", "queues", List.of(Map.of("name", QUEUE, "durable", true)));
    return json.writeValueAsString(
        Map.of(
            "name",
            "bench",
            "modelVersion",
            "8.0",
            "authenticationproviders",
            List.of(Map.of("name", "anonymous", "type", "Anonymous")),
            "brokerloggers",
            List.of(console()),
            "ports",
            List.of(
                Map.of(
                    "name",
                    "AMQP",
                    "type",
                    "AMQP",
                    "port",
                    port,
                    "bindingAddress",
                    "127.0.0.1",
                    "transports",
                    List.of("WS"),
                    "protocols",
                    List.of("AMQP_1_0"),
                    "authenticationProvider",
                    "anonymous",
                    "virtualhostaliases",
                    List.of(everyHostName()))),
            "virtualhostnodes",
            List.of(
                Map.of(
                    "name",
                    "default",
                    "type",
                    "JSON",
                    "defaultVirtualHostNode",
                    "true",
                    "virtualHostInitialConfiguration",
                    json.writeValueAsString(virtualHost)))));
  }

  /** Clients name the host they connect to; whatever it is, it is the one virtual host. */
  private static Map<String, Object> everyHostName() {
    return Map.of(
        "name",
        "every",
        "type",
        "patternMatchingAlias",
        "pattern",
        ".*",
        "virtualHostNode",
        "default");
  }

  /** The console tells when the broker is ready. */
  private static Map<String, Object> console() {
    return Map.of(
        "name",
        "console",
        "type",
        "Console",
        "brokerloginclusionrules",
        List.of(
            Map.of("name", "Root", "type", "NameAndLevel", "level", "WARN", "loggerName", "ROOT"),
            Map.of(
                "name",
                "Broker",
                "type",
                "NameAndLevel",
                "level",
                "INFO",
                "loggerName",
                "qpid.message.broker.*")));
  }

  @Override
  public String name() {
    return "broker-j";
  }

  @Override
  public String product() {
    return "Apache Qpid Broker-J " + home.getFileName() + ", Berkeley DB store";
  }

  @Override
  public void wipe() {
    Peer.delete(data());
  }

  @Override
  public Running start(Demand demand) {
    List<String> command =
        List.of(
            home.resolve("bin/qpid-server").toString(),
            "-prop",
            "qpid.work_dir=" + data(),
            "-icp",
            initial().toString());
    ProcessBuilder builder = ServerProcess.manyFiles(command).directory(work.toFile());
    builder.environment().put("QPID_WORK", work.toString());
    if (demand.maxHeap() != null) {
      builder.environment().put("QPID_JAVA_MEM", BACKLOG_MEMORY);
    }
    String jdk = Path.of(System.getProperty("java.home"), "bin").toString();
    builder.environment().merge("PATH", jdk, (path, first) -> first + ":" + path);
    ServerProcess process =
        ServerProcess.start(
            builder, work.resolveSibling("broker-j.log"), line -> line.contains("BRK-1004"));
    return new Running(
        process,
        new Target(Target.Wire.WEBSOCKET, "127.0.0.1", port, "/", null, QUEUE, QUEUE, QUEUE));
  }
}
