// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps segment files ready ahead of the log: zero-filled or recycled, with an empty
 * header, forced, under their final name. The last one ready is the reserve that lets outcomes be
 * written when the disk has no room for new messages.
 *
 * <p>One private thread does the work; the fields are guarded by {@code this}. The journal loop
 * waits here only when the disk is so slow that no file is ready.
 */
final class SegmentPool {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentPool.class);
  private static final int READY_FILES = 2;
  private static final int RECYCLED_FILES_MAX = 2;
  private static final int ZERO_BYTES = 1024 * 1024;

  /**
   * @param number it is named for
   */
  record Prepared(long number, Disk.File file) {}

  private final Disk disk;
  private final int segmentBytes;
  private final Thread thread = new Thread(this::run, "journal-prepare");

  private final Deque<Prepared> ready = new ArrayDeque<>(READY_FILES);
  private final Deque<String> recycled = new ArrayDeque<>(RECYCLED_FILES_MAX);
  private long nextNumber;
  private boolean full;

  /** Read for every message, so without the lock. */
  private volatile boolean reserveOnly;

  private boolean closed;
  private @Nullable IOException failure;

  /**
   * @param nextNumber number of the first segment to prepare
   */
  SegmentPool(Disk disk, int segmentBytes, long nextNumber) {
    this.disk = disk;
    this.segmentBytes = segmentBytes;
    this.nextNumber = nextNumber;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
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

  /**
   * The next file, waiting for it when none is ready.
   *
   * @throws IOException if preparing failed for another reason than room
   */
  synchronized Prepared take() throws IOException, InterruptedException {
    while (ready.isEmpty()) {
      if (failure != null) {
        throw failure;
      }
      wait();
    }
    Prepared next = ready.remove();
    reserveOnly = full && ready.size() < READY_FILES;
    notifyAll();
    return next;
  }

  /** Whether there is no room for more segments: only the reserve is left. */
  boolean isFull() {
    return reserveOnly;
  }

  /**
   * Takes the file of a segment that holds nothing any more; its name must not count as a segment
   * by now.
   */
  synchronized void recycle(String name) throws IOException {
    if (recycled.size() < RECYCLED_FILES_MAX) {
      recycled.add(name);
      full = false;
      reserveOnly = false;
      notifyAll();
    } else {
      disk.delete(name);
    }
  }

  private void run() {
    try {
      while (awaitDemand()) {
        prepareOne();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean awaitDemand() throws InterruptedException {
    while (!closed && (ready.size() >= READY_FILES || full)) {
      if (full) {
        wait(1_000); // Room may come back by other means than our own files: try again.
        full = false;
      } else {
        wait();
      }
    }
    return !closed;
  }

  private void prepareOne() {
    try {
      Prepared prepared = prepare();
      synchronized (this) {
        ready.add(prepared);
        reserveOnly = full && ready.size() < READY_FILES;
        failure = null;
        notifyAll();
      }
    } catch (IOException e) {
      synchronized (this) {
        full = true;
        reserveOnly = ready.size() < READY_FILES;
        if (ready.isEmpty()) {
          failure = e; // Not even the reserve: the log can't go on.
        }
        notifyAll();
      }
      LOG.atWarn().addKeyValue("reason", e.toString()).log("no room for a segment");
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
    if (reuse != null) {
      disk.rename(reuse, temporary);
    }
    Disk.File file = disk.open(temporary);
    try {
      if (reuse != null && file.size() == segmentBytes) {
        file.write(ByteBuffer.allocate(SegmentHeader.BYTES), 0);
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

  void close() throws IOException, InterruptedException {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.join();
    for (Prepared prepared : ready) {
      prepared.file().close();
    }
  }
}
