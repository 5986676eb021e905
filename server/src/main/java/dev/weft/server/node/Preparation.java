// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.broker.Catalogue;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What a start can do before it knows its settings: loading the network and the database takes as
 * long as reading flags and landscape, and there is a second core. Touches no disk and opens no
 * port.
 */
public final class Preparation implements AutoCloseable {
  private static final Executor OWN_THREAD =
      work -> Thread.ofPlatform().name("prepare").daemon().start(work);

  private final CompletableFuture<Vertx> vertx;
  private boolean taken;

  private Preparation(CompletableFuture<Vertx> vertx) {
    this.vertx = vertx;
  }

  /** Begins and returns at once. */
  public static Preparation begin() {
    var _ = CompletableFuture.runAsync(Catalogue::preload, OWN_THREAD);
    return new Preparation(CompletableFuture.supplyAsync(HttpFront::newVertx, OWN_THREAD));
  }

  /** The network, for the one who starts a server and closes it. */
  synchronized Vertx take() {
    taken = true;
    return vertx.join();
  }

  /** Gives up what nobody took. */
  @Override
  public synchronized void close() {
    if (!taken) {
      taken = true;
      HttpFront.await(vertx.join().close());
    }
  }
}
