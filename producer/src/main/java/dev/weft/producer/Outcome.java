// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.util.Locale;
import org.apache.qpid.protonj2.client.DeliveryState;
import org.apache.qpid.protonj2.client.Rejected;
import org.apache.qpid.protonj2.client.Tracker;
import org.jspecify.annotations.Nullable;

/**
 * What a broker says to a published message.
 *
 * @param reason for people, e.g. {@code amqp:not-allowed, publish to topic …}; empty when accepted
 */
public record Outcome(boolean accepted, String reason) {
  /** The outcome of a delivery that is settled. */
  public static Outcome of(Tracker tracker) {
    @Nullable DeliveryState state = tracker.remoteState();
    if (state == null) {
      return new Outcome(false, "no answer");
    }
    if (state.isAccepted()) {
      return new Outcome(true, "");
    }
    if (state instanceof Rejected rejected) {
      return new Outcome(false, rejected.getCondition() + ", " + rejected.getDescription());
    }
    return new Outcome(false, state.getType().name().toLowerCase(Locale.ROOT));
  }
}
