// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A publisher that never publishes. */
final class IdleLink implements Link {
  private final String name;
  private final String address;
  private boolean attached;

  IdleLink(String name, String address) {
    this.name = name;
    this.address = address;
  }

  @Override
  public AmqpWriter attach(AmqpWriter out) {
    return Performatives.attachSender(out, name, address);
  }

  @Override
  public void begun(List<@Nullable Object> fields) {}

  @Override
  public void attached(List<@Nullable Object> fields) {
    attached = true;
  }

  @Override
  public void flow(ClientConnection connection, List<@Nullable Object> fields) {
    if (fields.size() > 9 && Boolean.TRUE.equals(fields.get(9))) {
      connection.send(Performatives.echo(connection.writer(), 0));
    }
  }

  @Override
  public void transfer(ByteBuffer frame, long now) {
    throw new ProtocolViolation("a transfer to a publisher");
  }

  @Override
  public void disposition(ByteBuffer frame) {
    throw new ProtocolViolation("a disposition for a message that was never sent");
  }

  @Override
  public void turnEnded(ClientConnection connection) {}

  @Override
  public boolean ready() {
    return attached;
  }
}
