// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Apache Artemis as its distribution ships it: an instance made by its own {@code create} with the
 * NIO journal, one durable anycast queue and anonymous access. Only ports and host are ours;
 * memory, collector and limits are the product's.
 */
final class ArtemisPeer implements Peer {
  private static final String QUEUE = "bench";
  private static final int AMQP_PORT = 5672;

  /** Ports of a default instance; all move by one offset. 61616 leaves room for 3,919. */
  private static final int[] PORTS = {AMQP_PORT, 1883, 5445, 8161, 61613, 61616};

  private static final int OFFSET_MAX = 3_900;

  private final Path home;
  private final Path instance;
  private int offset;

  /**
   * @param repository root of the source tree, whose build names the version
   * @param work directory for the instance
   */
  ArtemisPeer(Path repository, Path work) {
    home = distribution(repository);
    instance = work.resolve("artemis");
    create();
  }

  /** Where the distribution is unpacked; resolves it through Maven the first time. */
  private static Path distribution(Path repository) {
    Path directory = repository.resolve("benchmarks/target/artemis");
    return unpacked(directory)
        .orElseGet(
            () -> {
              Peer.delete(directory);
              run(
                  new ProcessBuilder(
                          "mvn", "-q", "-B", "-pl", "benchmarks", "dependency:unpack@artemis")
                      .directory(repository.toFile()),
                  "resolving Apache Artemis from Maven Central");
              return unpacked(directory)
                  .orElseThrow(() -> new BenchFailure("no distribution in " + directory));
            });
  }

  private static Optional<Path> unpacked(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(path -> Files.isExecutable(path.resolve("bin/artemis"))).findFirst();
    } catch (IOException e) {
      throw new BenchFailure(directory + " cannot be read", e);
    }
  }

  private void create() {
    Peer.delete(instance);
    offset = freeOffset();
    run(
        ServerProcess.command(
            List.of(
                home.resolve("bin/artemis").toString(),
                "create",
                instance.toString(),
                "--nio",
                "--silent",
                "--allow-anonymous",
                "--user",
                "bench",
                "--password",
                UUID.randomUUID().toString(),
                "--host",
                "127.0.0.1",
                "--port-offset",
                Integer.toString(offset),
                "--queues",
                QUEUE)),
        "creating the instance of Apache Artemis");
  }

  private static void run(ProcessBuilder builder, String what) {
    try {
      Process process =
          builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new BenchFailure(what + " failed: " + String.join(" ", builder.command()));
      }
    } catch (IOException e) {
      throw new BenchFailure(what + " failed: " + builder.command().getFirst(), e);
    } catch (InterruptedException e) {
      throw ServerProcess.interrupted(e);
    }
  }

  private static int freeOffset() {
    for (int candidate = 137; candidate <= OFFSET_MAX; candidate += 61) {
      if (allFree(candidate)) {
        return candidate;
      }
    }
    throw new BenchFailure("no free ports for Apache Artemis");
  }

  private static boolean allFree(int offset) {
    for (int port : PORTS) {
      try (ServerSocket socket =
          new ServerSocket(port + offset, 1, InetAddress.getLoopbackAddress())) {
        socket.setReuseAddress(true);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String name() {
    return "artemis";
  }

  @Override
  public String product() {
    return home.getFileName().toString().replace("apache-artemis-", "Apache Artemis ")
        + ", NIO journal";
  }

  @Override
  public void wipe() {
    Peer.delete(instance.resolve("data"));
  }

  @Override
  public Running start(@Nullable String maxHeap) {
    ServerProcess process =
        ServerProcess.start(
            ServerProcess.command(List.of(instance.resolve("bin/artemis").toString(), "run")),
            instance.resolveSibling("artemis.log"),
            line -> line.contains("AMQ221007"));
    return new Running(
        process, new Target("127.0.0.1", AMQP_PORT + offset, "/", null, QUEUE, QUEUE, QUEUE));
  }
}
