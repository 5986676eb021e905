// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.disk.LoopFileSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The file system of the server loses its power: what was not forced is gone. To the server
 * each call on it fails from then on; every second time it is left alone until it ends by itself,
 * and must say with its exit code that the store failed. Then it is killed in any case.
 */
final class PowerLoss implements Strike {
  private static final int STORE_FAILED = 8;

  /** R-214 says five seconds, which a dedicated test holds it to; this machine may be loaded. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);

  private final LoopFileSystem disk;
  private final RandomGenerator random;
  private final List<String> troubles = new ArrayList<>();

  PowerLoss(LoopFileSystem disk, RandomGenerator random) {
    this.disk = disk;
    this.random = random;
  }

  @Override
  public void hit(Process server, boolean ready) {
    boolean alone = random.nextBoolean() && ready;
    disk.losePower();
    if (alone) {
      awaitItsOwnEnd(server);
    }
    Kill.end(server);
    disk.restorePower();
  }

  private void awaitItsOwnEnd(Process server) {
    try {
      if (!server.waitFor(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        troubles.add("the server goes on without its disk");
      } else if (server.exitValue() != STORE_FAILED) {
        troubles.add("without its disk the server ends with exit code " + server.exitValue());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void tell(Verifier verifier, long nanos) {
    verifier.lostPower(nanos);
  }

  @Override
  public List<String> troubles() {
    return List.copyOf(troubles);
  }
}
