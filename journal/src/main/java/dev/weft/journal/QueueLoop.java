// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One thread that owns queues (hops 7 to 9). It takes commands in batches, then lets due messages
 * return or expire, hands out what consumers have credit for, and passes outcomes on to the
 * journal, one record per queue and turn. It never waits for another thread.
 */
final class QueueLoop {
  private static final int COMMANDS_PER_TURN = 4096;
  private static final int MAILBOX = 262_144;
  private static final long IDLE_MILLIS = 1_000;
  private static final long RETRY_MILLIS = 5;

  final HandOutMarks marks;
  final PayloadReader payloads;
  final RandomGenerator random;

  /** Set before the loop starts. */
  JournalLoop journal;

  private final JournalEngine engine;
  private final InstantSource clock;
  private final long payloadBudgetBytes;
  private final Thread thread;
  private final Mailbox<Runnable> mailbox;

  /** Commands that this thread gives itself, from listeners. */
  private final Deque<Runnable> own = new ArrayDeque<>();

  private final Set<QueueState> queues = new HashSet<>();
  private final Set<QueueState> busy = new LinkedHashSet<>();
  private final Set<QueueState> timed = new HashSet<>();
  private final Set<QueueState> reporting = new LinkedHashSet<>();
  private long nextTimerMillis = Long.MAX_VALUE;
  private long nowMillis;
  private long retainedBytes;
  private boolean retry;
  private volatile boolean stopped;

  @SuppressWarnings(
      "NullAway.Init") // `journal` follows with start(), for recovery comes in between.
  QueueLoop(
      JournalEngine engine,
      HandOutMarks marks,
      PayloadReader payloads,
      long payloadBudgetBytes,
      InstantSource clock,
      RandomGenerator random,
      int number) {
    this.engine = engine;
    this.marks = marks;
    this.payloads = payloads;
    this.payloadBudgetBytes = payloadBudgetBytes;
    this.clock = clock;
    this.random = random;
    this.thread = new Thread(this::run, "queues-" + number);
    this.mailbox = new Mailbox<>(MAILBOX, thread);
    this.nowMillis = clock.millis();
  }

  void start(JournalLoop journalLoop) {
    journal = journalLoop;
    thread.start();
  }

  /** A command from a door's thread, or from a listener on this one. */
  void put(Runnable command) {
    if (Thread.currentThread() == thread) {
      own.add(command);
    } else if (!stopped) {
      mailbox.put(command);
    }
  }

  /** A command from the journal loop, which may wait for this one, never the other way round. */
  void putFromJournal(Runnable command) {
    while (!stopped && !mailbox.offer(command, true)) {
      Mailbox.pause(50_000);
    }
  }

  /** Makes the loop look at the clock. */
  void wake() {
    put(() -> nextTimerMillis = 0);
  }

  /** Closes every consumer, passes on what is left and ends. Any thread; waits for the end. */
  void stop(MeshException reason) throws InterruptedException {
    put(
        () -> {
          queues.forEach(queue -> queue.handOuts.closeConsumers(reason));
          flush();
          stopped = true;
        });
    thread.join();
  }

  private void run() {
    try {
      while (!stopped) {
        int commands = takeCommands();
        nowMillis = Math.max(nowMillis, clock.millis());
        if (nowMillis >= nextTimerMillis) {
          fireTimers();
        }
        dispatch();
        report();
        if (commands == 0 && own.isEmpty() && busy.isEmpty()) {
          mailbox.sleep(sleepNanos());
        }
      }
    } catch (RuntimeException | AssertionError e) {
      stopped = true;
      engine.fail(e);
    }
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
    long millis = Math.min(IDLE_MILLIS, nextTimerMillis - nowMillis);
    if (retry) {
      millis = Math.min(millis, RETRY_MILLIS);
    }
    return Math.max(1, millis) * 1_000_000;
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
    if (busy.isEmpty()) {
      return;
    }
    List<QueueState> turn = new ArrayList<>(busy);
    busy.clear();
    for (QueueState queue : turn) {
      queue.handOuts.dispatch(nowMillis);
    }
  }

  /** Passes outcomes on; what the journal has no room for stays for the next turn. */
  private void report() {
    retry = false;
    if (!reporting.isEmpty()) {
      reporting.removeIf(queue -> queue.outcomes.report());
      retry = !reporting.isEmpty();
    }
  }

  private void flush() {
    while (!reporting.isEmpty()) {
      report();
      if (retry) {
        Mailbox.pause(100_000);
      }
    }
  }

  // What queues use, on this thread.

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
