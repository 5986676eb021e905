// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.AppendListener;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.QueueStats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded engine. Safe for any thread: calls become commands to the journal loop or to the
 * loop of a queue.
 *
 * <p>When a write or force fails, the engine stops at once and tells its failure listener.
 * Appends that were in flight are then neither stored nor refused: their publishers hear nothing,
 * for nobody knows.
 */
public final class JournalEngine implements QueueEngine {
  private static final Logger LOG = LoggerFactory.getLogger(JournalEngine.class);
  private static final int BROWSE_MAX = 10_000;

  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A hung disk must not hold up the end of a process whose engine failed (R-214: 5 s in all). */
  private static final int SECONDS_AFTER_FAILURE = 3;

  private final Disk disk;
  private final Threads threads;
  private final BrokerTime time;
  private final SegmentFiles files = new SegmentFiles();
  private final SegmentPool pool;
  private final HandOutMarks marks;
  private final List<QueueLoop> loops;
  private final JournalLoop journal;
  private final RecoveryReport recovery;
  private final Map<QueueName, QueueState> queues = new ConcurrentHashMap<>();

  /** Completed exceptionally when the engine fails or has stopped. */
  private final CompletableFuture<Object> end = new CompletableFuture<>();

  private final CompletableFuture<StoreException> failure = new CompletableFuture<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean failed;

  /** Seconds left of {@link #SECONDS_AFTER_FAILURE}; of the closing thread. */
  private int patience = SECONDS_AFTER_FAILURE;

  private JournalEngine(
      Disk disk,
      Threads threads,
      JournalSettings settings,
      InstantSource clock,
      RandomGenerator random)
      throws IOException {
    this.disk = disk;
    this.threads = threads;
    this.time = new BrokerTime(clock, threads);
    Manifest manifest = StoreRecovery.identify(disk, random);
    this.marks = new HandOutMarks(disk);
    List<QueueLoop> made = new ArrayList<>();
    for (int i = 0; i < settings.queueLoops(); i++) {
      PayloadReader payloads = new PayloadReader(files, manifest.storeId());
      long budget = settings.payloadBudgetBytes() / settings.queueLoops();
      made.add(new QueueLoop(this, marks, payloads, budget, time, random, threads, i));
    }
    this.loops = List.copyOf(made);
    QueueRecovery queueRecovery = new QueueRecovery(this::newQueue);
    RecoveredStore store =
        new StoreRecovery(disk, settings, clock, files, marks, queueRecovery).recover(manifest);
    this.pool = store.pool();
    this.recovery = store.report();
    this.journal = new JournalLoop(this, store, files, marks, settings, time, threads);
    for (QueueState queue : store.queues()) {
      queue.loop.add(queue);
      queues.put(queue.name, queue);
    }
    loops.forEach(loop -> loop.start(journal));
    pool.start(threads, journal::wake, this::fail);
    journal.start();
  }

  /**
   * Opens the store in a directory, which is made when missing.
   *
   * @throws StoreException if it is in use, damaged or unreadable; nothing in it was changed then
   */
  public static JournalEngine open(
      Path directory, JournalSettings settings, InstantSource clock, RandomGenerator random) {
    return open(FileDisk.lock(directory), settings, clock, random);
  }

  static JournalEngine open(
      Disk disk, JournalSettings settings, InstantSource clock, RandomGenerator random) {
    return open(disk, Threads.platform(), settings, clock, random);
  }

