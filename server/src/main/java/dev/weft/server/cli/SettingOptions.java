// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.server.node.SettingKey;
import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** One flag for every setting, so that flags, file and environment never differ. */
final class SettingOptions {
  private SettingOptions() {}

  static void addTo(CommandSpec spec) {
    for (SettingKey key : SettingKey.values()) {
      // A secret on the command line is visible to everybody on the machine.
      if (!key.secret()) {
        String standard = key.defaultValue().isEmpty() ? "" : " Default: " + key.defaultValue();
        spec.addOption(
            OptionSpec.builder("--" + key.key())
                .type(String.class)
                .paramLabel("VALUE")
                .description(key.meaning() + "." + standard)
                .build());
      }
    }
  }

  static Map<SettingKey, String> values(CommandSpec spec) {
    Map<SettingKey, String> values = new EnumMap<>(SettingKey.class);
    for (SettingKey key : SettingKey.values()) {
      OptionSpec option = spec.findOption("--" + key.key());
      if (option != null && option.getValue() != null) {
        values.put(key, option.getValue());
      }
    }
    return values;
  }
}
