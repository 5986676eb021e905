// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
    name = "apply",
    description = "Makes a running server look like a landscape file.",
    mixinStandardHelpOptions = true)
final class ApplyCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private LandscapeFile landscape;
  @Mixin private OperatorClient operator;
  @Mixin private Output output;

  @Override
  public void run() {
    JsonNode changes = landscape.send(operator, "apply");
    PrintWriter out = spec.commandLine().getOut();
    if (output.isTable() && changes.isEmpty()) {
      out.println("Nothing to change.");
      out.flush();
      return;
    }
    output.rows(out, changes, "action", "kind", "instance", "name");
    if (output.isTable()) {
      out.println(changes.size() == 1 ? "1 change done." : changes.size() + " changes done.");
      out.flush();
    }
  }
}
