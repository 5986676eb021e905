// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Runs one order: connects every client, starts them together, opens and closes the measured
 * window, waits until every message has arrived, and closes. All on the calling thread with one
 * selector.
 */
final class Load implements AutoCloseable {
  private static final long SECOND = 1_000_000_000L;

  /** How long a handshake, a standstill of the counts and a close may last. */
  private static final long PATIENCE = 90 * SECOND;

  private static final long CLOSE_PATIENCE = 5 * SECOND;

  /** Half of the shortest idle timeout that the servers at hand announce is 15 seconds. */
  private static final long HEARTBEAT = 10 * SECOND;

  /** Bounds how late a window opens or closes. */
  private static final long SELECT_MILLIS = 2;

  private enum Phase {
    ATTACHING,
    RUNNING,
    DRAINING,
    CLOSING,
    CLOSED
  }

  private final LoadOrder order;
  private final Ledger ledger;
  private final LongSupplier nanoTime;
  private final Tally tally = new Tally();
  private final Selector selector = Selector.open();
  private final List<Publisher> publishers = new ArrayList<>();
  private final List<Receiver> receivers = new ArrayList<>();
  private final List<ClientConnection> connections = new ArrayList<>();
  private final ProcessGauge server;
  private final ProcessGauge self = ProcessGauge.of(ProcessHandle.current().pid());
  private final long ordered;
  private Phase phase = Phase.ATTACHING;
  private long stageBegan;
  private long progressed;
  private long counted;
  private double firstDeliveryMillis = -1;
  private long serverCpu;
  private long serverBytes;
  private long selfCpu;

  /**
   * @param nanoTime a clock that stands in every message, so one for all loads of a ledger
   */
  Load(LoadOrder order, Ledger ledger, LongSupplier nanoTime, RandomGenerator random)
      throws IOException {
    this.order = order;
    this.ledger = ledger;
    this.nanoTime = nanoTime;
    server = ProcessGauge.of(order.serverPid());
    ordered = nanoTime.getAsLong();
    progressed = ordered;
    for (int i = 0; i < order.consumers(); i++) {
      Receiver receiver = new Receiver(i, order, ledger, tally, this::allowance);
      receivers.add(receiver);
      connect("consumer-" + i, receiver, random);
    }
    for (int i = 0; i < order.publishers(); i++) {
      Publisher publisher = new Publisher(i, order, ledger, tally, quota(i), nanoTime);
      publishers.add(publisher);
      connect("publisher-" + i, publisher, random);
    }
  }

  private void connect(String name, Link link, RandomGenerator random) throws IOException {
    connections.add(
        new ClientConnection(
            order.target(), "weft-bench-" + name, link, selector, random, ClientConnection.BUFFER));
  }

  private long quota(int publisher) {
    if (order.messages() == 0) {
      return Long.MAX_VALUE;
    }
    long share = order.messages() / order.publishers();
    return publisher == 0 ? order.messages() - share * (order.publishers() - 1) : share;
  }

  /** Deliveries still wanted. */
  private long allowance() {
    return order.messages() == 0 ? Long.MAX_VALUE : order.messages() - tally.receivedEver();
  }

  /** Runs until the order is done or has failed. */
  LoadReport run() {
    try (Pacer pacer = order.ratePerSecond() > 0 ? Pacer.waking(selector) : Pacer.none()) {
      pacer.start();
      while (phase != Phase.CLOSED) {
        selector.select(this::selected, SELECT_MILLIS);
        long now = nanoTime.getAsLong();
        step(now);
        for (int i = 0; i < publishers.size(); i++) {
          publishers.get(i).pump(connections.get(receivers.size() + i));
        }
        for (ClientConnection connection : connections) {
          connection.flush(now);
        }
      }
    } catch (IOException | UncheckedIOException | ProtocolViolation e) {
      ledger.fail(String.valueOf(e.getMessage()));
    }
    return report();
  }

