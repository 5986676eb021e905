// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.server.node.ExitCode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
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
      "Exit codes: 0 done, 1 failed, 2 wrong usage or landscape, 3 no JDK 25, 4 port in use,",
      "5 data directory in use, 6 store corrupt, 7 store unreadable, 8 store failed while running."
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
    return commandLine(arguments).execute(arguments);
  }

  private static final Map<String, Supplier<Object>> VERBS = verbs();

  private static Map<String, Supplier<Object>> verbs() {
    Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
    verbs.put("demo", DemoCommand::new);
    verbs.put("up", UpCommand::new);
    verbs.put("apply", ApplyCommand::new);
    verbs.put("plan", PlanCommand::new);
    verbs.put("diff", DiffCommand::new);
    verbs.put("export", ExportCommand::new);
    verbs.put("key", KeyCommand::new);
    verbs.put("publish", PublishCommand::new);
    verbs.put("consume", ConsumeCommand::new);
    verbs.put("browse", BrowseCommand::new);
    verbs.put("queues", QueuesCommand::new);
    verbs.put("webhooks", WebhooksCommand::new);
    verbs.put("verify-store", VerifyStoreCommand::new);
    verbs.put("config", ConfigCommand::new);
    verbs.put("record-start", RecordStartCommand::new);
    return verbs;
  }

  /**
   * Knows all verbs, or only the one that is asked for: to read the annotations of all of them
   * takes as long as the start of the network.
   */
  static CommandLine commandLine(String... arguments) {
    CommandLine line = new CommandLine(new WeftCommand());
    boolean one = arguments.length > 0 && VERBS.containsKey(arguments[0]);
    VERBS.forEach(
        (verb, command) -> {
          if (!one || verb.equals(arguments[0])) {
            add(line, verb, command.get());
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
      err.println("weft: " + failure.getMessage());
      return failure.code().code();
    }
    err.println("weft: " + e);
    e.printStackTrace(err); // tidy: an accident, and nobody else will ever see where it happened
    return ExitCode.FAILED.code();
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
