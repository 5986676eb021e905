// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
    name = "diff",
    description = "Shows each value in which a server differs from a landscape; exits 1 if any.",
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
  private static final Map<String, String> SIGNS =
      Map.of("create", "+", "delete", "-", "update", "~");

  @Spec private CommandSpec spec;
  @Mixin private LandscapeFile landscape;
  @Mixin private OperatorClient operator;
  @Mixin private Output output;

  @Override
  public Integer call() {
    JsonNode changes = landscape.send(operator, "plan");
    PrintWriter out = spec.commandLine().getOut();
    if (output.isTable()) {
      for (JsonNode change : changes) {
        out.println(
            String.join(
                " ",
                SIGNS.getOrDefault(change.path("action").asString(), "?"),
                change.path("kind").asString(),
                change.path("name").asString()));
        change
            .path("attributes")
            .forEachEntry(
                (name, values) -> {
                  line(out, "-", name, values.path("before"));
                  line(out, "+", name, values.path("after"));
                });
      }
      out.flush();
    } else {
      output.document(out, changes);
    }
    return changes.isEmpty() ? 0 : 1;
  }

  private static void line(PrintWriter out, String sign, String name, JsonNode value) {
    if (!value.isNull() && !value.isMissingNode()) {
      out.println("    " + sign + " " + name + ": " + value);
    }
  }
}
