// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes the log (hops 4 to 6): takes commands from its mailbox, writes their
 * records into the open batch, forces the batch, then tells everybody who waited. While a force
 * runs, the next batch collects in the mailbox.
 *
 * <p>Every field without another word belongs to this thread.
 */
final class JournalLoop {
  private static final Logger LOG = LoggerFactory.getLogger(JournalLoop.class);
  private static final long IDLE_NANOS = 1_000_000_000L;
  private static final int MAILBOX_EXTRA = 65_536;

  private final Disk disk;
  private final SegmentPool pool;
  private final LogWriter log;
  private final SegmentFiles files;
  private final JournalSettings settings;
  private final InstantSource clock;
  private final JournalEngine engine;
  private final Thread thread = new Thread(this::run, "journal");
  private final Mailbox<JournalCommand> mailbox;

  /** Bounds what lies between append and force; counted by any thread. */
  private final AtomicInteger appendsInFlight = new AtomicInteger();

  private final AtomicLong appendBytesInFlight = new AtomicLong();

  private final Map<QueueName, QueueState> queues = new HashMap<>();
  private final Deque<Segment> segments;
  private final List<JournalCommand> batch = new ArrayList<>();
  private final Map<QueueLoop, List<NewEntry>> entering = new HashMap<>();
  private final List<QueueState> restatements = new ArrayList<>();
  private Manifest manifest;
  private int nextQueueId;
  private int urgentRecords;
  private long firstRecordNanos;
  private long lastCommitNanos = System.nanoTime() - IDLE_NANOS;
  private long nowMillis;
  private volatile boolean stopping;

  JournalLoop(
      JournalEngine engine,
      RecoveredStore store,
      SegmentFiles files,
      JournalSettings settings,
      InstantSource clock) {
    this.engine = engine;
    this.disk = store.disk();
    this.pool = store.pool();
    this.log = store.log();
    this.files = files;
    this.segments = new ArrayDeque<>(store.segments());
    this.manifest = store.manifest();
    this.nextQueueId = store.nextQueueId();
    store.queues().forEach(queue -> queues.put(queue.name, queue));
    this.settings = settings;
    this.clock = clock;
    this.nowMillis = clock.millis();
    this.mailbox = new Mailbox<>(settings.appendsInFlight() + MAILBOX_EXTRA, thread);
  }

