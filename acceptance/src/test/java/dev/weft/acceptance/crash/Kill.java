// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import java.util.List;

/** SIGKILL: what was written is there, forced or not. */
final class Kill implements Strike {
  @Override
  public void hit(Process server, boolean ready) {
    end(server);
  }

  /** Kills and waits for the end. */
  static void end(Process server) {
    server.destroyForcibly();
    try {
      server.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void tell(Verifier verifier, long nanos) {
    verifier.crashed(nanos);
  }

  @Override
  public List<String> troubles() {
    return List.of();
  }
}
