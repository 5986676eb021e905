// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The one loop that writes the log (hops 4 to 6): takes commands from its mailbox, writes their
 * records into the open batch, forces the batch, then tells everybody who waited. While a force
 * runs, the next batch collects in the mailbox.
 *
 * <p>Every field without another word belongs to this loop.
 */
final class JournalLoop {
  private static final long IDLE_NANOS = 1_000_000_000L;
  private static final long MARKS_NANOS = 1_000_000_000L;
  private static final long UNSENT_NANOS = 50_000;
  private static final int MAILBOX_EXTRA = 16_384;

  /** Something for a queue loop whose mailbox is full. */
  private record Unsent(QueueLoop loop, Runnable command) {}

  private final SegmentPool pool;
  private final LogWriter log;
  private final HandOutMarks marks;
  private final JournalSettings settings;
  private final long commitWindowNanos;
  private final long settlementFlushNanos;
  private final BrokerTime time;
  private final Threads threads;
  private final JournalEngine engine;
  private final Threads.Loop loop;
  private final Mailbox<JournalCommand> mailbox;

  /** Bounds what lies between append and force; counted by any thread. */
  private final AtomicInteger appendsInFlight = new AtomicInteger();

  private final AtomicLong appendBytesInFlight = new AtomicLong();

  private final Map<QueueName, QueueState> queues = new HashMap<>();
  private final LogSegments segments;
  private final LogWriter.SegmentListener created;
  private final List<JournalCommand> batch = new ArrayList<>();
  private final Map<QueueLoop, List<Entering>> entering = new LinkedHashMap<>();

  /** Definitions due to be written again, before anything else. */
  private final Deque<JournalCommand> restatements = new ArrayDeque<>();

  /** No more than a batch leaves behind: nothing is collected before they are out. */
  private final Deque<Unsent> unsent = new ArrayDeque<>();

  /** Taken from the mailbox, waits for a segment. */
  private @Nullable JournalCommand waiting;

  private int nextQueueId;
  private int urgentRecords;
  private long firstRecordNanos;
  private long lastCommitNanos;
  private long marksForcedNanos;
  private long nowMillis;

  /** Something was dropped for want of room: the stop is not in order. */
  private boolean lossy;

  private volatile boolean closing;
  private volatile boolean stopping;

  JournalLoop(
      JournalEngine engine,
      RecoveredStore store,
      SegmentFiles files,
      HandOutMarks marks,
      JournalSettings settings,
      BrokerTime time,
      Threads threads) {
    this.engine = engine;
    this.pool = store.pool();
    this.log = store.log();
    this.marks = marks;
    this.segments = new LogSegments(store, files, settings.retention());
    this.created = segments::add; // Made once, not per message.
    this.nextQueueId = store.nextQueueId();
    store.queues().forEach(queue -> queues.put(queue.name, queue));
    this.settings = settings;
    this.commitWindowNanos = settings.commitWindow().toNanos();
    this.settlementFlushNanos = settings.settlementFlush().toNanos();
    this.time = time;
    this.nowMillis = time.millis();
    this.threads = threads;
    this.lastCommitNanos = threads.nanoTime() - commitWindowNanos;
    this.loop = threads.loop("journal", this::turn);
    this.mailbox =
        new Mailbox<>(
            settings.appendsInFlight() + MAILBOX_EXTRA,
            threads,
            loop,
            command -> command.abandon(JournalEngine.unavailable()));
  }

  void start() {
    loop.start();
  }

  /** Any thread. Refuses more than the bounds allow. */
  void append(Append command) {
    int count = appendsInFlight.incrementAndGet();
    long bytes = appendBytesInFlight.addAndGet(command.bytes());
    if (count > settings.appendsInFlight() || bytes > settings.appendBytesInFlight()) {
      appendDone(command);
      throw new MeshException.EngineOverloaded(
          "messages are arriving faster than the disk takes them");
    }
    mailbox.put(command);
  }

  /** Any thread outside of the loops. */
  void put(JournalCommand command) {
    mailbox.put(command);
  }

  /** For queue loops, which never wait: false if the mailbox is full. */
  boolean offer(JournalCommand command) {
    return mailbox.offer(command, command.urgent());
  }

  /** Has it look at what changed around it. Any thread. */
  void wake() {
    mailbox.wake();
  }

  /** From now on nothing waits for room on a full disk: it is dropped. Any thread. */
  void closing() {
    closing = true;
    mailbox.wake();
  }

  /** Writes what is there, then that the engine stopped in order, and ends. Any thread. */
  void stop() {
    stopping = true;
    mailbox.wake();
  }

  /** Waits for the end; false if it does not come. */
  boolean join(Duration atMost) {
    return loop.join(atMost);
  }

