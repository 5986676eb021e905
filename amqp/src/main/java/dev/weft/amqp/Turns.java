// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.queue.MeshException;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.qpid.protonj2.engine.exceptions.EngineStateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turns of one connection: whatever happens on its event loop happens in one of them, its
 * errors end this connection and no other, and what it wrote leaves as one batch. Belongs to the
 * connection's event loop, except the inbox.
 */
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  /** Where batches go and errors end. */
  interface Owner {
    void send(byte[] bytes, int length);

    /** The peer hears the condition and is gone. */
    void fail(String condition, @Nullable String description);

    void end(String why);
  }

  private final Context context;
  private final FrameWriter out;
  private final int batchMax;
  private final Owner owner;
  private final Inbox inbox;
  private final EventLoop eventLoop;
  private final List<AmqpSession> accepting = new ArrayList<>(1);

  /**
   * @param batchMax bytes after which a batch leaves before its turn ends
   */
  Turns(Context context, FrameWriter out, int batchMax, Owner owner) {
    this.context = context;
    this.out = out;
    this.batchMax = batchMax;
    this.owner = owner;
    this.eventLoop = ((ContextInternal) context).nettyEventLoop();
    this.inbox = new Inbox(eventLoop, this::handle, this::end);
  }

  Inbox inbox() {
    return inbox;
  }

  private void handle(Inbox.Notice notice) {
    guard(notice::arrived);
  }

  /** Runs the work as a turn. */
  void run(Runnable work) {
    guard(work);
    end();
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (AmqpFault fault) {
      owner.fail(fault.condition(), fault.getMessage());
    } catch (EngineStateException failed) {
      // The engine told its error handler.
      owner.end("protocol error");
    } catch (RuntimeException failure) {
      LOG.atError().setCause(failure).log("AMQP connection failed");
      owner.fail(Conditions.INTERNAL_ERROR, "Internal error");
    }
  }

  private void end() {
    for (AmqpSession session : accepting) {
      session.flushAccepted();
    }
    accepting.clear();
    flush();
  }

  /** The session answers accepted publishes when this turn ends. */
  void atEnd(AmqpSession session) {
    accepting.add(session);
  }

  /** Makes sure that a frame of this size leaves together with what is collected, or alone. */
  void roomFor(int bytes) {
    if (out.length() + bytes > batchMax) {
      flush();
    }
  }

  void flush() {
    if (out.length() > 0) {
      out.flush(owner::send);
    }
  }

  /** Runs what may block on a worker, its end as a turn. */
  <T> void onWorker(Callable<T> work, Consumer<T> done, Consumer<MeshException> failed) {
    context
        .executeBlocking(work, false)
        .onComplete(
            result ->
                run(
                    () -> {
                      if (result.succeeded()) {
                        done.accept(result.result());
                      } else if (result.cause() instanceof MeshException reason) {
                        failed.accept(reason);
                      } else {
                        LOG.atError().setCause(result.cause()).log("AMQP request failed");
                        failed.accept(
                            new MeshException.EngineUnavailable("Internal error", result.cause()));
                      }
                    }));
  }

  /** Runs the work as a turn after so many milliseconds, unless cancelled. */
  Future<?> after(long millis, Runnable work) {
    return eventLoop.schedule(() -> run(work), millis, TimeUnit.MILLISECONDS);
  }

  /** Runs the work as a turn again and again, until cancelled. */
  Future<?> every(long millis, Runnable work) {
    return eventLoop.scheduleAtFixedRate(() -> run(work), millis, millis, TimeUnit.MILLISECONDS);
  }
}
