// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.journal.StoreException;
import dev.weft.journal.StoreVerifier;
import dev.weft.server.node.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "verify-store",
    description = "Reads a store from end to end, repairs nothing, reports.",
    mixinStandardHelpOptions = true)
final class VerifyStoreCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Parameters(paramLabel = "DIR", description = "Data directory, or the journal in it")
  private @Nullable Path directory;

  @Override
  public void run() {
    Path given = java.util.Objects.requireNonNull(directory);
    Path journal = given.resolve("journal");
    try {
      StoreVerifier.Report report =
          StoreVerifier.verify(Files.isDirectory(journal) ? journal : given);
      ObjectNode document = JsonMapper.shared().createObjectNode();
      document.put("records", report.records());
      document.put("segments", report.segments());
      document.put("cleanStop", report.clean());
      document.put("unprovenRecords", report.unproven());
      document.put("tornBytes", report.tornBytes());
      document.put("tornAt", report.tornAt());
      ObjectNode types = document.putObject("recordsByType");
      report.recordsByType().forEach(types::put);
      var out = spec.commandLine().getOut();
      if (output.isTable()) {
        document.forEachEntry((name, value) -> out.println(name + ": " + value));
        out.println("The store is sound.");
        out.flush();
      } else {
        output.document(out, document);
      }
    } catch (StoreException e) {
      throw new CommandFailure(
          e instanceof StoreException.Corrupt ? ExitCode.STORE_CORRUPT : ExitCode.STORE_UNREADABLE,
          String.valueOf(e.getMessage()),
          e);
    }
  }
}
