// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.journal.StoreException;
import dev.weft.server.node.Backup;
import dev.weft.server.node.DataDirectory;
import dev.weft.server.node.ExitCode;
import dev.weft.server.node.StartFailure;
import dev.weft.server.node.StoreCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "backup",
    description = {
      "Copies everything a server keeps into an empty directory, while it runs or stopped, and reads"
          + " the copy whole before it says that it is done.",
      "The copy holds messages and, unless told otherwise, the key that opens every secret: keep it"
          + " as you keep the server."
    },
    footer = {
      "",
      "Sealed segments are linked where the file system can, so copy the backup to another disk.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 5 in use by a server that does not answer,"
          + " 6 the store or the copy is damaged, 7 unreadable."
    },
    mixinStandardHelpOptions = true)
final class BackupCommand implements Runnable {
  /** Copying to another file system takes as long as the data is large. */
  private static final Duration TIMEOUT = Duration.ofHours(6);

  @Spec private CommandSpec spec;
  @Mixin private OperatorClient operator;
  @Mixin private Output output;

  @Option(
      names = "--without-keys",
      description = "Leave out the key file and the TLS material, which you keep elsewhere")
  private boolean withoutKeys;

  @Parameters(paramLabel = "TO", description = "Directory of the backup: empty, or made")
  private @Nullable Path to;

  @Override
  public void run() {
    Path into = Objects.requireNonNull(to).toAbsolutePath().normalize();
    Path data = operator.directory();
    if (!Files.isDirectory(data)) {
      throw new CommandFailure(ExitCode.USAGE, "There is no data directory " + data);
    }
    ObjectNode made = copy(data, into);
    StoreCheck check;
    try (ProgressLine progress = new ProgressLine("verify")) {
      check = StoreCheck.of(into, progress);
    }
    boolean keysElsewhere = withoutKeys && check.onlyKeysAreMissing();
    if (check.code() != ExitCode.OK && !keysElsewhere) {
      throw new CommandFailure(
          check.code(),
          "The copy in " + into + " is not usable: " + StoreDocuments.firstTrouble(check));
    }
    try {
      Backup.finish(into, check, InstantSource.system());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "The backup cannot be marked as done: " + e, e);
    }
    say(into, made, check);
  }

  private ObjectNode copy(Path data, Path into) {
    try (DataDirectory taken = DataDirectory.take(data)) {
      return document(Backup.ofStopped(taken, into, !withoutKeys), false);
    } catch (StartFailure e) {
      if (e.code() != ExitCode.DATA_IN_USE) {
        throw CommandFailure.of(e);
      }
      JsonNode request =
          JsonMapper.shared()
              .createObjectNode()
              .put("into", into.toString())
              .put("keys", !withoutKeys);
      ObjectNode made = (ObjectNode) operator.post("backup", request, TIMEOUT);
      return made.put("serverRunning", true);
    } catch (StoreException e) {
      throw CommandFailure.of(e);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "The backup cannot be made: " + e.getMessage(), e);
    }
  }

  private static ObjectNode document(Backup.Made made, boolean running) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("segments", made.segments())
        .put("linkedSegments", made.linkedSegments())
        .put("copiedBytes", made.copiedBytes())
        .put("keys", made.keys())
        .put("serverRunning", running);
  }

  private void say(Path into, ObjectNode made, StoreCheck check) {
    var out = spec.commandLine().getOut();
    if (!output.isTable()) {
      made.put("backup", into.toString());
      made.set("check", StoreDocuments.document(check));
      output.document(out, made);
      return;
    }
    StoreDocuments.print(out, output, check);
    out.println(
        "Backup in "
            + into
            + ": "
            + made.path("segments").asInt()
            + " segments, "
            + made.path("linkedSegments").asInt()
            + " of them linked, "
            + StoreDocuments.mib(made.path("copiedBytes").asLong())
            + " of the journal copied, "
            + (made.path("keys").asBoolean() ? "keys included." : "without keys."));
    out.flush();
  }
}
