// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.server.node.Backup;
import dev.weft.server.node.ExitCode;
import dev.weft.server.node.StoreCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "restore",
    description = {
      "Copies a backup to an empty data directory; reads it whole before and after.",
      "The restored store goes on from the backup: start it with weft up --data TO."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, TO not empty or FROM no finished backup,"
          + " 6 damaged, 7 unreadable."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "FROM", description = "A backup that weft backup made")
  private @Nullable Path from;

  @Parameters(index = "1", paramLabel = "TO", description = "Data directory: empty, or made")
  private @Nullable Path to;

  @Override
  public void run() {
    Path backup = Objects.requireNonNull(from);
    Path data = Objects.requireNonNull(to);
    try {
      String refusal = Backup.refusal(backup, data);
      if (refusal != null) {
        throw new CommandFailure(ExitCode.USAGE, refusal);
      }
      requireUsable(backup, "The backup cannot be restored: ");
      Backup.restore(backup, data);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "The backup cannot be restored: " + e.getMessage(), e);
    }
    StoreCheck restored = requireUsable(data, "What was restored is not usable: ");
    var out = spec.commandLine().getOut();
    if (output.isTable()) {
      StoreDocuments.print(out, output, restored);
      out.println("Restored to " + data + ".");
      if (restored.onlyKeysAreMissing()) {
        out.println("Put the key file in its place before the start; the backup has none.");
      }
      out.flush();
    } else {
      output.document(out, StoreDocuments.document(restored));
    }
  }

  /** A backup without keys is usable; the keys come from elsewhere. */
  private static StoreCheck requireUsable(Path store, String sentence) {
    StoreCheck check;
    try (ProgressLine progress = new ProgressLine("verify")) {
      check = StoreCheck.of(store, progress);
    }
    boolean usable =
        check.code() == ExitCode.OK
            || check.code() == ExitCode.STORE_EXPOSED
            || check.onlyKeysAreMissing();
    if (!usable) {
      throw new CommandFailure(check.code(), sentence + StoreDocuments.firstTrouble(check));
    }
    return check;
  }
}
