// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import java.util.List;

/** How a life of the server ends without warning. */
interface Strike {
  /**
   * Hits the process and returns when it is gone and its folder is in a state to start in again.
   *
   * @param ready whether it had come to its start's end
   */
  void hit(Process server, boolean ready);

  /**
   * Tells the verifier what may be lost by it.
   *
   * @param nanos when it began: what clients saw long before is safe
   */
  void tell(Verifier verifier, long nanos);

  /** What was wrong with the server's end; empty when all was well. */
  List<String> troubles();
}
