// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Consumes like a well-behaved client: everything one read brought is accepted in one disposition,
 * and credit is renewed when half of it is used.
 */
final class Receiver implements Link {
  private final String name;
  private final LoadOrder order;
  private final Ledger ledger;
  private final Tally tally;
  private final LongSupplier allowance;
  private final int[] end = new int[1];
  private boolean attached;
  private boolean inDelivery;
  private int nextIncoming;
  private int deliveryCount;
  private int received;
  private int granted;
  private int firstUnsettled;
  private int lastUnsettled;
  private boolean unsettled;

  /** Of the delivery that is under way. */
  private int deliveryId;

  private long sentNanos;

  private long sequence;
  private int publisher;
  private int run;

  /**
   * @param allowance deliveries the load still wants; no credit goes beyond it
   */
  Receiver(int number, LoadOrder order, Ledger ledger, Tally tally, LongSupplier allowance) {
    this.name = "consumer-" + number;
    this.order = order;
    this.ledger = ledger;
    this.tally = tally;
    this.allowance = allowance;
  }

  /** Grants the first credit. */
  void start(ClientConnection connection) {
    grant(connection);
  }

  private void grant(ClientConnection connection) {
    int credit = (int) Math.min(order.credit(), allowance.getAsLong());
    if (credit > 0) {
      granted = received + credit;
      connection.send(Performatives.flow(connection.writer(), nextIncoming, deliveryCount, credit));
    }
  }

  @Override
  public AmqpWriter attach(AmqpWriter out) {
    return Performatives.attachReceiver(out, name, order.target().consumeFrom());
  }

  @Override
  public void begun(List<@Nullable Object> fields) {
    nextIncoming = Link.uint(fields, 1, 0);
  }

  @Override
  public void attached(List<@Nullable Object> fields) {
    if (fields.size() < 6 || fields.get(5) == null) {
      return; // Refused: the detach that follows says why.
    }
    deliveryCount = Link.uint(fields, 9, 0);
    attached = true;
  }

  @Override
  public void flow(ClientConnection connection, List<@Nullable Object> fields) {
    if (fields.size() > 9 && Boolean.TRUE.equals(fields.get(9))) {
      connection.send(
          Performatives.flow(connection.writer(), nextIncoming, deliveryCount, granted - received));
    }
  }

  @Override
  public void transfer(ByteBuffer frame, long now) {
    int fields = AmqpReader.list(frame, end);
    int payload = end[0];
    AmqpReader.skip(frame);
    deliveryId = fields > 1 ? AmqpReader.uint(frame, deliveryId) : deliveryId;
    if (fields > 2) {
      AmqpReader.skip(frame);
    }
    if (fields > 3) {
      AmqpReader.skip(frame);
    }
    boolean settled = fields > 4 && AmqpReader.bool(frame);
    boolean more = fields > 5 && AmqpReader.bool(frame);
    nextIncoming++;
    if (!inDelivery) {
      if (settled) {
        throw new ProtocolViolation("a delivery that is settled already");
      }
      frame.position(payload);
      Envelope.findBody(frame);
      sentNanos = frame.getLong();
      sequence = frame.getLong();
      publisher = frame.getInt();
      run = frame.getInt();
    }
    inDelivery = more;
    if (!more) {
      delivered(now);
    }
  }

  /** Counts a delivery when it is there as a whole: only then it can be answered. */
  private void delivered(long now) {
    ledger.receive(run, publisher, sequence);
    tally.received(sentNanos, now);
    if (!unsettled) {
      firstUnsettled = deliveryId;
      unsettled = true;
    }
    lastUnsettled = deliveryId;
    received++;
    deliveryCount++;
    if (received - granted > 0) {
      ledger.fail(name + ": a delivery beyond the credit");
    }
  }

  @Override
  public void disposition(ByteBuffer frame) {
    // The answer of a server that settles second; nothing is due to it.
  }

  @Override
  public void turnEnded(ClientConnection connection) {
    if (unsettled) {
      connection.send(Performatives.accept(connection.writer(), firstUnsettled, lastUnsettled));
      unsettled = false;
      if (granted - received <= order.credit() / 2) {
        grant(connection);
      }
    }
  }

  @Override
  public boolean ready() {
    return attached;
  }
}
