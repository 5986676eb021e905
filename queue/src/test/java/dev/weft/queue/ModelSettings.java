// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings and outcomes that random runs choose from. The clock moves in steps of 100 ms and no
 * time here falls on one of them, so no run depends on what happens at the very millisecond.
 */
final class ModelSettings {
  private static final Redelivery PARALLEL =
      new Redelivery.Paced(
          Duration.ofMillis(1010), 2, Duration.ofMillis(5010), Redelivery.Order.PARALLEL);
  private static final Redelivery STRICT =
      new Redelivery.Paced(
          Duration.ofMillis(1010), 2, Duration.ofMillis(5010), Redelivery.Order.STRICT);

  private static final List<Settlement> SETTLEMENTS =
      List.of(
          Settlement.ACCEPTED,
          Settlement.ACCEPTED,
          Settlement.RELEASED,
          EngineKit.REJECTED,
          EngineKit.FAILED,
          EngineKit.NOT_FAILED,
          EngineKit.UNREAD,
          EngineKit.ELSEWHERE);

  private ModelSettings() {}

  static Settlement settlement(int choice) {
    return SETTLEMENTS.get(choice / 7 % SETTLEMENTS.size());
  }

  static QueueSettings variant(int choice, @Nullable QueueName deadMessageQueue) {
    QueueSettings.Builder base =
        QueueSettings.DEFAULT.toBuilder()
            .deadMessageQueue(deadMessageQueue)
            .maxRedeliveries(2)
            .respectTtl(true)
            .maxTtl(Duration.ZERO)
            .redelivery(choice / 9 % 2 == 0 ? PARALLEL : Redelivery.IMMEDIATE)
            .onDead(
                choice / 18 % 2 == 0 ? QueueSettings.OnDead.KEEP : QueueSettings.OnDead.DISCARD);
    QueueSettings.Builder variant =
        switch (choice % 9) {
          case 0 -> base;
          case 1 -> base.maxRedeliveries(0);
          case 2 -> base.redelivery(STRICT);
          case 3 -> base.accessType(AccessType.EXCLUSIVE);
          case 4 -> base.countReleased(false).onReject(QueueSettings.OnReject.DEAD);
          case 5 -> base.egressDisabled(true);
          case 6 -> base.maxMessages(6).maxBytes(50).maxMessageBytes(12).maxUnsettledPerConsumer(2);
          case 7 -> base.fair(true).maxTtl(Duration.ofMillis(3050));
          default -> base.ingressDisabled(true).accessType(AccessType.EXCLUSIVE).redelivery(STRICT);
        };
    return variant.build();
  }
}
