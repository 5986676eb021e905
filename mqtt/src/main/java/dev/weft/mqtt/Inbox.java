// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscChunkedVarHandleArrayQueue;

/**
 * The one way from engine threads to a connection. Whatever arrives before the connection's event
 * loop gets to it is handled in one turn and leaves as one write.
 */
final class Inbox {
  /** Something that happened elsewhere; handled on the event loop. */
  interface Notice {
    void arrived();
  }

  /**
   * Notices of one connection at most: the backlog of live messages, 10 000 deliveries in flight,
   * and the publishes that 16 MiB of unstored bytes hold. Grows in chunks, so that an idle
   * connection holds one small array.
   */
  private static final int NOTICES_MAX = 1 << 18;

  private static final int CHUNK = 16;

  /** Notices of one turn at most, so that other connections of the loop get their turn. */
  private static final int TURN_MAX = 4_096;

  private final MessagePassingQueue<Notice> notices =
      new MpscChunkedVarHandleArrayQueue<>(CHUNK, NOTICES_MAX);
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final EventLoop eventLoop;
  private final MessagePassingQueue.Consumer<Notice> handler;
  private final Runnable endOfTurn;
  private final Runnable turn = this::turn;

  Inbox(EventLoop eventLoop, MessagePassingQueue.Consumer<Notice> handler, Runnable endOfTurn) {
    this.eventLoop = eventLoop;
    this.handler = handler;
    this.endOfTurn = endOfTurn;
  }

  /** From any thread. */
  void post(Notice notice) {
    if (!notices.offer(notice)) {
      throw new IllegalStateException("more notices than the limits of a connection allow");
    }
    schedule();
  }

  private void schedule() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      eventLoop.execute(turn);
    }
  }

  private void turn() {
    try {
      notices.drain(handler, TURN_MAX);
      endOfTurn.run();
    } finally {
      scheduled.set(false);
      if (!notices.isEmpty()) {
        schedule();
      }
    }
  }
}
