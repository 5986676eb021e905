// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.wire.AmqpConnections;
import dev.weft.acceptance.wire.Mesh;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.exceptions.ClientException;

/**
 * One life of the server, from ready to SIGKILL, as its clients share it. Safe for any thread.
 *
 * <p>Trouble before the kill is a fault of the server and remembered; trouble from then on is what
 * the test is about.
 */
final class ServerLife {
  private final Mesh mesh;
  private final Client client;
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean ending;
  private volatile boolean tolerant;

  ServerLife(Mesh mesh, Client client) {
    this.mesh = mesh;
    this.client = client;
  }

  Mesh mesh() {
    return mesh;
  }

  /** A connection of its own over WebSocket, with the token of this life. */
  Connection connect() throws ClientException {
    return AmqpConnections.open(client, mesh);
  }

  /** Whether workers go on. */
  boolean running() {
    return over.getCount() > 0;
  }

  /** Waits, at most until the end of this life. */
  void pause(Duration duration) {
    try {
      if (over.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until it holds, at most that long and at most until the end of this life. */
  void await(BooleanSupplier holds, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (running() && !holds.getAsBoolean() && System.nanoTime() < deadline) {
      pause(Duration.ofMillis(5));
    }
  }

  /** From here on trouble is expected. */
  void endingNow() {
    ending = true;
  }

  boolean ending() {
    return ending;
  }

  /** Whether trouble is expected for now. */
  void tolerate(boolean expected) {
    tolerant = expected;
  }

  /** Workers come to their end. */
  void end() {
    ending = true;
    over.countDown();
  }

  /** A worker met what should not happen while the server lives; it tries again. */
  void trouble(String worker, Throwable cause) {
    if (ending) {
      return;
    }
    if (!tolerant) {
      troubles.add(worker + ": " + cause);
    }
    pause(Duration.ofMillis(50));
  }

  List<String> troubles() {
    return List.copyOf(troubles);
  }
}
