// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.server.landscape.InvalidLandscape;
import dev.weft.server.landscape.Landscape;
import dev.weft.server.landscape.LandscapeReader;
import dev.weft.server.landscape.LandscapeSchema;
import dev.weft.server.node.ExitCode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The landscape file of a command, and what is asked of the server with it. */
final class LandscapeFile {
  @Parameters(paramLabel = "FILE", description = "Landscape file")
  private @Nullable Path file;

  @Option(names = "--prune", description = "Also delete what the landscape does not name")
  private boolean prune;

  /**
   * @param verb {@code plan} or {@code apply}
   */
  JsonNode send(OperatorClient operator, String verb) {
    JsonNode answer = operator.post("landscape/" + verb + "?prune=" + prune, read().document());
    answer.path("warnings").forEach(warning -> System.err.println("weft: " + warning.asString()));
    return answer.path("changes");
  }

  private Landscape read() {
    try {
      return LandscapeReader.read(java.util.Objects.requireNonNull(file), new LandscapeSchema());
    } catch (InvalidLandscape e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}
