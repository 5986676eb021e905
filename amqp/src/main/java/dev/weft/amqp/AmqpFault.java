// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import org.jspecify.annotations.Nullable;

/**
 * A peer broke the protocol: its connection ends with this condition. Never leaves the room, and
 * carries no stack trace: hostile peers would make us fill it.
 */
final class AmqpFault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String condition;

  AmqpFault(String condition, String description) {
    super(description, null, false, false);
    this.condition = condition;
  }

  static AmqpFault framing(String description) {
    return new AmqpFault(Conditions.FRAMING_ERROR, description);
  }

  static AmqpFault decoding(String description) {
    return new AmqpFault(Conditions.DECODE_ERROR, description);
  }

  /** The fault that this failure is about, if any. */
  static @Nullable AmqpFault in(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof AmqpFault)) {
      cause = cause.getCause();
    }
    return (AmqpFault) cause;
  }

  String condition() {
    return condition;
  }
}
