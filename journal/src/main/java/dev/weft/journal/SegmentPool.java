// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps segment files ready ahead of the log: zero-filled or recycled, with an empty
 * header, forced, under their final name. The last one ready is the reserve that lets outcomes be
 * written when the disk has no room for new messages.
 *
 * <p>A loop of its own does the work; the fields are guarded by {@code this}.
 */
final class SegmentPool {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentPool.class);

  /** One to go on with, and the reserve. */
  private static final int READY_FILES = 2;

  private static final int RECYCLED_FILES_MAX = 2;
  private static final int ZERO_BYTES = 1024 * 1024;
  private static final long IDLE_NANOS = 1_000_000_000L;

  // Watermarks. A smaller disk than the requirement thinks of has smaller segments.
  private static final long LOW_BYTES = 2L << 30;
  private static final int LOW_PERCENT = 5;
  private static final int FULL_SEGMENTS = 3;
  private static final long ROOM_AGAIN_BYTES_MAX = 1L << 30;
  private static final int ROOM_AGAIN_SEGMENTS = 16;

  /**
   * @param number it is named for
   */
  record Prepared(long number, Disk.File file) {}

  private final Disk disk;
  private final int segmentBytes;

  private final Deque<Prepared> ready = new ArrayDeque<>(READY_FILES);
  private final Deque<String> recycled = new ArrayDeque<>(RECYCLED_FILES_MAX);
  private long nextNumber;
  private boolean tryAgain = true;
  private boolean closed;

  /** Written by the loop; read for every message, so without the lock. */
  private volatile StorageState state = StorageState.AMPLE;

  private boolean preparingFailed;

  // Set when the loop starts.
  private Threads.@Nullable Loop loop;
  private Runnable changed = () -> {};
  private Consumer<Throwable> failed = _ -> {};

  /**
   * @param nextNumber number of the first segment to prepare
   */
  SegmentPool(Disk disk, int segmentBytes, long nextNumber) {
    this.disk = disk;
    this.segmentBytes = segmentBytes;
    this.nextNumber = nextNumber;
  }

  /**
   * @param changed hears when a file is ready or {@link #isFull} changed, on the pool's loop
   * @param failed hears of what is no question of room; the loop is over then
   */
  synchronized void start(Threads threads, Runnable changed, Consumer<Throwable> failed) {
    this.changed = changed;
    this.failed = failed;
    Threads.Loop made = threads.loop("journal-prepare", this::turn);
    loop = made;
    made.start();
  }

  /** Prepares the next file on the caller's thread, for recovery. */
  Prepared prepareNow() throws IOException {
    synchronized (this) {
      Prepared next = ready.poll();
      if (next != null) {
        return next;
      }
    }
    return prepare();
  }

  /** How many files may be taken; new messages must leave {@link #reserve()} of them. */
  synchronized int ready() {
    return ready.size();
  }

  /** Files that are for outcomes and definitions only. */
  int reserve() {
    return 1;
  }

  /** The next file, one of those that are {@link #ready()}. */
  synchronized Prepared take() {
    Prepared next = ready.remove();
    wake();
    return next;
  }

  /** Whether new messages are refused. */
  boolean isFull() {
    return state == StorageState.FULL;
  }

  StorageState state() {
    return state;
  }

  /**
   * Takes the file of a segment that holds nothing any more; its name must not count as a segment
   * by now.
   */
  synchronized void recycle(String name) throws IOException {
    if (recycled.size() < RECYCLED_FILES_MAX) {
      recycled.add(name);
    } else {
      disk.delete(name);
    }
    tryAgain = true;
    wake();
  }

  private synchronized void wake() {
    if (loop != null) {
      loop.wake();
    }
  }

  private long turn() {
    try {
      Disk.Space space = space();
      boolean due;
      synchronized (this) {
        if (closed) {
          return Threads.Turn.ENDED;
        }
        boolean room = !recycled.isEmpty() || space.freeBytes() >= segmentBytes;
        due = ready.size() < READY_FILES && tryAgain && room;
        preparingFailed |= !room && ready.size() < READY_FILES;
        tryAgain = true; // Room may come back by other means than our own files.
      }
      if (due) {
        prepareOne();
      }
      look(space);
      return due ? 0 : IDLE_NANOS;
    } catch (Throwable e) {
      failed.accept(e);
      return Threads.Turn.ENDED;
    }
  }

  private Disk.Space space() {
    try {
      return disk.space();
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("reason", e.toString()).log("room on the disk is not known");
      return Disk.Space.PLENTY; // Then it shows when a segment is prepared.
    }
  }

  private void prepareOne() {
    try {
      Prepared prepared = prepare();
      synchronized (this) {
        ready.add(prepared);
        preparingFailed = false;
      }
      changed.run();
    } catch (IOException e) {
      synchronized (this) {
        preparingFailed = true;
        tryAgain = false;
      }
      LOG.atWarn().addKeyValue("reason", e.toString()).log("no room for a segment");
    }
  }

  /** Goes from state to state; out of {@link StorageState#FULL} only with room to spare. */
  private void look(Disk.Space space) {
    StorageState before = state;
    long enough = (long) FULL_SEGMENTS * segmentBytes;
    boolean reserveWhole;
    synchronized (this) {
      reserveWhole = ready.size() == READY_FILES;
    }
    if (before == StorageState.FULL) {
      enough += Math.min(ROOM_AGAIN_BYTES_MAX, (long) ROOM_AGAIN_SEGMENTS * segmentBytes);
    }
    boolean full =
        preparingFailed
            || space.freeBytes() < enough
            || (before == StorageState.FULL && !reserveWhole);
    long low = Math.max(LOW_BYTES, space.totalBytes() / 100 * LOW_PERCENT);
    StorageState now =
        full ? StorageState.FULL : space.freeBytes() < low ? StorageState.LOW : StorageState.AMPLE;
    if (now != before) {
      state = now;
      (now == StorageState.AMPLE ? LOG.atInfo() : LOG.atWarn())
          .addKeyValue("state", now)
          .addKeyValue("freeBytes", space.freeBytes())
          .log("room on the disk");
      changed.run();
    }
  }

  private Prepared prepare() throws IOException {
    long number;
    String reuse;
    synchronized (this) {
      number = nextNumber;
      reuse = recycled.poll();
    }
    String name = SegmentHeader.fileName(number);
    String temporary = name + ".new";
    if (reuse != null && disk.isLinked(reuse)) {
      disk.delete(reuse); // A backup has it: never write over it.
      reuse = null;
    }
    if (reuse != null) {
      disk.rename(reuse, temporary);
    }
    Disk.File file = disk.open(temporary);
    try {
      if (reuse != null && file.size() == segmentBytes) {
        // With the place of its first record: one that a broken-off recovery left there would be
        // taken for this segment's, as no record of this epoch stands before it.
        file.write(ByteBuffer.allocate(2 * SegmentHeader.BYTES), 0);
      } else {
        fillWithZeros(file);
      }
      file.force();
      disk.rename(temporary, name);
      disk.sync();
    } catch (IOException e) {
      file.close();
      disk.delete(temporary);
      throw e;
    }
    synchronized (this) {
      nextNumber++;
    }
    return new Prepared(number, file);
  }

  private void fillWithZeros(Disk.File file) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(ZERO_BYTES, segmentBytes));
    for (long at = 0; at < segmentBytes; at += zeros.capacity()) {
      zeros.clear().limit(Math.clamp(segmentBytes - at, 0, zeros.capacity()));
      file.write(zeros, at);
    }
  }

  /** Lets the loop end. */
  synchronized void stop() {
    closed = true;
    wake();
  }

  /** Waits for the end; false if it does not come. */
  boolean join(Duration atMost) {
    Threads.Loop running;
    synchronized (this) {
      running = loop;
    }
    return running == null || running.join(atMost);
  }

  /** Closes the files that nobody took, once the loop has ended. */
  synchronized void close() throws IOException {
    for (Prepared prepared : ready) {
      prepared.file().close();
    }
    ready.clear();
  }
}
