// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes unsettled messages within its window, the link's credit and the session's window. In an
 * open loop each message has the time when it is due; late ones go out late and carry the time when
 * they should have gone, which is what keeps a stalled server's latency in the figures.
 */
final class Publisher implements Link {
  /** Session windows are kept below this, so that differences of 32-bit counters stay right. */
  private static final int WINDOW_MAX = 1 << 30;

  private final int number;
  private final String name;
  private final LoadOrder order;
  private final Ledger ledger;
  private final Tally tally;
  private final LongSupplier nanoTime;
  private final Envelope envelope;
  private final int[] end = new int[1];
  private final long firstSequence;
  private final double intervalNanos;
  private int sent;
  private int settled;
  private int creditLimit;
  private int sessionLimit;
  private long started;
  private long quota;
  private boolean publishing;

  /**
   * @param quota messages to publish, {@link Long#MAX_VALUE} to go on until stopped
   */
  Publisher(
      int number, LoadOrder order, Ledger ledger, Tally tally, long quota, LongSupplier nanoTime) {
    this.number = number;
    this.name = "publisher-" + number;
    this.order = order;
    this.ledger = ledger;
    this.tally = tally;
    this.quota = quota;
    this.nanoTime = nanoTime;
    this.firstSequence = ledger.sent(number);
    this.envelope = new Envelope(order.target().messageTo(), order.size(), number, ledger.run());
    this.intervalNanos =
        order.ratePerSecond() == 0 ? 0 : 1e9 * order.publishers() / order.ratePerSecond();
  }

  /** Lets the publisher begin. */
  void start(long now) {
    publishing = true;
    started = now + (long) (intervalNanos * number / order.publishers());
  }

  /**
   * Ends the publishing. Messages that were due and could not be sent count with the time they have
   * waited so far: less than it would have been, but not nothing.
   */
  void stop(long now) {
    publishing = false;
    if (intervalNanos > 0) {
      for (long i = sent; due(i) < now; i++) {
        tally.overdue(due(i), now);
      }
    }
  }

  private long due(long message) {
    return started + (long) (message * intervalNanos);
  }

  /** Appends what may be sent now to the connection's buffer. */
  void pump(ClientConnection connection) {
    int allowed = allowed();
    while (allowed > 0 && connection.hasRoom(envelope.frame.length)) {
      long now = nanoTime.getAsLong();
      long stamp = now;
      if (intervalNanos > 0) {
        stamp = due(sent);
        if (stamp > now) {
          return;
        }
      }
      long sequence = ledger.send(number);
      envelope.patch(sent, sequence, stamp);
      connection.send(envelope.frame);
      sent++;
      quota--;
      allowed--;
    }
  }

  /** Messages that windows, credit and quota allow. */
  private int allowed() {
    if (!publishing) {
      return 0;
    }
    long allowed = Math.min(quota, order.window() - (sent - settled));
    allowed = Math.min(allowed, Math.min(creditLimit - sent, sessionLimit - sent));
    if (order.consumers() > 0 && order.ratePerSecond() == 0) {
      allowed = Math.min(allowed, 2L * order.window() - ledger.outstanding(number));
    }
    return (int) allowed;
  }

  @Override
  public AmqpWriter attach(AmqpWriter out) {
    return Performatives.attachSender(out, name, order.target().publishTo());
  }

  @Override
  public void begun(List<@Nullable Object> fields) {
    sessionLimit = window(Link.uint(fields, 2, 0));
  }

  @Override
  public void attached(List<@Nullable Object> fields) {}

  @Override
  public void flow(ClientConnection connection, List<@Nullable Object> fields) {
    sessionLimit = Link.uint(fields, 0, 0) + window(Link.uint(fields, 1, 0));
    if (fields.size() > 6 && fields.get(4) != null) {
      creditLimit = Link.uint(fields, 5, 0) + window(Link.uint(fields, 6, 0));
    }
    if (fields.size() > 9 && Boolean.TRUE.equals(fields.get(9))) {
      connection.send(Performatives.echo(connection.writer(), sent));
    }
  }

  private static int window(int unsigned) {
    return unsigned < 0 ? WINDOW_MAX : Math.min(unsigned, WINDOW_MAX);
  }

  @Override
  public void transfer(ByteBuffer frame, long now) {
    throw new ProtocolViolation("a transfer to a publisher");
  }

  @Override
  public void disposition(ByteBuffer frame) {
    int fields = AmqpReader.list(frame, end);
    boolean receiver = AmqpReader.bool(frame);
    int first = AmqpReader.uint(frame, 0);
    int last = fields > 2 ? AmqpReader.uint(frame, first) : first;
    boolean isSettled = fields > 3 && AmqpReader.bool(frame);
    int state = fields > 4 && frame.get(frame.position()) == 0 ? AmqpReader.descriptor(frame) : 0;
    if (!receiver || !isSettled) {
      throw new ProtocolViolation("a disposition that does not settle");
    }
    if (state != Code.ACCEPTED) {
      ledger.fail(
          name
              + ": settled with outcome 0x"
              + Integer.toHexString(state)
              + " "
              + (state == 0 ? "" : AmqpReader.value(frame)));
    }
    for (int id = first; id - last <= 0; id++) {
      settled++;
      if (state == Code.ACCEPTED) {
        ledger.accept(number, firstSequence + id);
        tally.accepted();
      }
    }
  }

  @Override
  public void turnEnded(ClientConnection connection) {}

  @Override
  public boolean ready() {
    return creditLimit > 0;
  }
}