  private long turn() {
    try {
      mailbox.awake();
      if (engine.hasFailed()) {
        return end();
      }
      // Before looking at the mailbox, so that nothing put before is missed.
      boolean stop = stopping;
      if (!sendUnsent()) {
        return mailbox.pause(UNSENT_NANOS);
      }
      collect();
      if (!log.isEmpty()) {
        return commitInTime(stop);
      }
      if (waiting != null) {
        return mailbox.pause(IDLE_NANOS); // The pool wakes us.
      }
      if (!restatements.isEmpty() || !unsent.isEmpty()) {
        return 0;
      }
      if (stop && mailbox.isEmpty()) {
        writeClosed();
        return end();
      }
      forceMarks();
      return mailbox.sleep(IDLE_NANOS);
    } catch (Throwable e) {
      engine.fail(e);
      return end();
    }
  }

  private void writeClosed() throws IOException {
    if (!lossy && isRoomFor(LogWriter.recordBytes(0), 0)) {
      begin(0);
      log.end(RecordType.CLOSED, 0);
      commit();
    }
  }

  /** What has no record yet never gets one; what is in the open batch nobody knows of. */
  private long end() {
    JournalCommand held = waiting;
    if (held != null) {
      held.abandon(JournalEngine.unavailable());
    }
    mailbox.end();
    return Threads.Turn.ENDED;
  }

  private void collect() throws IOException {
    nowMillis = time.millis();
    for (JournalCommand next = next(); next != null; next = next()) {
      if (!takes(next)) {
        if (closing && pool.isFull()) {
          lossy = true;
          next.abandon(JournalEngine.unavailable());
          continue;
        }
        waiting = next;
        return;
      }
      next.write(this);
      if (!unsent.isEmpty()) {
        return;
      }
    }
  }

  private @Nullable JournalCommand next() {
    JournalCommand next = waiting;
    if (next != null) {
      waiting = null;
      return next;
    }
    return restatements.isEmpty() ? mailbox.poll() : restatements.remove();
  }

  /**
   * Whether its record has room, or, for a message on a full disk, it is to find that it has none.
   */
  private boolean takes(JournalCommand next) {
    int bytes = next.recordBytes();
    if (next.leavesReserve()) {
      return isRoomFor(bytes, pool.reserve()) || pool.isFull();
    }
    return bytes == JournalCommand.NO_RECORD || isRoomFor(bytes, 0);
  }

  private boolean isRoomFor(int recordBytes, int reserve) {
    return log.isRoomInSegment(recordBytes) || pool.ready() > reserve;
  }

  /** Commits now, or waits for company where that costs nobody much (baseline §4.3). */
  private long commitInTime(boolean stop) throws IOException {
    long now = threads.nanoTime();
    boolean urgent = urgentRecords > 0;
    long left =
        urgent
            ? lastCommitNanos + commitWindowNanos - now
            : firstRecordNanos + settlementFlushNanos - now;
    if (stop || waiting != null || log.records() >= settings.commitRecords() || left <= 0) {
      commit();
      return 0;
    }
    return urgent ? mailbox.pause(left) : mailbox.sleepUntilUrgent(left);
  }

  private void commit() throws IOException {
    lastCommitNanos = threads.nanoTime();
    log.commit();
    urgentRecords = 0;
    for (JournalCommand command : batch) {
      command.durable(this);
    }
    entering.forEach(this::sendEntering);
    for (JournalCommand command : batch) {
      command.answer();
    }
    batch.clear();
    forceMarks();
    reclaim();
  }

  private void forceMarks() throws IOException {
    long now = threads.nanoTime();
    if (now - marksForcedNanos >= MARKS_NANOS) {
      marksForcedNanos = now;
      marks.force();
    }
  }

  private void sendEntering(QueueLoop to, List<Entering> those) {
    if (!those.isEmpty()) {
      List<Entering> handed = List.copyOf(those);
      those.clear();
      send(to, () -> handed.forEach(each -> each.enter(to)));
    }
  }

  /** Keeps the order of what goes to one loop. */
  private void send(QueueLoop to, Runnable command) {
    if (!unsent.isEmpty() || !to.offer(command)) {
      unsent.add(new Unsent(to, command));
    }
  }

  /** False if some is left. */
  private boolean sendUnsent() {
    while (!unsent.isEmpty()) {
      Unsent first = unsent.element();
      if (!first.loop().offer(first.command())) {
        return false;
      }
      unsent.remove();
    }
    return true;
  }

  // What commands use, on this loop.

  long nowMillis() {
    return nowMillis;
  }

  int recordBytesMax() {
    return settings.recordBytesMax();
  }

  /** Any thread. */
  boolean isStorageFull() {
    return pool.isFull();
  }

