// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QueueSettingsTest {
  // wire 8.2
  @Test
  void defaultsAreTheVendorsOnes() {
    QueueSettings settings = QueueSettings.DEFAULT;

    assertThat(settings.accessType()).isEqualTo(AccessType.NON_EXCLUSIVE);
    assertThat(settings.maxBytes()).isEqualTo(1_572_864_000L);
    assertThat(settings.maxMessageBytes()).isEqualTo(1_000_000);
    assertThat(settings.maxUnsettledPerConsumer()).isEqualTo(10_000);
    assertThat(settings.maxRedeliveries()).isZero();
    assertThat(settings.maxTtl()).isEqualTo(Duration.ofDays(7));
    assertThat(settings.respectTtl()).isFalse();
    assertThat(settings.deadMessageQueue()).isNull();
    assertThat(settings.ingressDisabled()).isFalse();
    assertThat(settings.egressDisabled()).isFalse();
  }

  // D8, R-403
  @Test
  void defaultsAreKindWhereTheOriginalIsNot() {
    assertThat(QueueSettings.DEFAULT.redelivery()).isEqualTo(Redelivery.DEFAULT);
    assertThat(QueueSettings.DEFAULT.onDead()).isEqualTo(QueueSettings.OnDead.KEEP);
    assertThat(QueueSettings.DEFAULT.onReject()).isEqualTo(QueueSettings.OnReject.RETURN);
    assertThat(QueueSettings.DEFAULT.countReleased()).isTrue();
  }

  @Test
  void builderKeepsWhatIsNotChanged() {
    QueueSettings full =
        QueueSettings.DEFAULT.toBuilder()
            .accessType(AccessType.EXCLUSIVE)
            .maxBytes(1)
            .maxMessages(2)
            .maxMessageBytes(3)
            .maxUnsettledPerConsumer(4)
            .maxRedeliveries(5)
            .maxTtl(Duration.ofSeconds(6))
            .respectTtl(true)
            .deadMessageQueue(new QueueName("dead"))
            .ingressDisabled(true)
            .egressDisabled(true)
            .redelivery(Redelivery.IMMEDIATE)
            .onReject(QueueSettings.OnReject.DEAD)
            .onDead(QueueSettings.OnDead.DISCARD)
            .countReleased(false)
            .fair(true)
            .build();

    assertThat(full)
        .isEqualTo(
            new QueueSettings(
                AccessType.EXCLUSIVE,
                1,
                2,
                3,
                4,
                5,
                Duration.ofSeconds(6),
                true,
                new QueueName("dead"),
                true,
                true,
                Redelivery.IMMEDIATE,
                QueueSettings.OnReject.DEAD,
                QueueSettings.OnDead.DISCARD,
                false,
                true));
    assertThat(full.toBuilder().build()).isEqualTo(full);
    assertThat(full.toBuilder().deadMessageQueue(null).build().deadMessageQueue()).isNull();
  }

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        wrong("maxBytes", builder -> builder.maxBytes(0)),
        wrong("maxMessages", builder -> builder.maxMessages(0)),
        wrong("maxMessageBytes", builder -> builder.maxMessageBytes(0)),
        wrong("maxUnsettledPerConsumer", builder -> builder.maxUnsettledPerConsumer(0)),
        wrong("maxRedeliveries", builder -> builder.maxRedeliveries(-1)),
        wrong("maxRedeliveries", builder -> builder.maxRedeliveries(256)),
        wrong("maxTtl", builder -> builder.maxTtl(Duration.ofMillis(-1))));
  }

  private static Arguments wrong(String field, UnaryOperator<QueueSettings.Builder> change) {
    return Arguments.of(field, change);
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void valueOutOfRangeIsRefusedByName(String field, UnaryOperator<QueueSettings.Builder> change) {
    QueueSettings.Builder builder = change.apply(QueueSettings.DEFAULT.toBuilder());

    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining(field);
  }
}