  void start() {
    thread.start();
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

  /** Any thread but the queue loops'. */
  void put(JournalCommand command) {
    mailbox.put(command);
  }

  /** For queue loops, which never wait: false if the mailbox is full. */
  boolean offer(JournalCommand command) {
    return mailbox.offer(command, command.urgent());
  }

  /**
   * Writes what is there, then that the engine stopped in order, and ends. Any thread; waits for
   * the end.
   */
  void stop() throws InterruptedException {
    stopping = true;
    mailbox.wake();
    thread.join();
  }

  private void run() {
    try {
      while (true) {
        boolean stop =
            stopping; // Before looking at the mailbox, so that nothing put before is missed.
        collect();
        if (!log.isEmpty()) {
          commitInTime(stop);
        } else if (stop && mailbox.isEmpty()) {
          break;
        } else {
          if (restatements.isEmpty()) {
            mailbox.sleep(IDLE_NANOS);
          }
        }
      }
      begin(0);
      log.end(RecordType.CLOSED, 0);
      commit();
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      engine.fail(e);
    }
  }

  private void collect() throws IOException, InterruptedException {
    nowMillis = Math.max(nowMillis, clock.millis());
    if (!restatements.isEmpty()) {
      restate();
    }
    for (JournalCommand next = mailbox.poll(); next != null; next = mailbox.poll()) {
      next.write(this);
    }
  }

  /** Commits now, or waits for company where that costs nobody much (baseline §4.3). */
  private void commitInTime(boolean stop) throws IOException {
    long now = System.nanoTime();
    if (stop || log.records() >= settings.commitRecords()) {
      commit();
    } else if (urgentRecords == 0) {
      long left = firstRecordNanos + settings.settlementFlush().toNanos() - now;
      if (left > 0) {
        mailbox.sleepUntilUrgent(left);
      } else {
        commit();
      }
    } else {
      long left = lastCommitNanos + settings.commitWindow().toNanos() - now;
      if (left > 0) {
        Mailbox.pause(left);
        lastCommitNanos =
            now - settings.commitWindow().toNanos(); // Collect once more, then commit.
      } else {
        commit();
      }
    }
  }

  private void commit() throws IOException {
    lastCommitNanos = System.nanoTime();
    log.commit();
    urgentRecords = 0;
    for (JournalCommand command : batch) {
      command.durable(this);
    }
    flushEntering();
    for (JournalCommand command : batch) {
      command.answer();
    }
    batch.clear();
    reclaim();
  }

  private void flushEntering() {
    entering.forEach(JournalLoop::flush);
  }

  private static void flush(QueueLoop loop, List<NewEntry> entries) {
    if (!entries.isEmpty()) {
      List<NewEntry> handed = List.copyOf(entries);
      entries.clear();
      loop.putFromJournal(() -> handed.forEach(entry -> entry.queue().enter(entry)));
    }
  }

  // What commands use, on this thread.

  long nowMillis() {
    return nowMillis;
  }

  int recordBytesMax() {
    return settings.recordBytesMax();
  }

  boolean isStorageFull() {
    return pool.isFull();
  }

  int begin(int payloadBytes) throws IOException, InterruptedException {
    if (!log.fits(payloadBytes)) {
      commit();
    }
    if (log.isEmpty()) {
      firstRecordNanos = System.nanoTime();
    }
    return log.begin(payloadBytes, nowMillis, this::segmentCreated);
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
  long hold(int entries) {
    log.active().liveEntries += entries;
    return log.location();
  }

  void enqueue(NewEntry entry) {
    entering.computeIfAbsent(entry.queue().loop, _ -> new ArrayList<>()).add(entry);
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
    List<NewEntry> before = entering.get(queue.loop);
    if (before != null) {
      flush(queue.loop, before);
    }
    queue.loop.putFromJournal(command);
  }

  void appendDone(Append command) {
    appendsInFlight.decrementAndGet();
    appendBytesInFlight.addAndGet(-command.bytes());
  }

  @Nullable QueueState queue(QueueName name) {
    return queues.get(name);
  }

  QueueState newQueue(QueueName name, QueueSettings queueSettings) {
    QueueState state = engine.newQueue(nextQueueId++, name, queueSettings);
    queues.put(name, state);
    return state;
  }

  void declare(QueueState queue, QueueSettings queueSettings, JournalCommand command)
      throws IOException, InterruptedException {
    byte[] payload = Records.declared(queue.id, queue.name, queueSettings);
    int at = begin(payload.length);
    buffer().put(at, payload);
    end(RecordType.DECLARED, payload.length, command);
    queue.declared = queueSettings;
    queue.definitionSegment = log.active().number;
  }

  /** Makes a new queue known to callers. */
  void publish(QueueState queue) {
    engine.publish(queue);
  }

  void forget(QueueState queue) {
    queues.remove(queue.name);
    engine.forget(queue);
  }

  /** Entries left a segment. */
  void release(long segmentNumber, long entries) {
    for (Segment segment : segments) {
      if (segment.number == segmentNumber) {
        segment.liveEntries -= entries;
        return;
      }
    }
  }

  private void segmentCreated(Segment segment) {
    segments.add(segment);
    files.add(segment);
  }

  /**
   * Gives up segments from the old end of the log while nothing lives in them. Only from the old
   * end: a younger segment may hold the word that something in an older one is settled.
   */
  private void reclaim() throws IOException {
    while (segments.size() > 1 && segments.element().liveEntries == 0) {
      Segment oldest = segments.element();
      if (restateDefinitions(oldest.number)) {
        return; // Goes on when those are durable.
      }
      segments.remove();
      manifest = manifest.withFirstSegment(oldest.number + 1);
      manifest.write(disk);
      files.remove(oldest);
      oldest.file.close();
      String dead = SegmentHeader.fileName(oldest.number) + ".dead";
      disk.rename(SegmentHeader.fileName(oldest.number), dead);
      pool.recycle(dead);
      LOG.atDebug().addKeyValue("segment", oldest.number).log("segment reclaimed");
    }
  }

  /**
   * Has the definitions written again that stand in a segment about to go; false if there are none.
   */
  private boolean restateDefinitions(long segmentNumber) {
    restatements.clear();
    for (QueueState queue : queues.values()) {
      if (queue.definitionSegment == segmentNumber) {
        restatements.add(queue);
      }
    }
    return !restatements.isEmpty();
  }

  private void restate() throws IOException, InterruptedException {
    List<QueueState> due = List.copyOf(restatements);
    restatements.clear();
    for (QueueState queue : due) {
      if (!queue.deleted) {
        declare(queue, queue.declared, RESTATEMENT);
      }
    }
  }

  /** Nobody waits for a definition that is written again. */
  private static final JournalCommand RESTATEMENT =
      new JournalCommand() {
        @Override
        public boolean urgent() {
          return false;
        }

        @Override
        public void write(JournalLoop journal) {}

        @Override
        public void durable(JournalLoop journal) {}
      };
}
