// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The reference engine: every semantic of the SPI, nothing durable. For tests of the rooms above
 * and as the first engine under {@code QueueEngineContract}.
 *
 * <p>One thread owns all state and runs all listeners. It looks at the clock every few
 * milliseconds, so pauses and times to live work by themselves; a test with a {@link FakeClock}
 * calls {@link #poke()} after moving it.
 */
public final class InMemoryQueueEngine implements QueueEngine {
  /** Commands that may wait; an append beyond is refused, other calls wait. */
  private static final int MAILBOX_SIZE = 65_536;

  private static final long TICK_MILLIS = 10;

  private final InstantSource clock;
  private final RandomGenerator jitter;
  private final BlockingQueue<Runnable> mailbox = new ArrayBlockingQueue<>(MAILBOX_SIZE);
  private final Thread loop;

  private final Object gate = new Object();
  private boolean stopping; // guarded by gate

  // Owned by the loop thread.
  private final TreeMap<QueueName, MemoryQueue> queues = new TreeMap<>();
  private final SequencedSet<MemoryQueue> touched = new LinkedHashSet<>();
  private final ArrayDeque<Runnable> outbox = new ArrayDeque<>();
  private boolean stopped;

  public InMemoryQueueEngine(InstantSource clock) {
    this(clock, RandomGenerator.of("L64X128MixRandom"));
  }

  /**
   * @param jitter spreads pauses by ±20 %
   */
  public InMemoryQueueEngine(InstantSource clock, RandomGenerator jitter) {
    this.clock = clock;
    this.jitter = jitter;
    loop = Thread.ofPlatform().daemon().name("memory-engine").start(this::run);
  }

  private void run() {
    try {
      while (!stopped) {
        Runnable command = mailbox.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (command != null) {
          command.run();
        }
        work();
      }
      for (Runnable late = mailbox.poll(); late != null; late = mailbox.poll()) {
        late.run();
      }
      work();
    } catch (InterruptedException | RuntimeException | Error failure) {
      fail(new MeshException.EngineUnavailable("The engine failed: " + failure, failure));
    }
  }

  /** Hands out until nothing moves, then tells the listeners; their calls may start it again. */
  private void work() {
    queues.values().stream().filter(MemoryQueue::due).forEach(this::touch);
    while (!touched.isEmpty() || !outbox.isEmpty()) {
      while (!touched.isEmpty()) {
        touched.removeFirst().dispatch();
        queues.values().forEach(MemoryQueue::retryDead);
      }
      Runnable notification = outbox.poll();
      if (notification != null) {
        notification.run();
      }
    }
  }

  private void fail(MeshException reason) {
    stop(reason);
    for (Runnable late = mailbox.poll(); late != null; late = mailbox.poll()) {
      late.run();
    }
    outbox.forEach(Runnable::run);
  }

  private void stop(MeshException reason) {
    stopped = true;
    synchronized (gate) {
      stopping = true;
    }
    queues.values().forEach(queue -> queue.closeConsumers(reason));
  }

  /**
   * Does all that is due by the clock and everything asked for before, listeners included, then
   * returns.
   */
  public void poke() {
    call(() -> true);
    call(() -> true);
  }

  // The pieces below are for the queue and consumer classes, on the loop thread unless said.

  /** From any thread; on the loop's own, which a listener runs on, the command runs at once. */
  boolean post(Runnable command) {
    if (Thread.currentThread() == loop) {
      command.run();
      return true;
    }
    synchronized (gate) {
      try {
        while (!stopping) {
          if (mailbox.offer(command)) {
            return true;
          }
          gate.wait(1);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return false;
    }
  }

  void touch(MemoryQueue queue) {
    touched.add(queue);
  }

  void notify(Runnable notification) {
    outbox.add(notification);
  }

  @Nullable MemoryQueue find(QueueName name) {
    return queues.get(name);
  }

  long nowMillis() {
    return clock.millis();
  }

  double random() {
    return jitter.nextDouble();
  }

  private MemoryQueue existing(QueueName name) {
    MemoryQueue queue = queues.get(name);
    if (queue == null) {
      throw new MeshException.UnknownQueue(name);
    }
    return queue;
  }

  private static MeshException closed() {
    return new MeshException.EngineUnavailable("The engine is closed", null);
  }

  private <T> T call(Supplier<T> command) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    boolean posted =
        post(
            () -> {
              try {
                if (stopped) {
                  throw closed();
                }
                answer.complete(command.get());
              } catch (RuntimeException failure) {
                answer.completeExceptionally(failure);
              }
            });
    if (!posted) {
      throw closed();
    }
    try {
      return answer.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  @Override
  public boolean declare(QueueName queue, QueueSettings settings) {
    return call(
        () -> {
          MemoryQueue existing = queues.get(queue);
          if (existing != null) {
            existing.change(settings);
            return false;
          }
          MemoryQueue fresh = new MemoryQueue(this, queue, settings);
          queues.put(queue, fresh);
          touch(fresh);
          return true;
        });
  }

  @Override
  public void change(QueueName queue, QueueSettings settings) {
    call(
        () -> {
          existing(queue).change(settings);
          return true;
        });
  }

  @Override
  public boolean delete(QueueName queue) {
    return call(
        () -> {
          MemoryQueue removed = queues.remove(queue);
          if (removed != null) {
            touched.remove(removed);
            removed.closeConsumers(new MeshException.QueueDeleted(queue));
          }
          return removed != null;
        });
  }

  @Override
  public long purge(QueueName queue) {
    return call(() -> existing(queue).purge());
  }

  @Override
  public Map<QueueName, QueueSettings> queues() {
    return call(
        () -> {
          TreeMap<QueueName, QueueSettings> all = new TreeMap<>();
          queues.forEach((name, queue) -> all.put(name, queue.settings));
          return all;
        });
  }

  @Override
  public QueueStats stats(QueueName queue) {
    return call(() -> existing(queue).stats());
  }

  @Override
  public List<BrowsedMessage> browse(QueueName queue, long fromSequence, int limit) {
    if (limit < 1 || limit > 10_000) {
      throw new IllegalArgumentException("limit must be from 1 to 10000");
    }
    return call(() -> existing(queue).browse(fromSequence, limit));
  }

  @Override
  public void append(Collection<QueueName> names, Message message, AppendListener listener) {
    if (names.isEmpty() || new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException("at least one queue, each once");
    }
    List<QueueName> targets = List.copyOf(names);
    if (mailbox.remainingCapacity() == 0 && Thread.currentThread() != loop) {
      listener.refused(new MeshException.EngineOverloaded("commands wait for the engine"));
    } else if (!post(() -> store(targets, message, listener))) {
      listener.refused(closed());
    }
  }

  private void store(List<QueueName> names, Message message, AppendListener listener) {
    MeshException refusal = stopped ? closed() : null;
    List<MemoryQueue> targets = new ArrayList<>();
    for (QueueName name : names) {
      MemoryQueue target = queues.get(name);
      if (refusal == null) {
        refusal = target == null ? new MeshException.UnknownQueue(name) : target.refusal(message);
      }
      if (target != null) {
        targets.add(target);
      }
    }
    if (refusal == null) {
      targets.forEach(target -> target.store(message, false));
      notify(listener::stored);
    } else {
      MeshException reason = refusal;
      notify(() -> listener.refused(reason));
    }
  }

  @Override
  public Consumer consume(QueueName queue, ConsumerSettings settings, DeliveryListener listener) {
    return call(() -> existing(queue).consume(settings, listener));
  }

  @Override
  public void close() {
    post(() -> stop(closed()));
    if (Thread.currentThread() == loop) {
      return;
    }
    try {
      loop.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