  /**
   * Opens the store on any disk and any threads: for tests that lose power, fail writes, or choose
   * the order of events.
   *
   * @param disk closed with the engine, and when opening fails
   * @throws StoreException if the store is damaged or unreadable; nothing in it was changed then
   */
  public static JournalEngine open(
      Disk disk,
      Threads threads,
      JournalSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    try {
      return new JournalEngine(disk, threads, settings, clock, random);
    } catch (IOException | RuntimeException e) {
      try {
        disk.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      if (e instanceof StoreException known) {
        throw known;
      }
      throw new StoreException.Unreadable("Cannot read the store: " + StoreException.why(e), e);
    }
  }

  /** How the store was found. */
  public RecoveryReport recovery() {
    return recovery;
  }

  /** Hears once when the engine fails; the process should end then. */
  public void onFailure(java.util.function.Consumer<StoreException> listener) {
    var _ = failure.thenAccept(listener);
  }

  /** Room on the disk; when full, new messages are refused. */
  public StorageState storageState() {
    return pool.state();
  }

  /** Whether the wall clock leapt ahead, so that expiry is held. */
  public boolean isExpiryHeld() {
    return time.isHeld();
  }

  /** The wall clock is right: what it says is over expires. */
  public void confirmClock() {
    time.confirm();
    loops.forEach(QueueLoop::wake);
  }

  @Override
  public boolean declare(QueueName queue, QueueSettings settings) {
    Declaration command = new Declaration(queue, settings, false);
    return put(command, command.done);
  }

  @Override
  public void change(QueueName queue, QueueSettings settings) {
    Declaration command = new Declaration(queue, settings, true);
    put(command, command.done);
  }

  @Override
  public boolean delete(QueueName queue) {
    Deletion command = new Deletion(queue);
    return put(command, command.done);
  }

  @Override
  public long purge(QueueName queue) {
    QueueState state = state(queue);
    CompletableFuture<Long> done = new CompletableFuture<>();
    state.loop.put(() -> state.purge(done));
    return await(done);
  }

  @Override
  public Map<QueueName, QueueSettings> queues() {
    Map<QueueName, QueueSettings> result = new HashMap<>();
    queues.forEach((name, state) -> result.put(name, state.settings));
    return result;
  }

  @Override
  public QueueStats stats(QueueName queue) {
    QueueState state = state(queue);
    CompletableFuture<QueueStats> done = new CompletableFuture<>();
    state.loop.put(() -> done.complete(state.stats()));
    return await(done);
  }

  @Override
  public List<BrowsedMessage> browse(QueueName queue, long fromSequence, int limit) {
    if (limit < 1 || limit > BROWSE_MAX) {
      throw new IllegalArgumentException("browse limit " + limit);
    }
    QueueState state = state(queue);
    CompletableFuture<List<BrowsedMessage>> done = new CompletableFuture<>();
    state.loop.put(() -> done.complete(state.browse(fromSequence, limit)));
    return await(done);
  }

  @Override
  public void append(Collection<QueueName> names, Message message, AppendListener listener) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("no queue");
    }
    if (names.size() > 1 && !(names instanceof Set) && Set.copyOf(names).size() != names.size()) {
      throw new IllegalArgumentException("a queue is named twice");
    }
    QueueState[] states = new QueueState[names.size()];
    int count = 0;
    for (QueueName name : names) {
      QueueState state = queues.get(name);
      if (state == null) {
        listener.refused(new MeshException.UnknownQueue(name));
        return;
      }
      states[count++] = state;
    }
    if (isOver()) {
      listener.refused(unavailable());
      return;
    }
    if (journal.isStorageFull()) {
      // At once, for the journal itself may be waiting for room.
      listener.refused(Append.storageFull());
      return;
    }
    try {
      journal.append(new Append(states, message, listener));
    } catch (MeshException.EngineOverloaded e) {
      listener.refused(e);
    }
  }

  @Override
  public Consumer consume(QueueName queue, ConsumerSettings settings, DeliveryListener listener) {
    QueueState state = state(queue);
    JournalConsumer consumer = new JournalConsumer(state, settings, listener);
    state.loop.put(() -> state.handOuts.attach(consumer));
    return consumer;
  }

  /**
   * Copies the store into an empty directory while it goes on: everything that was accepted before
   * the call is in the copy. Segments are kept until it is done, so the store grows meanwhile.
   * Blocks; any thread.
   *
   * @throws IOException if the copy cannot be written
   */
  public StoreBackup.Result backup(Path into) throws IOException {
    try (Disk target = FileDisk.forReading(into)) {
      return backup(target);
    }
  }

  StoreBackup.Result backup(Disk into) throws IOException {
    Snapshot snapshot = new Snapshot();
    Snapshot.State state = put(snapshot, snapshot.done);
    try {
      return StoreBackup.copy(disk, state, into);
    } finally {
      journal.put(new Snapshot.Release());
    }
  }

  @Override
  public void close() {
    if (closing.getAndSet(true)) {
      return;
    }
    journal.closing();
    loops.forEach(loop -> loop.stop(unavailable()));
    boolean ended = loops.stream().allMatch(loop -> hasEnded(loop::join));
    journal.stop();
    ended = ended && hasEnded(journal::join);
    pool.stop();
    ended = ended && hasEnded(pool::join);
    end.completeExceptionally(unavailable());
    if (ended) {
      closeFiles();
    } else {
      LOG.atError().log("store not closed: the disk does not answer");
    }
  }

  private void closeFiles() {
    try (disk) {
      pool.close();
      files.close();
      marks.close();
    } catch (IOException e) {
      LOG.atError().setCause(e).log("store not closed in order");
    }
  }

  private boolean hasEnded(Predicate<Duration> join) {
    while (!join.test(SECOND)) {
      if (failed && patience-- == 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Makes the loops look at the clock and waits for a whole turn of each, for tests that move it.
   */
  void wake() {
    for (QueueLoop loop : loops) {
      CompletableFuture<Boolean> turned = new CompletableFuture<>();
      loop.lookAtClock();
      // What a loop gives itself comes in its next turn: after the timers and hand-outs of this
      // one.
      loop.put(() -> loop.put(() -> turned.complete(true)));
      await(turned);
    }
  }

  // What the loops use.

  QueueState newQueue(int id, QueueName name, QueueSettings settings) {
    return new QueueState(id, name, loops.get(Math.floorMod(id, loops.size())), settings);
  }

  void publish(QueueState queue) {
    queues.put(queue.name, queue);
  }

  List<QueueLoop> loops() {
    return loops;
  }

  void forget(QueueState queue) {
    queues.remove(queue.name, queue);
  }

  /** Stops everything at once: nothing that is not certain may be told any more. */
  void fail(Throwable cause) {
    synchronized (failure) {
      if (failed) {
        LOG.atWarn().setCause(cause).log("engine failed already");
        return;
      }
      failed = true;
    }
    LOG.atError().setCause(cause).log("engine failed");
    end.completeExceptionally(unavailable());
    loops.forEach(QueueLoop::wake);
    journal.wake();
    pool.stop();
    failure.complete(
        cause instanceof StoreException known
            ? known
            : new StoreException.Failed(
                "The journal cannot go on: " + cause,
                cause instanceof IOException io ? io : new IOException(cause)));
  }

  /** Whether every loop has to end at once. */
  boolean hasFailed() {
    return failed;
  }

  private boolean isOver() {
    return failed || closing.get();
  }

  private QueueState state(QueueName queue) {
    if (isOver()) {
      throw unavailable();
    }
    QueueState state = queues.get(queue);
    if (state == null) {
      throw new MeshException.UnknownQueue(queue);
    }
    return state;
  }

  static MeshException.EngineUnavailable unavailable() {
    return new MeshException.EngineUnavailable("The queue engine has stopped", null);
  }

  private <T> T put(JournalCommand command, CompletableFuture<T> done) {
    if (isOver()) {
      throw unavailable();
    }
    journal.put(command);
    return await(done);
  }

  private <T> T await(CompletableFuture<T> done) {
    threads.await(CompletableFuture.anyOf(done, end));
    if (!done.isDone()) {
      throw unavailable();
    }
    try {
      return done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MeshException known) {
        throw known;
      }
      throw e;
    }
  }
}
