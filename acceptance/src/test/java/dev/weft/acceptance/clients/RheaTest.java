// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

/** rhea, the AMQP client of the Node.js world, over WebSocket. */
class RheaTest extends ForeignClientContract {
  @BeforeAll
  static void install() throws IOException {
    NodeFolder.install();
  }

  @Override
  ForeignClient client(WeftServer server, Mesh mesh) {
    return new ForeignScript(
        NodeFolder.command("client.js"),
        Map.of("WEFT_URI", mesh.key().amqp().toString(), "WEFT_TOKEN", mesh.token()));
  }
}
