// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * RabbitMQ as Debian packages it, with the AMQP 1.0 plugin of the package, as a node of its own:
 * name, ports, data, log, cookie and port mapper are ours, the system's service is left alone.
 * There is no WebSocket for AMQP 1.0 in it, so its clients come over TCP: less work for server and
 * generator than the other peers have.
 */
final class RabbitPeer implements Peer {
  private static final Path LIBRARY = Path.of("/usr/lib/rabbitmq/lib");
  private static final String QUEUE = "bench";

  /** The kinds of durable queues that the product has. */
  enum Kind {
    CLASSIC,
    QUORUM;

    private String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Kind kind;
  private final Path server;
  private final Path work;
  private final int port = Ports.free();
  private final Map<String, String> environment;
  private final PortMapper portMapper;

  /**
   * @param work directory for data, log and configuration
   * @throws Missing if the package is not installed
   */
  RabbitPeer(Path work, Kind kind) {
    this.kind = kind;
    server = installed();
    this.work = work.resolve(name());
    Peer.delete(this.work);
    portMapper = PortMapper.start(this.work.resolveSibling(name() + "-epmd.log"));
    environment = environment(this.work, kind, Ports.free(), portMapper.port());
    try {
      Files.createDirectories(this.work);
      Files.writeString(this.work.resolve("rabbitmq.conf"), configuration(this.work, port));
      Files.writeString(this.work.resolve("definitions.json"), definitions(kind));
      Files.writeString(this.work.resolve("enabled_plugins"), "[rabbitmq_amqp1_0].\n");
    } catch (IOException e) {
      throw new BenchFailure("cannot write the configuration of RabbitMQ", e);
    }
  }

  private static Path installed() {
    if (Files.isDirectory(LIBRARY)) {
      try (Stream<Path> versions = Files.list(LIBRARY)) {
        List<Path> found =
            versions
                .filter(path -> Files.isExecutable(path.resolve("sbin/rabbitmq-server")))
                .toList();
        if (!found.isEmpty()) {
          return found.getLast();
        }
      } catch (IOException e) {
        throw new BenchFailure(LIBRARY + " cannot be read", e);
      }
    }
    throw new Missing("install rabbitmq-server");
  }

  /** The node's settings: one listener, anonymous clients, output to the console. */
  static String configuration(Path work, int port) {
    return """
    listeners.tcp.1 = 127.0.0.1:%d
    load_definitions = %s
    log.console = true
    log.file = false
    amqp1_0.default_user = guest
    """
        .formatted(port, work.resolve("definitions.json"));
  }

  /** The one user that anonymous clients are, and the one queue. */
  static String definitions(Kind kind) {
    String all = ".*";
    return JsonMapper.shared()
        .writeValueAsString(
            Map.of(
                "users",
                List.of(Map.of("name", "guest", "password", "guest", "tags", "")),
                "vhosts",
                List.of(Map.of("name", "/")),
                "permissions",
                List.of(
                    Map.of(
                        "user",
                        "guest",
                        "vhost",
                        "/",
                        "configure",
                        all,
                        "write",
                        all,
                        "read",
                        all)),
                "queues",
                List.of(
                    Map.of(
                        "name",
                        QUEUE,
                        "vhost",
                        "/",
                        "durable",
                        true,
                        "auto_delete",
                        false,
                        "arguments",
                        Map.of("x-queue-type", kind.id())))));
  }

  /** What makes the node one of its own; every name that it would share otherwise. */
  static Map<String, String> environment(
      Path work, Kind kind, int distributionPort, int mapperPort) {
    return Map.ofEntries(
        Map.entry("HOME", work.toString()),
        Map.entry("RABBITMQ_NODENAME", "weft-bench-" + kind.id() + "@localhost"),
        Map.entry("RABBITMQ_MNESIA_BASE", work.resolve("mnesia").toString()),
        Map.entry("RABBITMQ_LOG_BASE", work.resolve("log").toString()),
        Map.entry("RABBITMQ_CONFIG_FILE", work.resolve("rabbitmq.conf").toString()),
        Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
        Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", work.resolve("enabled_plugins").toString()),
        Map.entry("RABBITMQ_LOGS", "-"),
        Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distributionPort)),
        Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)),
        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
        // Makes the script become the server instead of waiting for it: one process to measure.
        Map.entry("RUNNING_UNDER_SYSTEMD", "true"));
  }

  @Override
  public String name() {
    return "rabbitmq-" + kind.id();
  }

  @Override
  public String product() {
    return server.getFileName().toString().replace("rabbitmq_server-", "RabbitMQ ")
        + ", "
        + kind.id()
        + " queue, AMQP 1.0 over TCP (it has no WebSocket for it)";
  }

  @Override
  public void wipe() {
    Peer.delete(work.resolve("mnesia"));
    Peer.delete(work.resolve("log"));
  }

  @Override
  public Running start(Demand demand) {
    ProcessBuilder builder =
        ServerProcess.manyFiles(List.of(server.resolve("sbin/rabbitmq-server").toString()));
    builder.environment().putAll(environment);
    ServerProcess process =
        ServerProcess.start(
            builder.directory(work.toFile()),
            work.resolveSibling(name() + ".log"),
            line -> line.contains("Server startup complete"));
    String address = "/amq/queue/" + QUEUE;
    return new Running(
        process,
        new Target(Target.Wire.TCP, "127.0.0.1", port, "/", null, address, address, QUEUE));
  }

  @Override
  public void close() {
    portMapper.close();
  }
}
