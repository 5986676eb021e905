// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Clients that stand beside a load, on a thread and a selector of their own: it owns every field
 * that is not final, and the two futures carry its reports.
 */
final class Bystanders {
  /** Handshakes at once: more overflow the listen queue of a server, and the kernel waits 1 s. */
  private static final int CONNECTING_MAX = 64;

  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE = 60 * SECOND;
  private static final long CLOSE_PATIENCE = 5 * SECOND;

  /** As often as a client at work; see {@link Load}. */
  private static final long HEARTBEAT = 10 * SECOND;

  private static final long SELECT_MILLIS = 20;

  private final BystanderOrder order;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final Selector selector;
  private final List<ClientConnection> connections = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final CompletableFuture<BystanderReport> arrived = new CompletableFuture<>();
  private final CompletableFuture<BystanderReport> left = new CompletableFuture<>();
  private volatile boolean leaving;
  private long since;
  private int ready;
  private @Nullable String failure;

  Bystanders(BystanderOrder order, RandomGenerator random, LongSupplier nanoTime)
      throws IOException {
    this.order = order;
    this.random = random;
    this.nanoTime = nanoTime;
    selector = Selector.open();
  }

  /** Lets them in; the report says how many are attached, and how long that took. */
  BystanderReport arrive() {
    Thread.ofPlatform().daemon().name("bystanders").start(this::run);
    return arrived.join();
  }

  /** Sends them away. */
  BystanderReport leave() {
    leaving = true;
    selector.wakeup();
    return left.join();
  }

  private void run() {
    try (selector) {
      since = nanoTime.getAsLong();
      enter();
      arrived.complete(report());
      since = nanoTime.getAsLong();
      for (int i = 0; i < links.size(); i++) {
        if (links.get(i) instanceof Releaser releaser) {
          releaser.start(connections.get(i));
        }
      }
      while (!leaving) {
        turn();
      }
      BystanderReport report = report();
      exit();
      left.complete(report);
    } catch (IOException | UncheckedIOException | ProtocolViolation e) {
      failure = String.valueOf(e.getMessage());
      arrived.complete(report());
      left.complete(report());
    } finally {
      connections.forEach(Bystanders::shut);
    }
  }

  private static void shut(ClientConnection connection) {
    try {
      connection.shut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void enter() throws IOException {
    long progressed = since;
    while (ready < order.connections()) {
      while (connections.size() < order.connections()
          && connections.size() - ready < CONNECTING_MAX) {
        connect();
      }
      turn();
      long now = nanoTime.getAsLong();
      int before = ready;
      while (ready < connections.size() && connections.get(ready).isReady()) {
        ready++;
      }
      if (ready > before) {
        progressed = now;
      } else if (now - progressed > PATIENCE) {
        throw new ProtocolViolation(
            "nothing moved for 60 seconds: " + connections.get(ready).waitingFor());
      }
    }
  }

  private void connect() throws IOException {
    String name = "bystander-" + connections.size();
    Link link =
        switch (order.kind()) {
          case IDLE -> new IdleLink(name, order.target().publishTo());
          case RELEASE -> new Releaser(name, order.target().consumeFrom());
        };
    links.add(link);
    int buffer =
        order.kind() == BystanderOrder.Kind.IDLE
            ? ClientConnection.BUFFER_SMALL
            : ClientConnection.BUFFER;
    connections.add(
        new ClientConnection(order.target(), "weft-bench-" + name, link, selector, random, buffer));
  }

  private void turn() throws IOException {
    selector.select(this::selected, SELECT_MILLIS);
    long now = nanoTime.getAsLong();
    for (ClientConnection connection : connections) {
      connection.heartbeat(now, HEARTBEAT);
      connection.flush(now);
    }
  }

  private void selected(SelectionKey key) {
    if (key.isValid() && key.attachment() instanceof ClientConnection connection) {
      try {
        connection.selected(nanoTime.getAsLong());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void exit() throws IOException {
    connections.forEach(ClientConnection::close);
    long asked = nanoTime.getAsLong();
    while (nanoTime.getAsLong() - asked < CLOSE_PATIENCE
        && !connections.stream().allMatch(ClientConnection::isClosed)) {
      turn();
    }
  }

  private BystanderReport report() {
    long released =
        links.stream().mapToLong(link -> link instanceof Releaser r ? r.released() : 0).sum();
    return new BystanderReport(
        ready,
        (nanoTime.getAsLong() - since) / 1e9,
        released,
        failure == null ? List.of() : List.of(failure));
  }
}
