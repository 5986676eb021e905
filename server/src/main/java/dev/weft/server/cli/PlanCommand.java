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
    name = "plan",
    description = "Shows what apply would change, and changes nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private LandscapeFile landscape;
  @Mixin private OperatorClient operator;
  @Mixin private Output output;

  @Override
  public void run() {
    JsonNode changes = landscape.send(operator, "plan");
    PrintWriter out = spec.commandLine().getOut();
    if (output.isTable() && changes.isEmpty()) {
      out.println("Nothing to change.");
      out.flush();
    } else {
      output.rows(out, changes, "action", "kind", "instance", "name", "attributes");
    }
  }
}
