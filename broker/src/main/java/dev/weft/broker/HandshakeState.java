// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

/** Whether a webhook's receiver agreed to be pushed to (wire reference 7.2). */
public enum HandshakeState {
  NOT_INITIATED,
  REQUESTED,
  COMPLETED,
  FAILED,
  EXEMPTED
}
