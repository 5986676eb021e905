// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loop that owns queues (hops 7 to 9). It takes commands in batches, then lets due messages
 * return or expire, hands out what consumers have credit for, and passes outcomes on to the
 * journal, one record per queue and turn. It never waits: while the journal's mailbox is full, what
 * it has for the journal stays in order in {@link #outbox}, and nothing more is handed out.
 */
final class QueueLoop {
  private static final Logger LOG = LoggerFactory.getLogger(QueueLoop.class);
  private static final int COMMANDS_PER_TURN = 4096;
  private static final int MAILBOX = 262_144;
  private static final long IDLE_MILLIS = 1_000;
  private static final long RETRY_NANOS = 5_000_000;

  final int number;
  final HandOutMarks marks;
  final PayloadReader payloads;
  final RandomGenerator random;

  /** Set before the loop starts. */
  JournalLoop journal;

  private final JournalEngine engine;
  private final BrokerTime time;
  private final long payloadBudgetBytes;
  private final Threads.Loop loop;
  private final Mailbox<Runnable> mailbox;

  /** Commands that this loop gives itself, from listeners. */
  private final Deque<Runnable> own = new ArrayDeque<>();

  /**
   * For the journal, in order. Bounded by what is handed out and not settled, since nothing else
   * adds to it while the journal takes none.
   */
  private final Deque<JournalCommand> outbox = new ArrayDeque<>();

  // In an order that doesn't change from run to run.
  private final Set<QueueState> queues = new LinkedHashSet<>();
  private final Set<QueueState> busy = new LinkedHashSet<>();
  private final Set<QueueState> timed = new LinkedHashSet<>();
  private final Set<QueueState> reporting = new LinkedHashSet<>();
  private long nextTimerMillis = Long.MAX_VALUE;
  private long nowMillis;
  private long retainedBytes;

  /** The journal had no room in this turn. */
  private boolean blocked;

  /** Thread of the turn that runs; read by others, to whom it says nothing. */
  private @Nullable Thread turning;

  private volatile @Nullable MeshException stopReason;

  @SuppressWarnings(
      "NullAway.Init") // `journal` follows with start(), for recovery comes in between.
  QueueLoop(
      JournalEngine engine,
      HandOutMarks marks,
      PayloadReader payloads,
      long payloadBudgetBytes,
      BrokerTime time,
      RandomGenerator random,
      Threads threads,
      int number) {
    this.number = number;
    this.engine = engine;
    this.marks = marks;
    this.payloads = payloads;
    this.payloadBudgetBytes = payloadBudgetBytes;
    this.time = time;
    this.random = random;
    this.loop = threads.loop("queues-" + number, this::turn);
    this.mailbox = new Mailbox<>(MAILBOX, threads, loop, QueueLoop::runLate);
    this.nowMillis = time.millis();
  }

  void start(JournalLoop journalLoop) {
    journal = journalLoop;
    loop.start();
  }

  /** A command from a door's thread, or from a listener on this loop. */
  void put(Runnable command) {
    if (Thread.currentThread() == turning) {
      own.add(command);
    } else {
      mailbox.put(command);
    }
  }

  /** A command from the journal loop: false if the mailbox is full. */
  boolean offer(Runnable command) {
    return mailbox.offer(command, true);
  }

  /** Makes the loop look at the clock. */
  void lookAtClock() {
    put(() -> nextTimerMillis = 0);
  }

  /** Has it look at what changed around it. Any thread. */
  void wake() {
    mailbox.wake();
  }

  /** Closes every consumer, passes on what is left and ends. Any thread. */
  void stop(MeshException reason) {
    stopReason = reason;
    mailbox.wake();
  }

  /** Waits for the end; false if it does not come. */
  boolean join(Duration atMost) {
    return loop.join(atMost);
  }

  private long turn() {
    turning = Thread.currentThread();
    try {
      mailbox.awake();
      if (engine.hasFailed()) {
        return end(JournalEngine.unavailable());
      }
      blocked = !sendOutbox();
      MeshException stop = stopReason;
      int commands = takeCommands();
      nowMillis = time.millis();
      if (stop != null) {
        queues.forEach(queue -> queue.handOuts.closeConsumers(stop));
      } else if (nowMillis >= nextTimerMillis) {
        fireTimers();
      }
      dispatch();
      report();
      if (blocked) {
        return mailbox.sleep(RETRY_NANOS);
      }
      if (stop != null && reporting.isEmpty()) {
        return end(stop);
      }
      return commands > 0 || !own.isEmpty() || !busy.isEmpty() ? 0 : mailbox.sleep(sleepNanos());
    } catch (Throwable e) {
      engine.fail(e);
      return end(JournalEngine.unavailable());
    } finally {
      turning = null;
    }
  }

  /** What still comes finds every consumer closed. */
  private long end(MeshException reason) {
    stopReason = reason;
    try {
      for (QueueState queue : queues) {
        queue.handOuts.abandonConsumers(reason);
      }
      for (Runnable command = own.poll(); command != null; command = own.poll()) {
        runLate(command);
      }
    } finally {
      mailbox.end();
    }
    return Threads.Turn.ENDED;
  }

  /** After the end, on any thread, but one at a time. */
  private static void runLate(Runnable command) {
    try {
      command.run();
    } catch (RuntimeException | AssertionError e) {
      LOG.atDebug().setCause(e).log("command came after the end of its loop");
    }
  }

  /** Why consumers must not attach any more, or null. */
  @Nullable MeshException stopReason() {
    return stopReason;
  }

  private int takeCommands() {
    int count = 0;
    for (Runnable next = own.poll(); next != null; next = own.poll()) {
      next.run();
      count++;
    }
    while (count < COMMANDS_PER_TURN) {
      Runnable next = mailbox.poll();
      if (next == null) {
        break;
      }
      next.run();
      count++;
    }
    return count;
  }

  private long sleepNanos() {
    return Math.clamp(nextTimerMillis - nowMillis, 1, IDLE_MILLIS) * 1_000_000;
  }

  private void fireTimers() {
    nextTimerMillis = Long.MAX_VALUE;
    for (QueueState queue : List.copyOf(timed)) {
      long next = queue.fireTimers(nowMillis);
      if (next == Long.MAX_VALUE) {
        timed.remove(queue);
      } else {
        nextTimerMillis = Math.min(nextTimerMillis, next);
      }
    }
  }

  private void dispatch() {
    if (busy.isEmpty() || blocked) {
      return;
    }
    List<QueueState> turn = new ArrayList<>(busy);
    busy.clear();
    for (QueueState queue : turn) {
      queue.handOuts.dispatch(nowMillis);
    }
  }

  /** Passes outcomes on; while the journal has no room they gather in few records. */
  private void report() {
    if (!blocked && !reporting.isEmpty()) {
      reporting.forEach(queue -> queue.outcomes.report());
      reporting.clear();
    }
  }

  /** False if some is left. */
  private boolean sendOutbox() {
    while (!outbox.isEmpty()) {
      if (!journal.offer(outbox.element())) {
        return false;
      }
      outbox.remove();
    }
    return true;
  }

  // What queues use, on this loop.

  /** Hands the journal something that must reach it, behind what was handed to it before. */
  void send(JournalCommand command) {
    if (!offer(command)) {
      outbox.add(command);
    }
  }

  /** Hands the journal something that can be tried again; false if it has no room. */
  boolean offer(JournalCommand command) {
    blocked = blocked || !journal.offer(command);
    return !blocked;
  }

  /** Whether the journal has no room: what needs a record is better left for the next turn. */
  boolean isBlocked() {
    return blocked;
  }

  /** A segment is to go: what lives in it is written again. */
  void copyForward(long segment) {
    new CopyForward(this, segment).start(queues);
  }

  void add(QueueState queue) {
    queues.add(queue);
  }

  void remove(QueueState queue) {
    queues.remove(queue);
    busy.remove(queue);
    timed.remove(queue);
    reporting.remove(queue);
  }

  /** The queue may have something to hand out. */
  void busy(QueueState queue) {
    busy.add(queue);
  }

  /** The queue has outcomes for the journal. */
  void reporting(QueueState queue) {
    reporting.add(queue);
  }

  void timer(QueueState queue, long atMillis) {
    timed.add(queue);
    nextTimerMillis = Math.min(nextTimerMillis, atMillis);
  }

  long nowMillis() {
    return nowMillis;
  }

  /** Whether a payload of that size may stay in memory. */
  boolean retain(int bytes) {
    if (retainedBytes + bytes > payloadBudgetBytes) {
      return false;
    }
    retainedBytes += bytes;
    return true;
  }

  void letGo(int bytes) {
    retainedBytes -= bytes;
  }
}
