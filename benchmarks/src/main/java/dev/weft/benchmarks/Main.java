// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code weft bench}: exit code 0 when every message of every cell was accounted for, 1 when not, 2
 * for wrong options.
 *
 * <p>The system property {@code weft.home} names the root of the source tree; those of {@link
 * ServerLaunch} say how our server is started.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    showDefaultValues = true,
    description = "Races this server against others with one load generator and prints a table.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields before it calls.
public final class Main implements Callable<Integer> {
  /** Longest body that fits a frame of 64 KiB, the least that the servers at hand take. */
  private static final int SIZE_MAX = 64_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "weft,artemis",
      description = {
        "weft, artemis, artemis-aio, rabbitmq-quorum, rabbitmq-classic, broker-j;",
        "one whose product is not installed is skipped."
      })
  private List<String> peers;

  @Option(
      names = "--cells",
      split = ",",
      paramLabel = "CELL",
      defaultValue = "1+1,4+4,16+16",
      description = {
        "4+4: four publishers and four consumers on one queue;",
        "1+1@5000: the same in an open loop at 5000 messages a second;",
        "1+1@half: at half of what artemis reaches in a closed loop in the same run;",
        "backlog, backlog:10M:512m: fill, kill -9, restart, drain; -Xmx of this server;",
        "idle:10000: idle connections; fanout:100: one topic to 100 queues;",
        "routing:100000: queues of a topic among 100000 subscriptions;",
        "redelivery: a queue whose consumer returns everything;",
        "footprint: start, idle memory, stop."
      })
  private List<String> cells;

  @Option(
      names = "--size",
      split = ",",
      paramLabel = "BYTES",
      defaultValue = "1024",
      description = "Bytes of a message's body, 24 to 64000; several are run one after another.")
  private List<Integer> sizes;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "0",
      description = "Rounds of every cell; 0 means 3, for footprint 5.")
  private int rounds;

  @Option(names = "--seconds", paramLabel = "N", defaultValue = "10")
  private int seconds;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "Load before every measured window.")
  private int warmup;

  @Option(
      names = "--heat",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description = "Load on every server before the first cell.")
  private int heat;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Messages a publisher may have unsettled.")
  private int window;

  @Option(
      names = "--credit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Credit of a consumer.")
  private int credit;

  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Messages of the backlog cell, where it names no number.")
  private long messages;

  @Option(
      names = "--backlog-heap",
      paramLabel = "SIZE",
      defaultValue = "256m",
      description = "-Xmx of this server in the backlog cell, where it names none.")
  private String backlogHeap;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Where the servers keep their data; default benchmarks/target/race.")
  private @Nullable Path work;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "TABLE",
      description = "${COMPLETION-CANDIDATES}")
  private Rendering output;

  @Option(
      names = "--svg",
      paramLabel = "FILE|DIR",
      description = {
        "Draws a bar chart of every table: into a directory, or, when the name ends in .svg,",
        "into that file, with the table's name before the ending if there are several."
      })
  private @Nullable Path svg;

  /** The command; ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line without its process, for those who embed it. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              if (!(failure instanceof BenchFailure)) {
                throw failure;
              }
              line.getErr().println("weft bench: " + failure.getMessage());
              return 1;
            });
  }

  @Override
  public Integer call() throws IOException {
    List<Cell> plan = plan();
    Path home = home();
    Path directory = work == null ? home.resolve("benchmarks/target/race") : work.toAbsolutePath();
    Files.createDirectories(directory);
    PrintWriter err = spec.commandLine().getErr();
    RaceSettings settings =
        new RaceSettings(rounds, heat * 1000, warmup * 1000, seconds * 1000, window, credit);
    long waiting = plan.stream().mapToLong(Cell::waitingBytes).max().orElse(0);
    try (Roster roster = roster(new Roster.Place(home, directory, waiting))) {
      roster.skipped().forEach((name, reason) -> err.println(name + ": " + reason));
      List<Peer> racing = roster.peers();
      int steps = Race.steps(plan, racing, rounds);
      try (Progress progress = new ConsoleProgress(steps, onTerminal(), err);
          LoadProcess generator = new LoadProcess(directory.resolve("generator.log"));
          Stage stage = new Stage(racing, generator, directory, settings)) {
        Results results = Results.of(new Race(racing, stage, progress).run(plan));
        spec.commandLine().getOut().print(output.render(header(roster, stage), results));
        spec.commandLine().getOut().flush();
        if (svg != null) {
          Charts.write(svg, results).forEach(file -> err.println("wrote " + file));
        }
        return results.passed() ? 0 : 1;
      }
    }
  }

  @SuppressWarnings("SystemConsoleNull") // True of JDK 22 to 24 only; 25 returns null again.
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private List<Cell> plan() {
    List<Cell> plan = new ArrayList<>();
    for (int size : sizes) {
      if (size < Envelope.BODY_MIN || size > SIZE_MAX) {
        throw new ParameterException(
            spec.commandLine(), "--size takes 24 to " + SIZE_MAX + ", not " + size);
      }
      CellText text = new CellText(size, messages, backlogHeap);
      for (String cell : cells) {
        try {
          Cell parsed = text.parse(cell);
          if (!plan.contains(parsed)) {
            plan.add(parsed);
          }
        } catch (IllegalArgumentException e) {
          throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
      }
    }
    if (seconds < 1 || warmup < 0 || heat < 0 || window < 1 || credit < 1 || messages < 2) {
      throw new ParameterException(spec.commandLine(), "times and numbers must be positive");
    }
    return plan;
  }

  private Roster roster(Roster.Place place) {
    try {
      return Roster.of(peers, place);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /**
   * The root of the source tree: the property, or the place of the jar {@code
   * <root>/benchmarks/target/weft-benchmarks.jar}, or the working directory.
   */
  private static Path home() {
    String given = System.getProperty("weft.home");
    if (given != null) {
      return Path.of(given).toAbsolutePath();
    }
    Path started = Path.of(System.getProperty("java.class.path", "")).toAbsolutePath();
    return started.endsWith("benchmarks/target/weft-benchmarks.jar")
        ? started.resolve("../../..").normalize()
        : Path.of("").toAbsolutePath();
  }

  private Map<String, String> header(Roster roster, Stage stage) {
    Map<String, String> header = new LinkedHashMap<>();
    header.put("machine", Machine.here().sentence());
    header.put(
        "load",
        "%d s measured after %d s, window %d, credit %d, median (min–max) of the rounds"
            .formatted(seconds, warmup, window, credit));
    roster.peers().forEach(peer -> header.put(peer.name(), peer.product()));
    header.putAll(roster.skipped());
    stage.jvmFlags().forEach((name, flags) -> header.put("JVM of " + name, flags));
    return header;
  }
}
