// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

@Command(
    name = "export",
    description = "Writes what a running server has as a landscape file; secrets stay out.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private OperatorClient operator;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "yaml or json. Default: yaml")
  private Output.Form form = Output.Form.yaml;

  @Override
  public void run() {
    JsonNode landscape = operator.get("landscape");
    var out = spec.commandLine().getOut();
    if (form == Output.Form.json) {
      out.println(
          JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(landscape));
    } else {
      out.print(new YAMLMapper().writeValueAsString(landscape));
    }
    out.flush();
  }
}
