// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.queue.MeshException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Runs what waits for the database on a virtual thread each, a bounded number at a time. */
final class BlockingWork {
  private final Semaphore places;

  BlockingWork(int max) {
    places = new Semaphore(max);
  }

  /**
   * The future completes on the virtual thread.
   *
   * @return fails with {@link MeshException.EngineOverloaded} when too many are at work
   */
  <T> Future<T> run(Supplier<T> work) {
    if (!places.tryAcquire()) {
      return Future.failedFuture(new MeshException.EngineOverloaded("management requests"));
    }
    Promise<T> result = Promise.promise();
    Thread.ofVirtual()
        .name("rest-management")
        .start(
            () -> {
              try {
                T value = work.get();
                places.release();
                result.complete(value);
              } catch (RuntimeException | Error failure) {
                places.release();
                result.fail(failure);
              }
            });
    return result.future();
  }
}
