// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

/** rhea, the AMQP client of the Node.js world, over WebSocket. */
class RheaTest extends ForeignClientContract {
  private static final Path SOURCES = Path.of("src/test/node");
  private static final Path INSTALLED = Path.of("target/node");

  @BeforeAll
  static void install() throws IOException {
    ForeignScript.requireRuntime("node", "node is not installed", "node", "--version");
    ForeignScript.requireRuntime("node", "npm is not installed", "npm", "--version");
    Files.createDirectories(INSTALLED);
    boolean same = true;
    for (String file : List.of("package.json", "package-lock.json", "client.js")) {
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

  @Override
  ForeignClient client(WeftServer server, Mesh mesh) {
    return new ForeignScript(
        List.of("node", INSTALLED.resolve("client.js").toString()),
        Map.of("WEFT_URI", mesh.key().amqp().toString(), "WEFT_TOKEN", mesh.token()));
  }
}
