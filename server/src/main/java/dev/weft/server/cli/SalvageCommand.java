// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.journal.StoreException;
import dev.weft.journal.StoreSalvage;
import dev.weft.server.node.DataDirectory;
import dev.weft.server.node.DataPaths;
import dev.weft.server.node.ExitCode;
import dev.weft.server.node.Salvage;
import dev.weft.server.node.StartFailure;
import dev.weft.server.node.StoreCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "salvage",
    description = {
      "Copies what is whole of a damaged store into a new data directory and says what is lost; the"
          + " damaged one stays as it is. Restore a backup instead when you have one.",
      "Messages whose settlement is lost come back. Queues whose definition is lost are called"
          + " salvaged/queue-<number>."
    },
    footer = {
      "",
      "Exit codes: 0 done, read TO.loss-report.json, 1 failed, 2 wrong usage, 5 in use, 6 nothing can"
          + " be saved or the catalogue is damaged, 7 unreadable."
    },
    mixinStandardHelpOptions = true)
final class SalvageCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "FROM", description = "Damaged data directory, or backup")
  private @Nullable Path from;

  @Parameters(index = "1", paramLabel = "TO", description = "Data directory: empty, or made")
  private @Nullable Path to;

  @Override
  public void run() {
    Path source = DataPaths.found(Objects.requireNonNull(from)).directory();
    Path target = Objects.requireNonNull(to);
    if (!Files.isDirectory(source)) {
      throw new CommandFailure(ExitCode.USAGE, "There is no data directory " + source);
    }
    try (DataDirectory taken = DataDirectory.take(source)) {
      StoreSalvage.Result result = Salvage.run(taken, target, InstantSource.system());
      ObjectNode report = report(result);
      Path file = Salvage.writeReport(target, report.toPrettyString() + "\n");
      requireUsable(target);
      say(result, report, file);
    } catch (StartFailure e) {
      throw CommandFailure.of(e);
    } catch (StoreException e) {
      throw CommandFailure.of(e);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "Nothing was saved: " + e.getMessage(), e);
    }
  }

  private static ObjectNode report(StoreSalvage.Result result) {
    ObjectNode report = JsonMapper.shared().createObjectNode();
    report.put("records", result.records());
    report.put("restoredFromIndexes", result.restored());
    report.put("lostRecords", result.lost());
    report.put("lostMessages", result.lostMessages());
    ArrayNode named = report.putArray("queuesWithoutDefinition");
    result.named().forEach(named::add);
    StoreDocuments.addDamages(report, result.damages());
    return report;
  }

  private static void requireUsable(Path target) {
    StoreCheck check;
    try (ProgressLine progress = new ProgressLine("verify")) {
      check = StoreCheck.of(target, progress);
    }
    if (check.code() != ExitCode.OK) {
      throw new CommandFailure(
          check.code(), "What was saved is not usable: " + StoreDocuments.firstTrouble(check));
    }
  }

  private void say(StoreSalvage.Result result, ObjectNode report, Path file) {
    var out = spec.commandLine().getOut();
    if (!output.isTable()) {
      output.document(out, report);
      return;
    }
    result.damages().forEach(damage -> out.println("damage: " + StoreDocuments.text(damage)));
    result.named().forEach(queue -> out.println("queue without a definition: " + queue));
    out.println(
        "Saved "
            + result.records()
            + " records and "
            + result.restored()
            + " more by their indexes, lost "
            + result.lost()
            + ", "
            + result.lostMessages()
            + " of them known to be messages. The report is in "
            + file
            + ".");
    out.flush();
  }
}
