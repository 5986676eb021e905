// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.queue.MeshException;

/**
 * Domain errors as HTTP (wire reference 6.3, rule 20). CAP takes 400 and 403 as final and anything
 * else as "try again": so nothing temporary is 400 or 403, and nothing final is 5xx.
 */
final class ErrorTable {
  /** Seconds after which a temporary condition is worth another try. */
  private static final String RETRY_AFTER = "1";

  private ErrorTable() {}

  static Answer answer(MeshException failure) {
    return switch (failure) {
      case MeshException.NotAllowed e -> Answer.error(403, "FORBIDDEN", text(e));
      // The two texts that clients know.
      case MeshException.UnknownQueue e -> Answer.error(404, "NOT_FOUND", "Queue does not exist");
      case MeshException.QueueFull e ->
          Answer.error(422, "SPOOL_LIMIT_EXCEEDED", "Queue or Topic spool limit exceeded");
      case MeshException.QueueDeleted e -> Answer.error(404, "NOT_FOUND", text(e));
      case MeshException.NotFound e -> Answer.error(404, "NOT_FOUND", text(e));
      case MeshException.Conflict e -> Answer.error(409, "CONFLICT", text(e));
      case MeshException.MalformedName e -> Answer.error(400, "BAD_REQUEST", text(e));
      case MeshException.MalformedMessage e -> Answer.error(400, "BAD_REQUEST", text(e));
      case MeshException.InvalidValue e -> Answer.error(400, "BAD_REQUEST", text(e));
      case MeshException.MessageTooLarge e -> Answer.error(413, "PAYLOAD_TOO_LARGE", text(e));
      case MeshException.LimitReached e -> Answer.error(429, "TOO_MANY_REQUESTS", text(e));
      case MeshException.EngineOverloaded e ->
          Answer.error(429, "TOO_MANY_REQUESTS", text(e)).with("Retry-After", RETRY_AFTER);
      case MeshException.IngressDisabled e -> unavailable(e);
      case MeshException.StorageFull e -> unavailable(e);
      case MeshException.EngineUnavailable e -> unavailable(e);
    };
  }

  private static Answer unavailable(MeshException failure) {
    return Answer.error(503, "SERVICE_UNAVAILABLE", text(failure)).with("Retry-After", RETRY_AFTER);
  }

  private static String text(MeshException failure) {
    return String.valueOf(failure.getMessage());
  }
}
