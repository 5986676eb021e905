// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.disk.FailingCall;
import dev.weft.acceptance.disk.LoopFileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * One force or write of the server fails with EIO. The server must end by itself, with the
 * exit code of a failed store. Then the power goes as well: whatever was accepted on the strength
 * of the failed call, or of one tried again, is lost by that and found by the verifier.
 */
final class FailedForce implements Strike {
  private static final int STORE_FAILED = 8;
  private static final int CALLS_MAX = 20;

  /** The load needs that long to come to the call on a busy machine. */
  private static final Duration HAPPENS_WITHIN = Duration.ofSeconds(60);

  private final LoopFileSystem disk;
  private final Path folder;
  private final String call;
  private final Duration endsWithin;
  private final RandomGenerator random;
  private final List<String> troubles = new ArrayList<>();
  private int hits;

  /**
   * @param folder gets the reports of strace
   * @param call {@code fdatasync} or {@code pwrite64}
   * @param endsWithin how soon after the failed call the server must be gone
   */
  FailedForce(
      LoopFileSystem disk, Path folder, String call, Duration endsWithin, RandomGenerator random) {
    this.disk = disk;
    this.folder = folder;
    this.call = call;
    this.endsWithin = endsWithin;
    this.random = random;
  }

  @Override
  public void hit(Process server, boolean ready) {
    if (ready) {
      int number = random.nextInt(1, CALLS_MAX);
      Path report = folder.resolve("strace-" + hits++ + ".log");
      try (FailingCall failing = FailingCall.attach(server, call, "EIO", number, report)) {
        awaitItsOwnEnd(server, failing, call + " number " + number);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    disk.losePower();
    Kill.end(server);
    disk.restorePower();
  }

  private void awaitItsOwnEnd(Process server, FailingCall failing, String what)
      throws InterruptedException {
    long deadline = System.nanoTime() + HAPPENS_WITHIN.toNanos();
    while (!failing.happened() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
    }
    if (!failing.happened()) {
      troubles.add("no " + what);
    } else if (!server.waitFor(endsWithin.toMillis(), TimeUnit.MILLISECONDS)) {
      troubles.add("the server goes on after EIO in " + what);
    } else if (server.exitValue() != STORE_FAILED) {
      troubles.add("after EIO in " + what + " the server ends with code " + server.exitValue());
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
