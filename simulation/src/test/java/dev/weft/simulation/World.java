// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import static java.util.Objects.requireNonNull;

import dev.weft.journal.FakeDisk;
import dev.weft.journal.JournalEngine;
import dev.weft.journal.JournalSettings;
import dev.weft.journal.SeededLoops;
import dev.weft.journal.StoreException;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.FakeClock;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An engine, its clients, and everything that may befall them, in the order of a list of
 * operations. Every other choice comes from one seed.
 */
final class World {
  private static final int HISTORY = 60;

  final Ledger ledger;
  final FakeClock clock = new FakeClock();
  final JournalSettings settings;
  final Probe probe;
  FakeDisk disk = new FakeDisk();
  private final SplittableRandom random;
  private final List<Client> clients = new ArrayList<>();
  private final Deque<String> history = new ArrayDeque<>();
  private SeededLoops threads;
  private @Nullable JournalEngine engine;
  private @Nullable StoreException failure;
  private boolean failing;
  private boolean powerLost;
  private long failFrom = Long.MAX_VALUE;
  private long failTo = Long.MAX_VALUE;
  private int attached;
  private long trace;
  private int stops;

  World(long seed, Probe probe) {
    this.random = new SplittableRandom(seed);
    this.settings = Variants.journal(random.nextInt(1 << 20));
    this.ledger = new Ledger(clock, this::nanos, this::trace);
    this.probe = probe;
    threads = new SeededLoops(clock, random.split());
  }

  /** Opens the store for the first time and declares the queues. */
  void start() {
    reopen(Audit.After.ORDERLY_STOP);
    for (QueueName name : Variants.NAMES) {
      declare(name, Variants.settings(name, random.nextInt(1 << 20)));
    }
  }

  /** A number that two runs of one seed must agree on. */
  long trace() {
    return trace * 31 + threads.trace();
  }

  private long nanos() {
    return threads.nanoTime();
  }

  private void trace(long what) {
    threads.note(what);
  }

  /** How often the engine was stopped or broken off. */
  int stops() {
    return stops;
  }

  private JournalEngine engine() {
    return requireNonNull(engine);
  }

  /**
   * @throws AssertionError when a promise is broken
   */
  void step(Operation operation) {
    history.add(operation.kind() + " " + operation.a() + " " + operation.b());
    if (history.size() > HISTORY) {
      history.remove();
    }
    ledger.clockMaxMillis();
    try {
      apply(operation);
    } catch (MeshException.EngineUnavailable e) {
      ledger.require(failing, () -> "the engine gave up without a reason: " + e);
    }
    ledger.clockMaxMillis();
    if (failure != null) {
      ledger.require(failing, () -> "the engine failed: " + failure);
      crash(operation.b() % 2 == 0);
    }
    ledger.check();
  }

  String history() {
    return String.join("\n  ", history);
  }

  // tidy: one line per kind of operation
  private void apply(Operation operation) {
    int a = operation.a();
    int b = operation.b();
    switch (operation.kind()) {
      case PUBLISH -> publish(a, b);
      case BURST -> {
        for (int i = 0; i < 5 + b % 30; i++) {
          publish(a + i, b + 7 * i);
        }
      }
      case SETTLE, GRANT, REVOKE, DRAIN, LEAVE -> {
        if (!clients.isEmpty()) {
          apply(operation.kind(), clients.get(a % clients.size()), b);
        }
      }
      case ATTACH -> attach(Variants.NAMES.get(a % 4), b);
      case TURNS -> threads.run(1 + b % 12);
      case TIME -> threads.runFor(Duration.ofMillis(1 + b % 3_000));
      case CLOCK -> jump(a, b);
      case REST -> rest();
      case CHANGE -> declare(Variants.NAMES.get(a % 4), settings(a, b));
      case PURGE -> purge(Variants.NAMES.get(a % 4));
      case DELETE -> delete(Variants.NAMES.get(a % 4));
      case STOP -> stop();
      case KILL -> crash(false);
      case POWER_LOSS -> crash(true);
      case FAULT -> {
        failing = true;
        failFrom = disk.operations() + b % 12;
        failTo = a % 2 == 0 ? failFrom + 1 : Long.MAX_VALUE;
      }
      case ROOM -> room(a, b);
    }
    if (b % 3 == 0) {
      threads.run(b % 4);
    }
  }

  private static QueueSettings settings(int a, int b) {
    return Variants.settings(Variants.NAMES.get(a % 4), b);
  }

