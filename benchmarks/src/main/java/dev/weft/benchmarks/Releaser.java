// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A consumer that gives every delivery back at once: a flow that fails as fast as it can. */
final class Releaser implements Link {
  /** Deliveries at once. */
  private static final int CREDIT = 10;

  private final String name;
  private final String address;
  private final int[] end = new int[1];
  private boolean attached;
  private int nextIncoming;
  private int deliveryCount;
  private int given;
  private int first;
  private int last;
  private boolean unsettled;
  private boolean more;
  private long released;

  Releaser(String name, String address) {
    this.name = name;
    this.address = address;
  }

  /** Deliveries given back so far. */
  long released() {
    return released;
  }

  /** Grants the credit, so that deliveries begin. */
  void start(ClientConnection connection) {
    given = 0;
    connection.send(Performatives.flow(connection.writer(), nextIncoming, deliveryCount, CREDIT));
  }

  @Override
  public AmqpWriter attach(AmqpWriter out) {
    return Performatives.attachReceiver(out, name, address);
  }

  @Override
  public void begun(List<@Nullable Object> fields) {
    nextIncoming = Link.uint(fields, 1, 0);
  }

  @Override
  public void attached(List<@Nullable Object> fields) {
    deliveryCount = Link.uint(fields, 9, 0);
    attached = fields.size() > 5 && fields.get(5) != null;
  }

  @Override
  public void flow(ClientConnection connection, List<@Nullable Object> fields) {
    if (fields.size() > 9 && Boolean.TRUE.equals(fields.get(9))) {
      start(connection);
    }
  }

  @Override
  public void transfer(ByteBuffer frame, long now) {
    int fields = AmqpReader.list(frame, end);
    AmqpReader.skip(frame);
    int id = fields > 1 ? AmqpReader.uint(frame, last) : last;
    for (int i = 2; i < Math.min(fields, 5); i++) {
      AmqpReader.skip(frame);
    }
    boolean continues = more;
    more = fields > 5 && AmqpReader.bool(frame);
    nextIncoming++;
    if (continues) {
      return;
    }
    if (!unsettled) {
      first = id;
      unsettled = true;
    }
    last = id;
    deliveryCount++;
    given++;
  }

  @Override
  public void disposition(ByteBuffer frame) {
    // The answer of a server that settles second; nothing is due to it.
  }

  @Override
  public void turnEnded(ClientConnection connection) {
    if (unsettled && !more) {
      connection.send(Performatives.release(connection.writer(), first, last));
      released += last - first + 1;
      unsettled = false;
      if (given >= CREDIT / 2) {
        start(connection);
      }
    }
  }

  @Override
  public boolean ready() {
    return attached;
  }
}
