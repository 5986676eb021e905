// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a webhook fares; kept by the pusher, lost with the process.
 *
 * @param lastFailureReason without internal addresses
 * @param inFlight messages pushed and not yet answered
 */
public record WebhookStatus(
    HandshakeState handshake,
    @Nullable Instant lastSuccess,
    @Nullable Instant lastFailure,
    @Nullable String lastFailureReason,
    int consecutiveFailures,
    @Nullable Instant nextAttempt,
    int inFlight) {
  /** Before anybody pushes. */
  public static final WebhookStatus UNKNOWN =
      new WebhookStatus(HandshakeState.NOT_INITIATED, null, null, null, 0, null, 0);
}
