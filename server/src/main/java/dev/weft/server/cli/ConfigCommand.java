// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.server.node.SettingKey;
import dev.weft.server.node.SettingSources;
import dev.weft.server.node.Settings;
import dev.weft.server.node.StartFailure;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "config",
    description = "Shows the settings that 'weft up' would take here.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Option(names = "--origin", description = "Also show where each value comes from")
  private boolean origin;

  @Override
  public void run() {
    try {
      Path here = Path.of("").toAbsolutePath();
      SettingSources sources =
          SettingSources.read(SettingOptions.values(spec), System.getenv(), here);
      Settings.of(sources, here);
      ArrayNode rows = JsonMapper.shared().createArrayNode();
      for (SettingKey key : SettingKey.values()) {
        SettingSources.Value value = sources.value(key);
        ObjectNode row = rows.addObject();
        row.put("setting", key.key());
        row.put("value", key.secret() && !value.text().isEmpty() ? "********" : value.text());
        if (origin) {
          row.put("origin", value.origin());
        }
      }
      String[] columns =
          origin ? new String[] {"setting", "value", "origin"} : new String[] {"setting", "value"};
      output.rows(spec.commandLine().getOut(), rows, columns);
    } catch (StartFailure e) {
      throw CommandFailure.of(e);
    }
  }
}
