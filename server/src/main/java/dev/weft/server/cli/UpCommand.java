// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.journal.RecoveryReport;
import dev.weft.server.landscape.InvalidLandscape;
import dev.weft.server.landscape.Landscape;
import dev.weft.server.landscape.LandscapeReader;
import dev.weft.server.landscape.LandscapeSchema;
import dev.weft.server.node.ExitCode;
import dev.weft.server.node.Preparation;
import dev.weft.server.node.SettingKey;
import dev.weft.server.node.SettingSources;
import dev.weft.server.node.Settings;
import dev.weft.server.node.StartFailure;
import dev.weft.server.node.WeftServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "up",
    description = "Runs a server in the foreground until SIGTERM or Ctrl-C.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  private final Supplier<Preparation> preparation;

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  UpCommand(Supplier<Preparation> preparation) {
    this.preparation = preparation;
  }

  @Override
  public Integer call() {
    InstantSource clock = InstantSource.system();
    WeftServer server = start(clock);
    CompletableFuture<ExitCode> end = new CompletableFuture<>();
    server.onStoreFailure(
        failure -> {
          spec.commandLine().getErr().println("weft: " + failure.getMessage() + ".");
          end.complete(ExitCode.STORE_FAILED);
        });
    stopAtExit(server, end);
    sayReady(server);
    return end.join().code();
  }

  private WeftServer start(InstantSource clock) {
    try {
      Path here = Path.of("").toAbsolutePath();
      SettingSources sources =
          SettingSources.read(SettingOptions.values(spec), System.getenv(), here);
      Logging.choose(
          sources.value(SettingKey.LOG_LEVEL).text(), sources.value(SettingKey.LOG_FORMAT).text());
      Settings settings = Settings.of(sources, here);
      Landscape landscape = landscape(settings.landscape());
      return WeftServer.start(
          new WeftServer.Inputs(
              settings,
              landscape,
              LandscapeSchema::new,
              preparation.get(),
              clock,
              new SecureRandom()));
    } catch (StartFailure e) {
      throw CommandFailure.of(e);
    } catch (InvalidLandscape e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable Landscape landscape(@Nullable Path file) throws InvalidLandscape {
    return file == null ? null : LandscapeReader.read(file, new LandscapeSchema());
  }

  /**
   * SIGTERM and Ctrl-C end the process through this hook; halting in it gives the exit code 0 of a
   * clean stop instead of the signal's 143.
   */
  private static void stopAtExit(WeftServer server, CompletableFuture<ExitCode> end) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  Runtime.getRuntime().halt(end.getNow(ExitCode.OK).code());
                },
                "stop"));
  }

  private void sayReady(WeftServer server) {
    long startMillis = Uptime.millis();
    RecoveryReport store = server.recovery();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      ObjectNode line = JsonMapper.shared().createObjectNode();
      line.put("ready", true);
      line.put("url", server.publicUrl());
      line.put("port", server.port());
      if (server.amqpPort() != Settings.OFF) {
        line.put("amqpPort", server.amqpPort());
      }
      line.put("pid", ProcessHandle.current().pid());
      line.put("startMillis", startMillis);
      line.put("version", WeftCommand.Version.number());
      ObjectNode found = line.putObject("store");
      found.put("created", store.created());
      found.put("cleanStop", store.clean());
      found.put("records", store.records());
      found.put("messages", store.messages());
      found.put("rewritten", store.rewritten());
      found.put("tornBytes", store.tornBytes());
      out.println(line);
    } else {
      out.println(
          "Weft "
              + WeftCommand.Version.number()
              + " is ready at "
              + server.publicUrl()
              + " after "
              + startMillis
              + " ms: "
              + describe(store)
              + ", pid "
              + ProcessHandle.current().pid());
    }
    out.flush();
  }

  private static String describe(RecoveryReport store) {
    if (store.created()) {
      return "new store";
    }
    String stop = store.clean() ? "clean store" : "store recovered after an unclean stop";
    return stop + " with " + store.messages() + " messages";
  }
}
