// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.queue.Settlement;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Modified;
import org.apache.qpid.protonj2.types.messaging.Outcome;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Released;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/** Delivery states of the wire as settlements of the house (wire reference 4.10). */
final class DeliveryStates {
  static final int REJECTED = 0x25;
  static final int ACCEPTED = 0x24;
  private static final int RELEASED = 0x26;
  private static final int MODIFIED = 0x27;

  /** Characters kept of what a consumer says on rejecting; it goes to monitors. */
  private static final int REASON_MAX = 500;

  private DeliveryStates() {}

  /**
   * Reads the state field at this place.
   *
   * @return null when it is absent or no outcome, as {@code received} is
   */
  static @Nullable Settlement read(Fields fields) {
    if (fields.absent()) {
      return null;
    }
    int code = fields.descriptor();
    return switch (code) {
      case REJECTED -> rejected(fields.nested());
      case MODIFIED -> modified(fields.nested());
      default -> {
        fields.skipValue();
        yield code == ACCEPTED
            ? Settlement.ACCEPTED
            : code == RELEASED ? Settlement.RELEASED : null;
      }
    };
  }

  private static Settlement modified(Fields fields) {
    boolean failed = fields.bool();
    return new Settlement.Modified(failed, fields.bool());
  }

  private static Settlement rejected(Fields fields) {
    if (fields.absent()) {
      return new Settlement.Rejected(null);
    }
    fields.descriptor();
    Fields error = fields.nested();
    String condition = error.text();
    return rejected(condition, error.text());
  }

  private static Settlement rejected(String condition, String description) {
    String reason = description.isEmpty() ? condition : condition + ": " + description;
    return new Settlement.Rejected(
        reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX));
  }

  /** What a receiver's attach names as outcome of a delivery it settles without one. */
  static Settlement ofDefault(@Nullable Outcome outcome) {
    return switch (outcome) {
      case Accepted _ -> Settlement.ACCEPTED;
      case Rejected rejected -> ofDefault(rejected.getError());
      case Modified modified ->
          new Settlement.Modified(modified.isDeliveryFailed(), modified.isUndeliverableHere());
      case Released _ -> Settlement.RELEASED;
      case null, default -> Settlement.RELEASED;
    };
  }

  private static Settlement ofDefault(@Nullable ErrorCondition error) {
    if (error == null) {
      return new Settlement.Rejected(null);
    }
    String description = error.getDescription();
    return rejected(error.getCondition().toString(), description == null ? "" : description);
  }
}
