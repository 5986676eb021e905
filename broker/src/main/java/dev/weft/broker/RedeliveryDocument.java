// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.Redelivery;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@link Redelivery} as text: {@code "immediate"}, or {@code {"firstDelay":"1s","factor":2,
 * "maxDelay":"5m","order":"strict"}} where what is missing has its default (DESIGN section 5).
 */
final class RedeliveryDocument {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private RedeliveryDocument() {}

  static @Nullable Redelivery parse(JsonValues attributes, String name) {
    JsonNode value = attributes.node(name);
    if (value == null) {
      return null;
    }
    if (value.isString()) {
      return switch (value.stringValue().toLowerCase(Locale.ROOT)) {
        case "immediate" -> Redelivery.IMMEDIATE;
        case "default", "paced" -> Redelivery.DEFAULT;
        default -> throw attributes.invalid(name, "must be 'immediate' or an object");
      };
    }
    JsonValues paced = attributes.object(name);
    Duration firstDelay = duration(paced, "firstDelay", Redelivery.DEFAULT.firstDelay());
    Duration maxDelay = duration(paced, "maxDelay", Redelivery.DEFAULT.maxDelay());
    Double factor = paced.decimal("factor");
    Redelivery.Order order = paced.choice("order", Redelivery.Order.class);
    try {
      return new Redelivery.Paced(
          firstDelay,
          factor == null ? Redelivery.DEFAULT.factor() : factor,
          maxDelay,
          order == null ? Redelivery.DEFAULT.order() : order);
    } catch (IllegalArgumentException outOfRange) {
      throw attributes.invalid(name, String.valueOf(outOfRange.getMessage()));
    }
  }

  private static Duration duration(JsonValues paced, String name, Duration otherwise) {
    String text = paced.text(name, 20);
    if (text == null) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw paced.invalid(name, "must be a number with a unit: 500ms, 1s, 5m, 2h, 1d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  static JsonNode write(Redelivery redelivery) {
    return switch (redelivery) {
      case Redelivery.Immediate() -> JsonValues.JSON.getNodeFactory().stringNode("immediate");
      case Redelivery.Paced(var firstDelay, var factor, var maxDelay, var order) ->
          JsonValues.JSON
              .createObjectNode()
              .put("firstDelay", text(firstDelay))
              .put("factor", factor)
              .put("maxDelay", text(maxDelay))
              .put("order", order.name().toLowerCase(Locale.ROOT));
    };
  }

  private static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
