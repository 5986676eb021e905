// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.refusals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Goal: a token ends. Method: tokens of one second; the server forgives a minute of clock skew
 * (wire 3.4), so the test waits that long, beside the other classes.
 */
@Execution(ExecutionMode.CONCURRENT)
class ExpiredTokenTest {
  private static final Duration SKEW = Duration.ofSeconds(60);

  @Test
  void anExpiredTokenIsRefusedBeforeTheUpgradeAndOnEveryHttpDoor(@TempDir Path folder) {
    try (WeftServer server =
        WeftServer.start(
            folder,
            SharedWeft.LANDSCAPE,
            "--port",
            "0",
            "--tls",
            "off",
            "--token-lifetime",
            "1s")) {
      Mesh mesh = server.mesh("shop", "default");
      String topic = mesh.named("topic");
      assertThat(mesh.publishToTopic(topic, "{}").statusCode()).isEqualTo(204);

      await()
          .atMost(SKEW.plusSeconds(20))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> mesh.publishToTopic(topic, "{}").statusCode() == 401);

      assertThat(Upgrade.status(mesh, mesh.token())).isEqualTo(401);
      assertThat(mesh.putQueue(mesh.named("q"), "{}").statusCode()).isEqualTo(401);
    }
  }
}
