// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

/** The server sent what the protocol forbids, or refused what the load needs. Ends the load. */
final class ProtocolViolation extends RuntimeException {
  private static final long serialVersionUID = 1;

  ProtocolViolation(String message) {
    super(message);
  }
}
