// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.rest.RestFixture.Reply;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T-355: a consumer that never acknowledges costs a bounded amount of memory. */
class UnacknowledgedLimitsTest {
  @Test
  void whenTooMuchIsUnacknowledgedConsumersWaitUntilItIsBack(@TempDir Path folder) {
    RestSettings small =
        new RestSettings(Duration.ofMinutes(2), Duration.ofMillis(5), 1_000, 1_000, 256, 256 << 10);
    try (RestFixture fixture = new RestFixture(folder, small)) {
      fixture.publish("x".repeat(2_000));
      fixture.publish("second");
      Reply held = fixture.consume(1);
      Reply refused = fixture.consume(1);

      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.code()).isEqualTo("TOO_MANY_REQUESTS");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      fixture.ask(
          "POST",
          RestFixture.messages(RestFixture.ORDERS)
              + "/"
              + held.header("x-message-id")
              + "/acknowledgement",
          null);
      assertThat(fixture.consume(1).text()).isEqualTo("second");
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RestSettings(Duration.ZERO, Duration.ofSeconds(1), 1, 1, 1, 1))
        .withMessageContaining("unacknowledgedTimeout");
  }
}
