// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

/** A publisher or consumer; works through every life of the server, on one thread per life. */
interface Worker {
  String name();

  /** Works until the life ends, and leaves no call of the verifier open. */
  void work(ServerLife life);
}
