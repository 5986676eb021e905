// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened, to be closed in the opposite order, each exactly once. Safe for any thread. */
final class CloseStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CloseStack.class);

  private record Opened(String name, AutoCloseable resource) {}

  private final Deque<Opened> opened = new ArrayDeque<>();
  private boolean closed;

  /** Returns what it was given. */
  <T extends AutoCloseable> T push(String name, T resource) {
    synchronized (this) {
      opened.push(new Opened(name, resource));
      if (!closed) {
        return resource;
      }
    }
    // Opened by another thread while the start was given up.
    close();
    return resource;
  }

  /** A failure of one is logged and does not keep the others open. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    Opened next = pop();
    while (next != null) {
      try {
        next.resource().close();
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        LOG.atWarn().addKeyValue("what", next.name()).setCause(e).log("Not closed in order");
      }
      next = pop();
    }
  }

  private synchronized @org.jspecify.annotations.Nullable Opened pop() {
    return opened.poll();
  }
}