  /** Where the log goes over to another segment, one must be ready: see {@link #takes}. */
  int begin(int payloadBytes) throws IOException {
    if (!log.fits(payloadBytes)) {
      commit();
    }
    if (log.isEmpty()) {
      firstRecordNanos = threads.nanoTime();
    }
    return log.begin(payloadBytes, nowMillis, created);
  }

  ByteBuffer buffer() {
    return log.buffer();
  }

  long end(RecordType type, int payloadBytes, JournalCommand command) {
    long sequence = log.end(type, payloadBytes);
    batch.add(command);
    if (command.urgent()) {
      urgentRecords++;
    }
    return sequence;
  }

  /**
   * Keeps the active segment for that many entries whose message is the record ended last; returns
   * its location.
   */
  long hold(int entries, int messageBytes) {
    segments.hold(log.active(), entries, messageBytes);
    return log.location();
  }

  void enqueue(QueueLoop to, Entering what) {
    entering.computeIfAbsent(to, _ -> new ArrayList<>()).add(what);
  }

  /** Something without a record that comes after what is in the open batch. */
  void afterBatch(JournalCommand command) {
    if (log.isEmpty()) {
      command.durable(this);
    } else {
      batch.add(command);
    }
  }

  /** Tells a queue something, after the messages that entered before. */
  void tell(QueueState queue, Runnable command) {
    List<Entering> before = entering.get(queue.loop);
    if (before != null) {
      sendEntering(queue.loop, before);
    }
    send(queue.loop, command);
  }

  void appendDone(Append command) {
    appendsInFlight.decrementAndGet();
    appendBytesInFlight.addAndGet(-command.bytes());
  }

  @Nullable QueueState queue(QueueName name) {
    return queues.get(name);
  }

  /**
   * Has the hand-outs of the next queue a place on disk: when they come it is too late to refuse.
   */
  boolean isRoomForMark() {
    try {
      marks.write(nextQueueId, 0);
      return true;
    } catch (IOException _) {
      return false; // The caller hears of it.
    }
  }

  QueueState newQueue(QueueName name, QueueSettings queueSettings) {
    QueueState state = engine.newQueue(nextQueueId++, name, queueSettings);
    queues.put(name, state);
    return state;
  }

  void declare(QueueState queue, QueueSettings queueSettings, JournalCommand command)
      throws IOException {
    byte[] payload = Records.declared(queue.id, queue.name, queueSettings);
    int at = begin(payload.length);
    buffer().put(at, payload);
    end(RecordType.DECLARED, payload.length, command);
    queue.declared = queueSettings;
    queue.definitionSegment = log.active().number;
  }

  /** Keeps every segment until {@link #unpin}; nothing is in the open batch now. */
  Snapshot.State pin() {
    return segments.pin(log.active().end, log.durableSequence());
  }

  /** What was kept goes with the next commit. */
  void unpin() {
    segments.unpin();
  }

  /** Makes a new queue known to callers. */
  void publish(QueueState queue) {
    send(queue.loop, () -> queue.loop.add(queue));
    engine.publish(queue);
  }

  void forget(QueueState queue) {
    queues.remove(queue.name);
    engine.forget(queue);
  }

  /** Entries left a segment. */
  void release(long segmentNumber, long entries, long bytes) {
    segments.release(segmentNumber, entries, bytes);
  }

  /**
   * Gives up segments from the old end of the log while nothing lives in them, then has what lives
   * in the oldest copied if that is worth it.
   */
  private void reclaim() throws IOException {
    if (!log.isEmpty()) {
      return; // Definitions written again may be in the open batch; its commit comes here.
    }
    for (Segment oldest = segments.disposable(nowMillis);
        oldest != null;
        oldest = segments.disposable(nowMillis)) {
      if (restateDefinitions(oldest.number)) {
        return; // Goes on when those are durable.
      }
      segments.removeOldest();
    }
    List<QueueLoop> loops = engine.loops();
    Segment oldest = segments.startCopy(loops.size(), nowMillis);
    if (oldest != null) {
      loops.forEach(to -> send(to, () -> to.copyForward(oldest.number)));
    }
  }

  /** A queue loop has nothing more in the segment that is copied. */
  void copyEnded() throws IOException {
    if (segments.copyEnded()) {
      reclaim();
    }
  }

  /**
   * Has the definitions written again that stand in a segment about to go; false if there are none.
   */
  private boolean restateDefinitions(long segmentNumber) {
    restatements.clear();
    for (QueueState queue : queues.values()) {
      if (queue.definitionSegment == segmentNumber) {
        restatements.add(new Restatement(queue));
      }
    }
    return !restatements.isEmpty();
  }
}
