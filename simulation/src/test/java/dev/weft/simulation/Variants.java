// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import dev.weft.journal.JournalSettings;
import dev.weft.journal.Retention;
import dev.weft.queue.AccessType;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What random runs choose from. */
final class Variants {
  static final QueueName ORDERS = new QueueName("acme/shop/one/orders");
  static final QueueName BILLS = new QueueName("acme/shop/one/bills");
  static final QueueName AUDIT = new QueueName("acme/shop/one/audit");
  static final QueueName DEAD = new QueueName("acme/shop/one/dead");
  static final QueueName MISSING = new QueueName("acme/shop/one/missing");
  static final List<QueueName> NAMES = List.of(ORDERS, BILLS, AUDIT, DEAD);

  /** Who gets a message; never a queue together with the one its dead go to. */
  private static final List<List<QueueName>> TARGETS =
      List.of(
          List.of(ORDERS),
          List.of(ORDERS),
          List.of(ORDERS),
          List.of(BILLS),
          List.of(BILLS),
          List.of(AUDIT),
          List.of(DEAD),
          List.of(ORDERS, BILLS),
          List.of(BILLS, AUDIT),
          List.of(AUDIT, BILLS, ORDERS));

  private static final List<Settlement> SETTLEMENTS =
      List.of(
          Settlement.ACCEPTED,
          Settlement.ACCEPTED,
          Settlement.ACCEPTED,
          Settlement.RELEASED,
          new Settlement.Rejected("processing failed"),
          new Settlement.Released(true),
          new Settlement.Modified(true, false),
          new Settlement.Modified(false, false),
          new Settlement.Modified(true, true));

  private Variants() {}

  static List<QueueName> targets(int choice) {
    return TARGETS.get(choice % TARGETS.size());
  }

  static Settlement settlement(int choice) {
    return SETTLEMENTS.get(choice % SETTLEMENTS.size());
  }

  static int bodyBytes(int choice) {
    return switch (choice % 16) {
      case 0 -> choice / 16 % 9_000;
      case 1, 2 -> choice / 16 % 2_000;
      default -> choice / 16 % 200;
    };
  }

  static long ttlMillis(int choice) {
    return choice % 7 == 0 ? 1_000 + choice / 7 % 10_000 : Message.NO_TTL;
  }

  static QueueSettings settings(QueueName name, int choice) {
    QueueSettings.Builder base =
        QueueSettings.DEFAULT.toBuilder()
            .deadMessageQueue(deadMessageQueue(name, choice))
            .maxTtl(Duration.ZERO)
            .maxRedeliveries(name.equals(ORDERS) ? 2 : 0)
            .redelivery(choice / 13 % 2 == 0 ? pace(Redelivery.Order.PARALLEL) : IMMEDIATE);
    return switch (choice % 13) {
      case 0 -> base.redelivery(pace(Redelivery.Order.STRICT)).build();
      case 1 -> base.accessType(AccessType.EXCLUSIVE).build();
      case 2 -> base.countReleased(false).onReject(QueueSettings.OnReject.DEAD).build();
      case 3 -> base.maxMessages(5).maxUnsettledPerConsumer(2).build();
      case 4 -> base.fair(true).respectTtl(true).maxTtl(Duration.ofMillis(4_050)).build();
      case 5 -> base.onDead(QueueSettings.OnDead.DISCARD).maxRedeliveries(1).build();
      case 6 -> base.respectTtl(true).build();
      case 7 -> base.maxBytes(3_000).maxMessageBytes(1_500).build();
      case 8 -> base.egressDisabled(choice / 26 % 2 == 0).build();
      default -> base.build();
    };
  }

  private static final Redelivery IMMEDIATE = Redelivery.IMMEDIATE;

  private static Redelivery pace(Redelivery.Order order) {
    return new Redelivery.Paced(Duration.ofMillis(1_010), 2, Duration.ofMillis(5_010), order);
  }

  private static @Nullable QueueName deadMessageQueue(QueueName name, int choice) {
    if (name.equals(ORDERS)) {
      return choice % 11 == 5 ? null : DEAD;
    }
    return name.equals(BILLS) && choice % 3 == 0 ? MISSING : null;
  }

  /** Small, so that a short run goes over to new segments and gives up old ones. */
  static JournalSettings journal(int choice) {
    return new JournalSettings(
        64 * 1024,
        choice % 3 == 0 ? 4 * 1024 : 16 * 1024,
        choice % 2 == 0 ? Duration.ZERO : Duration.ofMillis(1),
        choice % 5 == 0 ? 3 : 64,
        Duration.ofMillis(10),
        choice % 4 == 0 ? 1 : 64 * 1024,
        200,
        256 * 1024,
        1 + choice % 2,
        choice % 7 == 0 ? new Retention(Duration.ofSeconds(2), 200_000) : Retention.NONE);
  }
}
