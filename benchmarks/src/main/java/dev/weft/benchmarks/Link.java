// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one link of a connection. Called on the generator's thread. */
sealed interface Link permits Publisher, Receiver, IdleLink, Releaser {
  /** The attach frame. */
  AmqpWriter attach(AmqpWriter out);

  /** The server's begin, fields in the order of the specification. */
  void begun(List<@Nullable Object> fields);

  /** The server's attach. */
  void attached(List<@Nullable Object> fields);

  /** A flow for the session and perhaps the link. */
  void flow(ClientConnection connection, List<@Nullable Object> fields);

  /** A transfer; position at its field list. */
  void transfer(ByteBuffer frame, long now);

  /** A disposition; position at its field list. */
  void disposition(ByteBuffer frame);

  /** Everything one read brought has been handed over. */
  void turnEnded(ClientConnection connection);

  /** Whether the load may start. */
  boolean ready();

  /** The unsigned int at {@code index}, or {@code absent} when the field is null or missing. */
  static int uint(List<@Nullable Object> fields, int index, int absent) {
    return index < fields.size() && fields.get(index) instanceof Integer value ? value : absent;
  }
}