  private void selected(SelectionKey key) {
    if (!key.isValid() || !(key.attachment() instanceof ClientConnection connection)) {
      return;
    }
    try {
      connection.selected(nanoTime.getAsLong());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void step(long now) {
    watch(now);
    if (ledger.isBroken()) {
      phase = Phase.CLOSED;
    }
    switch (phase) {
      case ATTACHING -> {
        if (connections.stream().allMatch(ClientConnection::isReady)) {
          start(now);
        }
      }
      case RUNNING -> running(now);
      case DRAINING -> {
        boolean consumed = order.consumers() == 0 || ledger.received() == ledger.sent();
        if (consumed && ledger.accepted() == ledger.sent()) {
          close(now);
        }
      }
      case CLOSING -> {
        boolean late = now - progressed > CLOSE_PATIENCE;
        if (late || connections.stream().allMatch(ClientConnection::isClosed)) {
          phase = Phase.CLOSED;
        }
      }
      case CLOSED -> {}
    }
  }

  private void start(long now) {
    stageBegan = now;
    phase = Phase.RUNNING;
    for (int i = 0; i < receivers.size(); i++) {
      receivers.get(i).start(connections.get(i));
    }
    publishers.forEach(publisher -> publisher.start(now));
    if (order.messages() > 0) {
      open(now);
    }
  }

  private void running(long now) {
    if (order.messages() > 0) {
      long done = order.publishers() > 0 ? tally.acceptedInWindow() : tally.receivedInWindow();
      if (done >= order.messages()) {
        shut(now);
        close(now);
      }
      return;
    }
    long elapsedMillis = (now - stageBegan) / 1_000_000;
    if (!tally.isOpen()) {
      if (elapsedMillis >= order.warmupMillis()) {
        open(now);
        stageBegan = now;
      }
    } else if (elapsedMillis >= order.measureMillis()) {
      shut(now);
      publishers.forEach(publisher -> publisher.stop(now));
      phase = Phase.DRAINING;
    }
  }

  private void open(long now) {
    serverCpu = server.cpuMillis();
    selfCpu = self.cpuMillis();
    tally.open(now);
  }

  private void shut(long now) {
    tally.close(now);
    serverCpu = server.cpuMillis() - serverCpu;
    selfCpu = self.cpuMillis() - selfCpu;
    serverBytes = server.residentBytes();
  }

  private void close(long now) {
    connections.forEach(ClientConnection::close);
    phase = Phase.CLOSING;
    progressed = now;
  }

  /** Notes the first delivery, keeps connections alive, and gives up when nothing moves. */
  private void watch(long now) {
    if (firstDeliveryMillis < 0 && tally.receivedEver() > 0) {
      firstDeliveryMillis = (now - ordered) / 1e6;
    }
    connections.forEach(connection -> connection.heartbeat(now, HEARTBEAT));
    if (phase == Phase.CLOSING) {
      return;
    }
    long count = ledger.accepted() + ledger.received();
    if (count != counted) {
      counted = count;
      progressed = now;
    } else if (now - progressed > PATIENCE) {
      String where =
          phase == Phase.ATTACHING
              ? connections.stream()
                  .filter(connection -> !connection.isReady())
                  .map(ClientConnection::waitingFor)
                  .findFirst()
                  .orElse("")
              : "sent "
                  + ledger.sent()
                  + ", accepted "
                  + ledger.accepted()
                  + ", received "
                  + ledger.received();
      throw new ProtocolViolation("nothing moved for 90 seconds: " + where);
    }
  }

  private LoadReport report() {
    if (!tally.isClosed()) {
      tally.close(nanoTime.getAsLong());
    }
    return new LoadReport(
        ledger.sent(),
        ledger.accepted(),
        ledger.received(),
        tally.seconds(),
        tally.acceptedInWindow(),
        tally.receivedInWindow(),
        serverCpu,
        serverBytes,
        selfCpu,
        tally.latencyMicros(50),
        tally.latencyMicros(99),
        tally.latencyMicros(100),
        firstDeliveryMillis,
        order.last() ? ledger.audit() : ledger.failures());
  }

  @Override
  public void close() throws IOException {
    for (ClientConnection connection : connections) {
      connection.shut();
    }
    selector.close();
  }
}
