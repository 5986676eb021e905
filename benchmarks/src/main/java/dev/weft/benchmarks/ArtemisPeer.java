// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Apache Artemis as its distribution ships it: an instance made by its own {@code create}, one
 * durable anycast queue and anonymous access. Only ports and host are ours; memory, collector and
 * limits are the product's.
 */
final class ArtemisPeer implements Peer {
  private static final String QUEUE = "bench";
  private static final int AMQP_PORT = 5672;

  /** Ports of a default instance; all move by one offset. 61616 leaves room for 3,919. */
  private static final int[] PORTS = {AMQP_PORT, 1883, 5445, 8161, 61613, 61616};

  private static final int OFFSET_MAX = 3_900;

  /** Which journal an instance is made with. */
  enum Journal {
    NIO("artemis", "--nio", 137),
    AIO("artemis-aio", "--aio", 142);

    private final String peer;
    private final String option;
    private final int firstOffset;

    Journal(String peer, String option, int firstOffset) {
      this.peer = peer;
      this.option = option;
      this.firstOffset = firstOffset;
    }
  }

  private final Journal journal;
  private final Path home;
  private final Path instance;
  private final int offset;

  /**
   * @param repository root of the source tree, whose build names the version
   * @param work directory for the instance
   * @throws Missing if the journal needs a library that is not installed
   */
  ArtemisPeer(Path repository, Path work, Journal journal) {
    if (journal == Journal.AIO && !hasAsynchronousFiles()) {
      throw new Missing("install libaio1");
    }
    this.journal = journal;
    home = Distribution.unpacked(repository, "artemis", "bin/artemis");
    instance = work.resolve(journal.peer);
    offset = freeOffset();
    create();
  }

  /** Whether libaio is where Linux distributions keep it. */
  private static boolean hasAsynchronousFiles() {
    for (String directory : List.of("/lib", "/usr/lib", "/lib64", "/usr/lib64")) {
      try (Stream<Path> files =
          Files.find(
              Path.of(directory),
              2,
              (path, attributes) -> path.getFileName().toString().startsWith("libaio.so.1"))) {
        if (files.findAny().isPresent()) {
          return true;
        }
      } catch (IOException | UncheckedIOException e) {
        // A directory that is not there or may not be read has no library for us.
      }
    }
    return false;
  }

  private void create() {
    Peer.delete(instance);
    Distribution.run(
        ServerProcess.command(
            List.of(
                home.resolve("bin/artemis").toString(),
                "create",
                instance.toString(),
                journal.option,
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

  private int freeOffset() {
    for (int candidate = journal.firstOffset; candidate <= OFFSET_MAX; candidate += 61) {
      if (Ports.areFree(candidate, PORTS)) {
        return candidate;
      }
    }
    throw new BenchFailure("no free ports for Apache Artemis");
  }

  @Override
  public String name() {
    return journal.peer;
  }

  @Override
  public String product() {
    return home.getFileName().toString().replace("apache-artemis-", "Apache Artemis ")
        + ", "
        + journal
        + " journal";
  }

  @Override
  public void wipe() {
    Peer.delete(instance.resolve("data"));
  }

  @Override
  public Running start(Demand demand) {
    Path log = instance.resolveSibling(journal.peer + ".log");
    List<String> command = List.of(instance.resolve("bin/artemis").toString(), "run");
    ServerProcess process =
        ServerProcess.start(
            demand.connections() > 0
                ? ServerProcess.manyFiles(command)
                : ServerProcess.command(command),
            log,
            line -> line.contains("AMQ221007"));
    if (journal == Journal.AIO && !process.said("AMQ221012")) {
      process.close();
      throw new BenchFailure("Apache Artemis did not use its AIO journal; its output is in " + log);
    }
    return new Running(
        process,
        new Target(
            Target.Wire.WEBSOCKET,
            "127.0.0.1",
            AMQP_PORT + offset,
            "/",
            null,
            QUEUE,
            QUEUE,
            QUEUE));
  }
}