  private static void apply(Operation.Kind kind, Client client, int b) {
    switch (kind) {
      case GRANT -> client.grant(1 + b % 6);
      case REVOKE -> client.revoke();
      case DRAIN -> client.drain();
      case LEAVE -> client.leave();
      case SETTLE -> client.settle(b / 16, Variants.settlement(b));
      default -> throw new IllegalArgumentException("no operation of a client: " + kind);
    }
  }

  private void jump(int a, int b) {
    ledger.clockMaxMillis();
    // ±1 s to ±10 years (T-311).
    long seconds = (long) Math.pow(10, b % 9.5);
    if (a % 2 == 0) {
      ledger.leap();
    }
    clock.advance(Duration.ofSeconds(a % 2 == 0 ? seconds : -seconds));
  }

  /** Lets one operation of the disk fail, or all from there on (T-306). */
  void failAfter(int count, boolean forGood) {
    failing = true;
    failFrom = disk.operations() + count;
    failTo = forGood ? Long.MAX_VALUE : failFrom + 1;
  }

  /** Leaves the disk room for so many bytes (T-305). */
  void leaveRoom(long bytes) {
    failing = true;
    disk.room(disk.bytes() + bytes);
  }

  private void room(int a, int b) {
    disk.room(a % 2 == 0 ? Long.MAX_VALUE : disk.bytes() + b % 100_000);
    failing = true;
  }

  // Publishers.

  private void publish(int a, int b) {
    int number = ledger.publications.size();
    byte[] body = Publication.body(number, Variants.bodyBytes(b));
    Message message = new Message(a % 5 != 0, a % 10, Variants.ttlMillis(b), body);
    Publication publication = new Publication(number, message, ledger.stampMinMillis(), ledger);
    List<QueueName> targets = Variants.targets(a / 16);
    for (QueueName target : targets) {
      QueueLife life = ledger.queues.get(target);
      if (life != null) {
        Copy copy = new Copy(publication, life);
        publication.copies.add(copy);
        life.copies.add(copy);
      }
    }
    ledger.publications.add(publication);
    engine().append(targets, message, publication);
    MeshException refusal = publication.refusal;
    if (refusal != null) {
      boolean justified =
          switch (refusal) {
            case MeshException.UnknownQueue _ -> publication.copies.size() < targets.size();
            case MeshException.EngineOverloaded _ ->
                ledger.unanswered() >= settings.appendsInFlight()
                    || ledger.bytesUnanswered() > settings.appendBytesInFlight() - 16_384;
            case MeshException.EngineUnavailable _, MeshException.StorageFull _ -> failing;
            default -> false;
          };
      ledger.require(justified, () -> "refused at once without a reason: " + refusal);
    }
  }

  private void rest() {
    if (failing) {
      threads.runFor(Duration.ofMillis(30));
      return;
    }
    Shown shown = Shown.of(engine(), threads);
    ledger.clockMaxMillis();
    if (failing) {
      return;
    }
    ledger.require(ledger.unanswered() == 0, () -> "a publisher waits for ever");
    String fault = Audit.settle(ledger, shown, Audit.After.REST);
    ledger.require(fault == null, () -> requireNonNull(fault));
    shown.queues().forEach((name, queue) -> owed(name, queue));
  }

  /** At rest nothing may wait that somebody would take. */
  private void owed(QueueName name, Shown.Queue queue) {
    QueueSettings now = queue.settings();
    boolean taker = false;
    long held =
        clients.stream()
            .filter(client -> client.queue.name.equals(name))
            .mapToLong(client -> client.held.size())
            .sum();
    ledger.require(
        held == queue.stats().unsettledMessages(),
        () -> name + ": consumers hold " + held + " messages, the engine says " + queue.stats());
    for (Client client : clients) {
      if (client.queue.name.equals(name)) {
        taker |= client.takes(now.maxUnsettledPerConsumer());
        if (now.accessType() == dev.weft.queue.AccessType.EXCLUSIVE) {
          break;
        }
      }
    }
    boolean strict =
        now.redelivery() instanceof dev.weft.queue.Redelivery.Paced paced
            && paced.order() == dev.weft.queue.Redelivery.Order.STRICT;
    boolean blocked = now.egressDisabled() || (strict && queue.stats().unsettledMessages() > 0);
    for (BrowsedMessage message : queue.messages()) {
      switch (message.state()) {
        case READY -> {
          boolean waits = taker && !blocked;
          ledger.require(
              !waits,
              () -> "sequence " + message.sequence() + " of " + name + " waits for nothing");
        }
        case DELAYED -> blocked |= strict;
        case UNSETTLED, DEAD_PENDING -> {}
      }
    }
  }

