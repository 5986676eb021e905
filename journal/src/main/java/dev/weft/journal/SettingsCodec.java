// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.AccessType;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Redelivery;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Queue settings as lines of {@code key=value}, so that a later release can add one: a missing key
 * keeps its default.
 */
final class SettingsCodec {
  /** More than anybody waits; keeps sums of times far from overflow. */
  private static final Duration LONGEST = Duration.ofDays(365_000);

  private SettingsCodec() {}

  /** The same settings with durations that can be counted with. */
  static QueueSettings bounded(QueueSettings settings) {
    Redelivery redelivery =
        switch (settings.redelivery()) {
          case Redelivery.Immediate immediate -> immediate;
          case Redelivery.Paced(var first, var factor, var max, var order) ->
              new Redelivery.Paced(bounded(first), factor, bounded(max), order);
        };
    return settings.toBuilder().maxTtl(bounded(settings.maxTtl())).redelivery(redelivery).build();
  }

  private static Duration bounded(Duration duration) {
    return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
  }

  static String encode(QueueSettings settings) {
    StringBuilder text = new StringBuilder();
    line(text, "accessType", settings.accessType());
    line(text, "maxBytes", settings.maxBytes());
    line(text, "maxMessages", settings.maxMessages());
    line(text, "maxMessageBytes", settings.maxMessageBytes());
    line(text, "maxUnsettledPerConsumer", settings.maxUnsettledPerConsumer());
    line(text, "maxRedeliveries", settings.maxRedeliveries());
    line(text, "maxTtlMillis", settings.maxTtl().toMillis());
    line(text, "respectTtl", settings.respectTtl());
    QueueName dead = settings.deadMessageQueue();
    line(text, "deadMessageQueue", dead == null ? "" : dead);
    line(text, "ingressDisabled", settings.ingressDisabled());
    line(text, "egressDisabled", settings.egressDisabled());
    switch (settings.redelivery()) {
      case Redelivery.Immediate() -> line(text, "redelivery", "immediate");
      case Redelivery.Paced paced -> {
        line(text, "redelivery", "paced");
        line(text, "redelivery.firstDelayMillis", paced.firstDelay().toMillis());
        line(text, "redelivery.factor", paced.factor());
        line(text, "redelivery.maxDelayMillis", paced.maxDelay().toMillis());
        line(text, "redelivery.order", paced.order());
      }
    }
    line(text, "onReject", settings.onReject());
    line(text, "onDead", settings.onDead());
    line(text, "countReleased", settings.countReleased());
    line(text, "fair", settings.fair());
    return text.toString();
  }

  static QueueSettings decode(String text) {
    Map<String, String> values = new HashMap<>();
    text.lines()
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              values.put(line.substring(0, equals), line.substring(equals + 1));
            });
    QueueSettings defaults = QueueSettings.DEFAULT;
    String dead = values.getOrDefault("deadMessageQueue", "");
    QueueSettings.Builder decoded =
        defaults.toBuilder()
            .accessType(AccessType.valueOf(values.getOrDefault("accessType", "NON_EXCLUSIVE")))
            .maxBytes(number(values, "maxBytes", defaults.maxBytes()))
            .maxMessages(number(values, "maxMessages", defaults.maxMessages()))
            .maxMessageBytes((int) number(values, "maxMessageBytes", defaults.maxMessageBytes()))
            .maxUnsettledPerConsumer(
                (int) number(values, "maxUnsettledPerConsumer", defaults.maxUnsettledPerConsumer()))
            .maxRedeliveries((int) number(values, "maxRedeliveries", defaults.maxRedeliveries()))
            .maxTtl(Duration.ofMillis(number(values, "maxTtlMillis", defaults.maxTtl().toMillis())))
            .respectTtl(flag(values, "respectTtl", defaults.respectTtl()))
            .deadMessageQueue(dead.isEmpty() ? null : new QueueName(dead))
            .ingressDisabled(flag(values, "ingressDisabled", defaults.ingressDisabled()))
            .egressDisabled(flag(values, "egressDisabled", defaults.egressDisabled()))
            .redelivery(redelivery(values))
            .onReject(
                QueueSettings.OnReject.valueOf(
                    values.getOrDefault("onReject", defaults.onReject().name())))
            .onDead(
                QueueSettings.OnDead.valueOf(
                    values.getOrDefault("onDead", defaults.onDead().name())))
            .countReleased(flag(values, "countReleased", defaults.countReleased()))
            .fair(flag(values, "fair", defaults.fair()));
    return bounded(decoded.build());
  }

  private static Redelivery redelivery(Map<String, String> values) {
    if ("immediate".equals(values.get("redelivery"))) {
      return Redelivery.IMMEDIATE;
    }
    Redelivery.Paced defaults = Redelivery.DEFAULT;
    return new Redelivery.Paced(
        Duration.ofMillis(
            number(values, "redelivery.firstDelayMillis", defaults.firstDelay().toMillis())),
        Double.parseDouble(
            values.getOrDefault("redelivery.factor", Double.toString(defaults.factor()))),
        Duration.ofMillis(
            number(values, "redelivery.maxDelayMillis", defaults.maxDelay().toMillis())),
        Redelivery.Order.valueOf(values.getOrDefault("redelivery.order", defaults.order().name())));
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append('=').append(value).append('\n');
  }

  private static long number(Map<String, String> values, String key, long otherwise) {
    String value = values.get(key);
    return value == null ? otherwise : Long.parseLong(value);
  }

  private static boolean flag(Map<String, String> values, String key, boolean otherwise) {
    String value = values.get(key);
    return value == null ? otherwise : Boolean.parseBoolean(value);
  }
}
