// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** */
class RedeliveryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static Redelivery.Paced paced(Duration first, double factor, Duration max) {
    return new Redelivery.Paced(first, factor, max, Redelivery.Order.PARALLEL);
  }

  @Test
  void defaultIsOneSecondDoubledUpToFiveMinutesInParallel() {
    assertThat(Redelivery.DEFAULT).isEqualTo(paced(SECOND, 2, Duration.ofMinutes(5)));
  }

  @Test
  void smallestPaceIsAMillisecond() {
    assertThat(paced(Duration.ofMillis(1), 1, Duration.ofMillis(1)).firstDelay()).isPositive();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> paced(Duration.ofNanos(999_999), 1, SECOND))
        .withMessageContaining("firstDelay");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.99, -1, 100.1, Double.NaN, Double.POSITIVE_INFINITY})
  void factorOutOfRangeIsRefused(double factor) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> paced(SECOND, factor, SECOND))
        .withMessageContaining("factor");
  }

  @Test
  void maximumBelowTheFirstDelayIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> paced(SECOND, 2, Duration.ofMillis(999)))
        .withMessageContaining("maxDelay");
  }
}
