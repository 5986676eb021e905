// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The landscapes that guides and the demo send people to. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../examples");
  private static final String TOPIC =
      "acme/s4/dev/ce/sap/s4/beh/salesorder/v1/SalesOrder/Changed/v1";

  @Test
  void anEventOfTheSystemReachesTheShop(@TempDir Path folder) throws IOException {
    try (WeftServer server =
        WeftServer.start(
            folder,
            Files.readString(EXAMPLES.resolve("shop/landscape.yaml")),
            "--port",
            "0",
            "--tls",
            "off")) {
      Mesh system = server.mesh("s4-dev", "default");
      Mesh shop = server.mesh("shop-events", "default");

      assertThat(system.publishToTopic(TOPIC, "{}").statusCode()).isEqualTo(204);

      assertThat(shop.messageCount("acme/shop/one/orders")).isEqualTo(1);
      assertThat(shop.publishToTopic(TOPIC, "{}").statusCode())
          .as("a foreign topic")
          .isEqualTo(403);
    }
  }

  @Test
  void theLandscapeThatSaysEverythingStarts(@TempDir Path folder) throws IOException {
    try (WeftServer server =
        WeftServer.start(
            folder,
            Files.readString(EXAMPLES.resolve("landscape.yaml")),
            "--port",
            "0",
            "--tls",
            "off")) {
      Mesh shop = server.mesh("shop-events", "default");

      assertThat(shop.subscriptions("acme/shop/one/orders"))
          .containsExactly("acme/s4/dev/ce/sap/s4/beh/salesorder/v1/*");
      assertThat(Mesh.json(shop.queue("acme/shop/one/orders")).path("deadMsgQueue").asString())
          .isEqualTo("acme/shop/one/dead");
    }
  }
}