  // Consumers.

  private void attach(QueueName name, int b) {
    QueueLife life = ledger.queues.get(name);
    long there = clients.stream().filter(client -> client.queue.name.equals(name)).count();
    if (life == null || there >= 3) {
      return;
    }
    Client client =
        new Client(
            ledger,
            clients,
            life,
            attached++,
            b % 3 == 0 ? ConsumerSettings.PUSH : ConsumerSettings.NORMAL);
    clients.add(client);
    client.attach(engine());
    if (b % 2 == 0) {
      client.grant(1 + b % 40);
    }
  }

  // Management.

  private void declare(QueueName name, QueueSettings next) {
    ledger.pending = new Ledger.Pending.Declaration(name, next);
    QueueLife known = ledger.queues.get(name);
    if (known != null) {
      // From now on either may hold.
      known.settings.add(known.settings.size() - 1, next);
    }
    boolean created;
    try {
      created = engine().declare(name, next);
    } catch (MeshException.StorageFull e) {
      ledger.require(failing && known == null, () -> "declare says " + e);
      ledger.pending = null;
      return;
    }
    ledger.require(created == (known == null), () -> "declare says created=" + created);
    if (known == null) {
      ledger.queues.put(name, new QueueLife(name, next));
    } else {
      known.settings.add(next);
    }
    ledger.pending = null;
  }

  private void delete(QueueName name) {
    QueueLife known = ledger.queues.get(name);
    ledger.pending = new Ledger.Pending.Deletion(name);
    boolean existed = engine().delete(name);
    ledger.require(existed == (known != null), () -> "delete says existed=" + existed);
    if (known != null) {
      ledger.queues.remove(name);
      ledger.end(known);
    }
    ledger.pending = null;
  }

  private void purge(QueueName name) {
    QueueLife known = ledger.queues.get(name);
    if (known == null) {
      return;
    }
    ledger.purgeAsked(known);
    engine().purge(name);
    // What it took is gone for good; what consumers hold is not. At rest the engine shows which.
    rest();
  }

  // Stops.

  private void stop() {
    engine().close();
    boolean failed = failure != null;
    if (failed) {
      return; // step() sees to it.
    }
    clients.clear();
    reopen(failing ? Audit.After.KILL : Audit.After.ORDERLY_STOP);
  }

  /** Ends the process at this moment, and the machine perhaps. */
  private void crash(boolean powerLoss) {
    FakeDisk left = powerLoss ? disk.afterPowerLoss(random) : disk.afterKill();
    clients.clear();
    disk = left;
    boolean lost = powerLoss;
    // The next life may end before it has begun.
    while (random.nextInt(4) == 0) {
      boolean power = random.nextBoolean();
      disk = Probe.brokenOff(disk, settings, clock, random, power);
      lost |= power;
    }
    reopen(lost ? Audit.After.POWER_LOSS : Audit.After.KILL);
  }

  private void reopen(Audit.After after) {
    stops++;
    trace = trace();
    failing = false;
    powerLost = after == Audit.After.POWER_LOSS;
    failFrom = Long.MAX_VALUE;
    failTo = Long.MAX_VALUE;
    disk.room(Long.MAX_VALUE);
    disk.fault(this::allows);
    ledger.nextLife();
    threads = new SeededLoops(clock, random.split());
    JournalEngine opened = JournalEngine.open(disk, threads, settings, clock, random.split());
    engine = opened;
    failure = null;
    int life = ledger.life();
    opened.onFailure(reason -> failed(life, reason));
    Shown shown = Shown.of(opened, threads);
    ledger.clockMaxMillis();
    String fault = Audit.settle(ledger, shown, after);
    ledger.require(fault == null, () -> requireNonNull(fault));
    powerLost = false;
  }

  /** Whether what is known stems from before a loss of power. */
  boolean powerLost() {
    return powerLost;
  }

  private void failed(int life, StoreException reason) {
    if (ledger.life() == life) {
      failure = reason;
    }
  }

  /** Has a say before each operation of the disk. */
  private boolean allows(FakeDisk.Operation operation, String name, long number)
      throws IOException {
    threads.note(operation.name().hashCode());

    probe.beforeOperation(this);
    if (number >= failFrom && number < failTo) {
      throw new IOException("Input/output error");
    }
    return true;
  }

  /** Lets the engine stop in order, for the last time. */
  void close() {
    if (engine != null && failure == null) {
      engine.close();
    }
  }
}
