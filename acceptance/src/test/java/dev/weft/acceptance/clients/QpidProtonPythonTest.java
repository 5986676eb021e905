// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Qpid Proton for Python, as Debian ships it, over the optional TCP port with SASL PLAIN. */
class QpidProtonPythonTest extends ForeignClientContract {
  // Debian's own interpreter: another one on the path does not see Debian's packages.
  private static final String PYTHON = "/usr/bin/python3";

  @BeforeAll
  static void requirePython() {
    ForeignScript.requireRuntime(
        "python", "python3-qpid-proton is not installed", PYTHON, "-c", "import proton");
  }

  @Override
  ForeignClient client(WeftServer server, Mesh mesh) {
    return script(server, mesh, mesh.key().clientSecret());
  }

  private static ForeignScript script(WeftServer server, Mesh mesh, String secret) {
    return new ForeignScript(
        List.of(PYTHON, "src/test/python/client.py"),
        Map.of(
            "WEFT_URI",
            "amqp://127.0.0.1:" + server.amqpPort(),
            "WEFT_USER",
            mesh.key().clientId(),
            "WEFT_PASSWORD",
            secret));
  }

  @Test
  void aWrongSecretDoesNotConnect(WeftServer server, Mesh mesh) throws IOException {
    assertThat(script(server, mesh, "wrong").ask("connect").path("outcome").asString())
        .containsIgnoringCase("authentication failed");
  }
}
