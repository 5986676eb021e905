// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import dev.weft.broker.HandshakeState;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks a receiver whether it wants to be pushed to (wire reference 7.2): {@code OPTIONS} with our
 * origin, agreed by a 2xx that allows that origin or any. A refusal is asked again a few times with
 * a growing wait, since receivers restart. Belongs to the subscription's event loop.
 */
final class Handshake {
  private static final String REQUEST_ORIGIN = "WebHook-Request-Origin";
  private static final String ALLOWED_ORIGIN = "WebHook-Allowed-Origin";

  private final WebhookSettings settings;
  private final Timers timers;
  private final InstantSource clock;
  private final RetryWait wait;
  private final Listener listener;
  private HandshakeState state = HandshakeState.NOT_INITIATED;
  private @Nullable Instant nextAttempt;
  private Timers.@Nullable Timer timer;

  /** Counts the runs, so that an answer to an earlier one is known. */
  private int run;

  /** The subscription. */
  interface Listener {
    /** The state changed. */
    void handshakeChanged();

    /** One attempt failed. */
    void handshakeFailed(String reason);
  }

  Handshake(
      WebhookSettings settings,
      Timers timers,
      InstantSource clock,
      RandomGenerator random,
      Listener listener) {
    this.settings = settings;
    this.timers = timers;
    this.clock = clock;
    this.listener = listener;
    wait = new RetryWait(settings, random);
  }

  HandshakeState state() {
    return state;
  }

  /** When it is asked again. */
  @Nullable Instant nextAttempt() {
    return nextAttempt;
  }

  boolean agreed() {
    return state == HandshakeState.COMPLETED || state == HandshakeState.EXEMPTED;
  }

  /** The receiver need not be asked. */
  void exempt() {
    cancel();
    state = HandshakeState.EXEMPTED;
    listener.handshakeChanged();
  }

  /** The receiver agreed before the last stop. */
  void resume() {
    state = HandshakeState.COMPLETED;
    listener.handshakeChanged();
  }

  /** Asks now, and from the first attempt. */
  void start(Receiver receiver) {
    cancel();
    wait.reset();
    attempt(receiver);
  }

  /** Asks no more; the state stays. */
  void cancel() {
    run++;
    nextAttempt = null;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void attempt(Receiver receiver) {
    int mine = ++run;
    nextAttempt = null;
    state = HandshakeState.REQUESTED;
    listener.handshakeChanged();
    receiver
        .send(
            HttpMethod.OPTIONS,
            HttpHeaders.headers().add(REQUEST_ORIGIN, settings.origin()),
            Buffer.buffer())
        .onSuccess(
            outcome -> {
              if (mine == run) {
                answered(receiver, outcome);
              }
            });
  }

  private void answered(Receiver receiver, Outcome outcome) {
    String refusal = refusal(outcome);
    if (refusal == null) {
      state = HandshakeState.COMPLETED;
      listener.handshakeChanged();
      return;
    }
    state = HandshakeState.FAILED;
    Duration pause = wait.next();
    if (wait.failures() < settings.handshakeAttempts()) {
      nextAttempt = clock.instant().plus(pause);
      timer = timers.after(pause, () -> attempt(receiver));
    }
    listener.handshakeFailed("handshake: " + refusal);
    listener.handshakeChanged();
  }

  private @Nullable String refusal(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Unanswered unanswered -> unanswered.reason();
      case Outcome.Answered answered when !answered.success() -> "HTTP " + answered.status();
      case Outcome.Answered answered -> {
        String allowed = answered.headers().get(ALLOWED_ORIGIN);
        if (allowed == null) {
          yield "the answer has no " + ALLOWED_ORIGIN;
        }
        boolean agreed = allowed.trim().equals("*") || allowed.trim().equals(settings.origin());
        yield agreed ? null : ALLOWED_ORIGIN + " names somebody else";
      }
    };
  }
}
