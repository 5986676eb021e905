// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/settings.md} says what {@link SettingKey} says. */
class SettingsPageTest {
  private static final Path PAGE = Path.of("../docs/settings.md");

  /** {@code mvn -pl server -am test -Dtest=SettingsPageTest -Dweft.write-docs} writes it anew. */
  private static final boolean WRITE = System.getProperty("weft.write-docs") != null;

  @Test
  void thePageIsUpToDate() throws IOException {
    if (WRITE) {
      Files.writeString(PAGE, page());
    }
    assertThat(PAGE).as("run this test with -Dweft.write-docs").hasContent(page());
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Settings of the server

            <!-- Generated from SettingKey by SettingsPageTest: change it there. -->

            A flag wins over the environment, the environment over `weft.yaml`, and that over the default. In `weft.yaml` a key is
            written as in the first column, as a flag `--key`, in the environment as in the second. A secret may also be given as a
            file: `key-file`, `WEFT_KEY_FILE`. `weft config --origin` shows what holds and where it comes from.

            | key | environment | default | meaning |
            |---|---|---|---|
            """);
    for (SettingKey key : SettingKey.values()) {
      page.append("| `%s` | `%s` | ".formatted(key.key(), key.variable()))
          .append(key.defaultValue().isEmpty() ? "" : "`" + key.defaultValue() + "`")
          .append(" | ")
          .append(key.meaning().replace("<", "&lt;").replace("|", "\\|"))
          .append(" |\n");
    }
    return page.toString();
  }
}
