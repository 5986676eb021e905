// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.crash.AmqpConsumer.Manner;
import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftProcess;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.client.Client;

/**
 * T-309, T-310: ends the server without warning under load, again and again, then drains it and
 * asks the {@link Verifier}.
 *
 * <p>Method: eight publishers (seven over AMQP on WebSocket, one over REST), four moody consumers
 * of the main queue and one each of the other two, and an administrator, work until the {@link
 * Strike}, which comes at a random moment; now and then a second one hits the start that follows.
 * The seed decides what the clients do and when the strikes come, not what the server's threads do:
 * a failing seed is likely, not certain, to fail again.
 */
final class CrashHarness {
  private static final int PUBLISHERS = 8;
  private static final int ORDER_CONSUMERS = 4;

  /** Publishers pause above: keeps the drain at the end short. */
  private static final int WAITING_MAX = 3_000;

  private static final int LIFE_MILLIS_MIN = 100;
  private static final int LIFE_MILLIS_MAX = 1_500;
  private static final int START_MILLIS_MAX = 1_200;

  /** Most lives begin to count when the load is there, which takes long on a busy machine. */
  private static final Duration LOAD_WITHIN = Duration.ofSeconds(20);

  /** One life in so many is longer than what may be lost of it. */
  private static final int LONG_LIVES = 12;

  private static final int LONG_LIFE_MILLIS = (int) Verifier.LAST_MOMENT.toMillis() + 2_000;

  /** Time of a server to catch up, and of clients to come again, after a suspension. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(2);

  private static final Duration WORKERS_END_WITHIN = Duration.ofSeconds(60);
  private static final Duration DRAIN_WITHIN = Duration.ofMinutes(3);

  private final Path folder;
  private final Path log;
  private final Strike strike;
  private final SplittableRandom random;
  private final Verifier verifier = new Verifier(Scene.DEAD, Scene.ORDERS);
  private final List<Worker> workers = new ArrayList<>();
  private final Administrator administrator = new Administrator();
  private final List<String> troubles = new ArrayList<>();
  private final String[] options;
  private long startMillisMax;
  private int strikes;
  private int strikesWhileStarting;

  /**
   * @param folder empty; landscape, data and keys go there
   * @param log gets what the server says
   */
  CrashHarness(Path folder, Path log, Strike strike, SplittableRandom random) {
    this.folder = folder;
    this.log = log;
    this.strike = strike;
    this.random = random;
    this.options =
        new String[] {
          "--port",
          Integer.toString(freePort()),
          "--tls",
          "off",
          // Small ones, so that the log rolls over, gives segments up and reads messages back.
          "--segment-mib",
          oneOf("1", "2", "8"),
          "--payload-memory-mib",
          oneOf("1", "32")
        };
    for (int number = 0; number < PUBLISHERS; number++) {
      Publication publication = new Publication(number, verifier, random.split());
      String name = "publisher " + number;
      workers.add(
          number == 0
              ? new RestPublisher(name, publication, verifier, WAITING_MAX)
              : new AmqpPublisher(name, publication, verifier, WAITING_MAX));
    }
    for (int number = 0; number < ORDER_CONSUMERS; number++) {
      workers.add(consumer(number, Scene.ORDERS, Manner.MOODY));
    }
    workers.add(consumer(ORDER_CONSUMERS, Scene.AUDIT, Manner.MOODY));
    workers.add(consumer(ORDER_CONSUMERS + 1, Scene.DEAD, Manner.MOODY));
    workers.add(administrator);
  }

  private AmqpConsumer consumer(int number, String queue, Manner manner) {
    return new AmqpConsumer(number, queue, manner, verifier, random.split());
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Keys name the port, so every start needs the same one. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Strikes that often, then drains; stops early at the first fault. */
  void run(int strikesWanted) {
    try (Client client = Client.create()) {
      WeftServer.writeLandscape(folder, Scene.LANDSCAPE);
      WeftServer server = start();
      while (strikes < strikesWanted && verifier.firstFault() == null && troubles.isEmpty()) {
        loadAndStrike(server, client);
        if (strikes < strikesWanted && random.nextInt(4) == 0) {
          strikeWhileStarting();
        }
        server = start();
      }
      drain(server, client);
    }
    if (verifier.firstFault() == null) {
      verifier.finish();
    }
  }

  /**
   * Suspends the server that often in one life, then drains.
   *
   * @param duration of each suspension
   * @param tolerant whether clients may give up during it and come again
   */
  void suspend(int times, Duration duration, boolean tolerant) {
    try (Client client = Client.create()) {
      WeftServer.writeLandscape(folder, Scene.LANDSCAPE);
      WeftServer server = start();
      ServerLife life = new ServerLife(server.mesh(Scene.INSTANCE, Scene.KEY), client);
      List<Thread> threads = start(life, workers);
      for (int i = 0; i < times; i++) {
        life.pause(Duration.ofMillis(random.nextInt(LIFE_MILLIS_MIN, LIFE_MILLIS_MAX)));
        life.tolerate(tolerant);
        server.suspend();
        life.pause(duration);
        server.resume();
        life.pause(AFTERWARDS);
        life.tolerate(false);
      }
      life.pause(AFTERWARDS);
      life.end();
      join(threads);
      troubles.addAll(life.troubles());
      drain(server, client);
    }
    verifier.finish();
  }

  /**
   * Makes a backup under load, goes on a while, stops, and drains a server on what was restored.
   *
   * @param elsewhere empty; backup and restored data go there
   */
  void backUpAndRestore(Path elsewhere) throws IOException {
    workers.remove(administrator); // What it changes meanwhile may be in the backup, or not.
    Path backup = elsewhere.resolve("backup");
    try (Client client = Client.create()) {
      WeftServer.writeLandscape(folder, Scene.LANDSCAPE);
      try (WeftServer server = start()) {
        ServerLife life = new ServerLife(server.mesh(Scene.INSTANCE, Scene.KEY), client);
        List<Thread> threads = start(life, workers);
        // Long enough for acceptances that must not come back.
        life.pause(Duration.ofMillis(random.nextInt(LIFE_MILLIS_MAX, LONG_LIFE_MILLIS + 1_000)));
        long began = System.nanoTime();
        verifier.backupBegins();
        command("backup", backup.toString(), "--data", folder.resolve("data").toString());
        long done = System.nanoTime();
        life.pause(AFTERWARDS);
        life.end();
        join(threads);
        troubles.addAll(life.troubles());
        verifier.restored(began, done);
      }
      command("verify-store", backup.toString());
      command("restore", backup.toString(), elsewhere.resolve("data").toString());
      WeftServer.writeLandscape(elsewhere, Scene.LANDSCAPE);
      drain(WeftServer.startLogging(elsewhere, log, options), client);
    }
    verifier.finish();
  }

  private void command(String... arguments) throws IOException {
    WeftProcess.Exit exit = WeftProcess.run(folder, List.of(arguments));
    if (exit.code() != 0) {
      throw new IllegalStateException(
          String.join(" ", arguments) + ": exit code " + exit.code() + ": " + exit.err());
    }
  }

  private WeftServer start() {
    long before = System.nanoTime();
    WeftServer server = WeftServer.startLogging(folder, log, options);
    startMillisMax =
        Math.max(startMillisMax, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before));
    return server;
  }

