// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WebhookSettingsTest {
  @Test
  void defaultsAreThoseOfTheRequirements() {
    // R-420 and wire 7.4.
    WebhookSettings settings = WebhookSettings.of("mesh.example");

    assertThat(settings.inFlightMax()).isEqualTo(18);
    assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.totalTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.answerBytesMax()).isEqualTo(65_536);
    assertThat(settings.maxRetry()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void anOriginThatWouldBreakAHeaderIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> WebhookSettings.of("a\r\nb"));
    assertThatIllegalArgumentException().isThrownBy(() -> WebhookSettings.of(""));
  }
}
