// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The scripts for Node.js with their modules, installed beside the class files. */
final class NodeFolder {
  private static final Path SOURCES = Path.of("src/test/node");
  private static final Path INSTALLED = Path.of("target/node");

  private NodeFolder() {}

  /** Installs what changed; skips the test when there is no Node.js. */
  static void install() throws IOException {
    ForeignScript.requireRuntime("node", "node is not installed", "node", "--version");
    ForeignScript.requireRuntime("node", "npm is not installed", "npm", "--version");
    Files.createDirectories(INSTALLED);
    boolean same = true;
    for (String file :
        List.of("package.json", "package-lock.json", "client.js", "mqtt-client.js")) {
      Path target = INSTALLED.resolve(file);
      same &= Files.exists(target) && Files.mismatch(SOURCES.resolve(file), target) < 0;
      Files.copy(SOURCES.resolve(file), target, StandardCopyOption.REPLACE_EXISTING);
    }
    if (!same || !Files.exists(INSTALLED.resolve("node_modules/rhea"))) {
      ForeignScript.prepare(
          INSTALLED,
          "npm",
          "ci",
          "--prefer-offline",
          "--no-audit",
          "--no-fund",
          "--ignore-scripts");
    }
  }

  /** What runs a script. */
  static List<String> command(String script) {
    return List.of("node", INSTALLED.resolve(script).toString());
  }
}
