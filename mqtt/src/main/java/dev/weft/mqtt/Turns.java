// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The turns of one connection: whatever happens on its event loop happens in one of them, its
 * errors end this connection and no other, and what it wrote leaves as one batch. Belongs to the
 * connection's event loop, except the inbox.
 */
final class Turns {
  /** Bytes after which a batch leaves before its turn ends. */
  private static final int BATCH_BYTES_MAX = 64 << 10;

  /** Where batches go and errors end. */
  interface Owner {
    /** The bytes are the owner's from now on. */
    void send(ByteBuf bytes);

    void failed(Throwable cause);
  }

  /** What is done in a turn. */
  interface Work {
    void run() throws Exception;
  }

  private final EventLoop eventLoop;
  private final Owner owner;
  private final Inbox inbox;
  private final PacketWriter out;

  Turns(EventLoop eventLoop, ByteBufAllocator allocator, Owner owner) {
    this.eventLoop = eventLoop;
    this.owner = owner;
    this.inbox = new Inbox(eventLoop, notice -> guard(notice::arrived), this::flush);
    this.out = new PacketWriter(allocator);
  }

  Inbox inbox() {
    return inbox;
  }

  PacketWriter out() {
    return out;
  }

  /** Runs the work as a turn. */
  void run(Work work) {
    guard(work);
    flush();
  }

  /** Runs the work as a turn, and then the end of it, also when the work failed. */
  void run(Work work, Work end) {
    guard(work);
    guard(end);
    flush();
  }

  /** Runs the work as a part of a turn. */
  void guard(Work work) {
    try {
      work.run();
    } catch (Exception failure) {
      owner.failed(failure);
    }
  }

  void flush() {
    ByteBuf bytes = out.take();
    if (bytes != null) {
      owner.send(bytes);
    }
  }

  /** Makes sure that a packet of this size leaves together with what is collected, or alone. */
  void roomFor(int bytes) {
    if (out.length() + bytes > BATCH_BYTES_MAX) {
      flush();
    }
  }

  /** Runs the work as a turn later on, but soon. */
  void soon(Work work) {
    eventLoop.execute(() -> run(work));
  }

  /** Runs the work as a turn after so many milliseconds, unless cancelled. */
  Future<?> after(long millis, Work work) {
    return eventLoop.schedule(() -> run(work), millis, TimeUnit.MILLISECONDS);
  }
}
