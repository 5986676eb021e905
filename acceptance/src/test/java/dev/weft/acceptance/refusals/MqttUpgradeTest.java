// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The upgrade to MQTT: a token first, in plain HTTP (wire 4.1, 5, rule 10). */
@ExtendWith(SharedWeft.class)
class MqttUpgradeTest {
  @Test
  void aTokenIsNeededAndTheSubprotocolIsAnswered(Mesh mesh) {
    // MQTT-6.0.0-4.
    URI address = mesh.key().mqtt();

    assertThat(Upgrade.status(address, "mqtt", mesh.token())).isEqualTo(101);
    assertThat(Upgrade.status(address, "mqtt", null)).isEqualTo(401);
    assertThat(Upgrade.status(address, "mqtt", mesh.token() + "x")).isEqualTo(401);
  }
}
