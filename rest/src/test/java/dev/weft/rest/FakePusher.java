// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.broker.HandshakeState;
import dev.weft.broker.WebhookPusher;
import dev.weft.broker.WebhookStatus;
import dev.weft.broker.WebhookSubscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Remembers what it is told and tells one status of all. Safe for any thread. */
final class FakePusher implements WebhookPusher {
  static final WebhookStatus STATUS =
      new WebhookStatus(
          HandshakeState.FAILED,
          Instant.parse("2026-01-01T00:00:00Z"),
          Instant.parse("2026-01-02T00:00:00Z"),
          "HTTP 503",
          3,
          Instant.parse("2026-01-03T00:00:00Z"),
          2);

  private final List<String> calls = new ArrayList<>();

  @Override
  public synchronized void changed(WebhookSubscription subscription) {
    calls.add((subscription.paused() ? "paused " : "active ") + subscription.name());
  }

  @Override
  public synchronized void removed(String instanceId, String name) {
    calls.add("removed " + name);
  }

  @Override
  public synchronized void handshake(String instanceId, String name) {
    calls.add("handshake " + name);
  }

  @Override
  public WebhookStatus status(String instanceId, String name) {
    return STATUS;
  }

  synchronized void forget() {
    calls.clear();
  }

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }
}
