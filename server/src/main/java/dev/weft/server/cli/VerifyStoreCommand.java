// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.server.node.StoreCheck;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "verify-store",
    description = {
      "Reads a store from end to end and reports: records, queues with what waits in them, damage"
          + " with its place, the catalogue, the key file, and who may read them.",
      "Changes nothing and needs no lock. While a server runs on the store, it reads what was"
          + " durable then, and not the catalogue."
    },
    footer = {
      "",
      "Exit codes: 0 sound, 2 wrong usage, 6 damaged or incomplete, 7 unreadable or of another"
          + " version, 9 sound but open to others. Missing indexes are remarks, not failures."
    },
    mixinStandardHelpOptions = true)
final class VerifyStoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Parameters(
      paramLabel = "DIR",
      description = "Data directory, a backup of one, or a journal alone")
  private @Nullable Path directory;

  @Override
  public Integer call() {
    StoreCheck check;
    try (ProgressLine progress = new ProgressLine("verify")) {
      check = StoreCheck.of(Objects.requireNonNull(directory), progress);
    }
    var out = spec.commandLine().getOut();
    if (output.isTable()) {
      StoreDocuments.print(out, output, check);
    } else {
      output.document(out, StoreDocuments.document(check));
    }
    String trouble = StoreDocuments.firstTrouble(check);
    if (trouble != null) {
      throw new CommandFailure(check.code(), trouble);
    }
    return check.code().code();
  }
}
