// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.server.node.ExitCode;
import dev.weft.server.node.Preparation;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** All verbs. {@code test} and {@code bench} belong to the launcher. */
@Command(
    name = "weft",
    description = "A self-hosted event mesh for SAP landscapes.",
    mixinStandardHelpOptions = true,
    versionProvider = WeftCommand.Version.class,
    footer = {
      "",
      "And from a clone: weft test [--require GROUPS], weft bench.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage or landscape, 3 no JDK 25,",
      "4 port in use, 5 data directory in use, 6 store damaged or incomplete,",
      "7 store unreadable, 8 store failed while running, 9 store open to others."
    })
public final class WeftCommand implements Runnable {
  @Spec private CommandSpec spec;

  WeftCommand() {}

  /** What {@code --version} says. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"Weft " + number()};
    }

    static String number() {
      String version = WeftCommand.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }
  }

  /** Runs a command line and returns the exit code. */
  public static int run(String... arguments) {
    Logging.prepare();
    if (arguments.length > 0 && STARTERS.contains(arguments[0])) {
      Preparation begun = Preparation.begin();
      return commandLine(() -> begun, arguments).execute(arguments);
    }
    return commandLine(Preparation::begin, arguments).execute(arguments);
  }

  /** Verbs that start a server. */
  private static final Set<String> STARTERS = Set.of("up", "demo", "record-start");

  private static final Map<String, Function<Supplier<Preparation>, Object>> VERBS = verbs();

  private static Map<String, Function<Supplier<Preparation>, Object>> verbs() {
    Map<String, Function<Supplier<Preparation>, Object>> verbs = new LinkedHashMap<>();
    verbs.put("demo", DemoCommand::new);
    verbs.put("up", UpCommand::new);
    verbs.put("apply", none -> new ApplyCommand());
    verbs.put("plan", none -> new PlanCommand());
    verbs.put("diff", none -> new DiffCommand());
    verbs.put("export", none -> new ExportCommand());
    verbs.put("key", none -> new KeyCommand());
    verbs.put("publish", none -> new PublishCommand());
    verbs.put("consume", none -> new ConsumeCommand());
    verbs.put("browse", none -> new BrowseCommand());
    verbs.put("queues", none -> new QueuesCommand());
    verbs.put("webhooks", none -> new WebhooksCommand());
    verbs.put("verify-store", none -> new VerifyStoreCommand());
    verbs.put("backup", none -> new BackupCommand());
    verbs.put("restore", none -> new RestoreCommand());
    verbs.put("salvage", none -> new SalvageCommand());
    verbs.put("config", none -> new ConfigCommand());
    verbs.put("record-start", RecordStartCommand::new);
    return verbs;
  }

  /**
   * Knows all verbs, or only the one that is asked for: to read the annotations of all of them
   * takes as long as the start of the network.
   *
   * @param preparation asked once by a verb that starts a server
   */
  static CommandLine commandLine(Supplier<Preparation> preparation, String... arguments) {
    CommandLine line = new CommandLine(new WeftCommand());
    boolean one = arguments.length > 0 && VERBS.containsKey(arguments[0]);
    VERBS.forEach(
        (verb, command) -> {
          if (!one || verb.equals(arguments[0])) {
            add(line, verb, command.apply(preparation));
          }
        });
    line.setExecutionExceptionHandler(WeftCommand::failed);
    line.setParameterExceptionHandler(WeftCommand::wrongUsage);
    line.setExpandAtFiles(false);
    return line;
  }

  private static void add(CommandLine line, String verb, Object command) {
    CommandLine sub = new CommandLine(command);
    if (command instanceof UpCommand || command instanceof ConfigCommand) {
      SettingOptions.addTo(sub.getCommandSpec());
    }
    line.addSubcommand(verb, sub);
  }

  private static int failed(Exception e, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (e instanceof CommandFailure failure) {
      err.println("weft: " + sentence(String.valueOf(failure.getMessage())));
      return failure.code().code();
    }
    err.println("weft: " + e);
    e.printStackTrace(err); // tidy: an accident, and nobody else will ever see where it happened
    return ExitCode.FAILED.code();
  }

  private static String sentence(String text) {
    return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    line.getErr().println("weft: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, line.getErr());
    line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help' for more.");
    return ExitCode.USAGE.code();
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
