// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code --log-format} and {@code --log-level} promise. */
class LogTest {
  @Test
  void eachLineIsOneJsonObjectFromTheFirstToTheLastAndHoldsNoSecret(@TempDir Path folder) {
    String secret;
    WeftServer server =
        WeftServer.start(
            folder,
            SharedWeft.LANDSCAPE,
            "--port",
            "0",
            "--tls",
            "off",
            "--log-level",
            "debug",
            "--log-format",
            "json");
    try (server) {
      Mesh mesh = server.mesh("shop", "default");
      mesh.declare(mesh.named("logged"), "{}");
      secret = mesh.key().clientSecret();
    }

    assertThat(server.log().lines())
        .allSatisfy(
            line -> assertThat(JsonMapper.shared().readTree(line)).isInstanceOf(JsonNode.class))
        .anySatisfy(line -> assertThat(line).contains("logged"));
    assertThat(server.log()).doesNotContain(secret);
  }
}
