// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.queue.MeshException;

/**
 * The AMQP condition of every domain error, and the conditions of our own: the one table of this
 * door (STYLE 7; codes by wire reference 4.5 and 4.7).
 */
final class Conditions {
  static final String NOT_ALLOWED = "amqp:not-allowed";
  static final String NOT_FOUND = "amqp:not-found";
  static final String NOT_IMPLEMENTED = "amqp:not-implemented";
  static final String INVALID_FIELD = "amqp:invalid-field";
  static final String DECODE_ERROR = "amqp:decode-error";
  static final String INTERNAL_ERROR = "amqp:internal-error";
  static final String PRECONDITION_FAILED = "amqp:precondition-failed";
  static final String RESOURCE_DELETED = "amqp:resource-deleted";
  static final String RESOURCE_LIMIT_EXCEEDED = "amqp:resource-limit-exceeded";
  static final String UNAUTHORIZED_ACCESS = "amqp:unauthorized-access";
  static final String CONNECTION_FORCED = "amqp:connection:forced";
  static final String FRAMING_ERROR = "amqp:connection:framing-error";
  static final String MESSAGE_SIZE_EXCEEDED = "amqp:link:message-size-exceeded";
  static final String TRANSFER_LIMIT_EXCEEDED = "amqp:link:transfer-limit-exceeded";
  static final String STOLEN = "amqp:link:stolen";
  static final String UNATTACHED_HANDLE = "amqp:session:unattached-handle";
  static final String ERRANT_LINK = "amqp:session:errant-link";
  static final String WINDOW_VIOLATION = "amqp:session:window-violation";

  private Conditions() {}

  /**
   * {@code NotAllowed} is not-allowed, on links as well: CAP gives up on exactly this condition and
   * retries on any other (wire reference, rule 20).
   */
  static String of(MeshException failure) {
    return switch (failure) {
      case MeshException.NotAllowed _ -> NOT_ALLOWED;
      case MeshException.UnknownQueue _, MeshException.NotFound _ -> NOT_FOUND;
      case MeshException.QueueDeleted _ -> RESOURCE_DELETED;
      case MeshException.MalformedName _, MeshException.InvalidValue _ -> INVALID_FIELD;
      case MeshException.MalformedMessage _ -> DECODE_ERROR;
      case MeshException.MessageTooLarge _ -> MESSAGE_SIZE_EXCEEDED;
      case MeshException.QueueFull _,
          MeshException.IngressDisabled _,
          MeshException.LimitReached _,
          MeshException.EngineOverloaded _,
          MeshException.StorageFull _ ->
          RESOURCE_LIMIT_EXCEEDED;
      case MeshException.Conflict _ -> PRECONDITION_FAILED;
      case MeshException.EngineUnavailable _ -> INTERNAL_ERROR;
    };
  }
}