  private void loadAndStrike(WeftServer server, Client client) {
    ServerLife life = new ServerLife(server.mesh(Scene.INSTANCE, Scene.KEY), client);
    long acceptances = verifier.acceptances();
    List<Thread> threads = start(life, workers);
    if (random.nextInt(4) > 0) {
      life.await(() -> verifier.acceptances() > acceptances, LOAD_WITHIN);
    }
    int millis =
        random.nextInt(LONG_LIVES) == 0
            ? LONG_LIFE_MILLIS
            : random.nextInt(LIFE_MILLIS_MIN, LIFE_MILLIS_MAX);
    life.pause(Duration.ofMillis(millis));
    life.endingNow();
    long nanos = System.nanoTime();
    strike.hit(server.process(), true);
    strikes++;
    life.end();
    join(threads);
    troubles.addAll(life.troubles());
    troubles.addAll(strike.troubles());
    troubles.addAll(administrator.faults());
    strike.tell(verifier, nanos);
  }

  private void strikeWhileStarting() {
    Process process = WeftProcess.start(WeftProcess.up(folder, options), log);
    try {
      if (process.waitFor(random.nextInt(START_MILLIS_MAX), TimeUnit.MILLISECONDS)) {
        troubles.add("the server ended by itself: exit code " + process.exitValue());
        return;
      }
      long nanos = System.nanoTime();
      strike.hit(process, false);
      strike.tell(verifier, nanos);
      strikes++;
      strikesWhileStarting++;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Thread> start(ServerLife life, List<? extends Worker> crew) {
    return crew.stream()
        .map(worker -> Thread.ofPlatform().name(worker.name()).start(() -> worker.work(life)))
        .toList();
  }

  private static void join(List<Thread> threads) {
    long deadline = System.nanoTime() + WORKERS_END_WITHIN.toNanos();
    for (Thread thread : threads) {
      try {
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
        if (!thread.join(Duration.ofMillis(left))) {
          throw new IllegalStateException(thread.getName() + " does not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** One consumer per queue accepts all there is; the last life ends in order. */
  private void drain(WeftServer server, Client client) {
    try (server) {
      Mesh mesh = server.mesh(Scene.INSTANCE, Scene.KEY);
      troubles.addAll(administrator.inspect(mesh));
      ServerLife life = new ServerLife(mesh, client);
      List<String> queues = List.of(Scene.ORDERS, Scene.AUDIT, Scene.DEAD);
      List<AmqpConsumer> crew = new ArrayList<>();
      for (String queue : queues) {
        crew.add(consumer(100 + crew.size(), queue, Manner.ACCEPTS_ALL));
      }
      List<Thread> threads = start(life, crew);
      long deadline = System.nanoTime() + DRAIN_WITHIN.toNanos();
      while (queues.stream().mapToLong(mesh::messageCount).sum() > 0) {
        if (System.nanoTime() > deadline) {
          queues.forEach(
              queue -> troubles.add(queue + " keeps " + mesh.messageCount(queue) + " messages"));
          break;
        }
        life.pause(Duration.ofMillis(50));
      }
      life.end();
      join(threads);
      troubles.addAll(life.troubles());
    }
  }

  List<Fault> faults() {
    return verifier.faults();
  }

  /**
   * What went wrong beside the verifier's faults, with the server alive: refused links and such.
   */
  List<String> troubles() {
    return List.copyOf(troubles);
  }

  String summary() {
    return "strikes="
        + strikes
        + " whileStarting="
        + strikesWhileStarting
        + " options="
        + String.join(" ", options)
        + " startMillisMax="
        + startMillisMax
        + " changes="
        + administrator.changes()
        + " "
        + verifier.summary();
  }
}
