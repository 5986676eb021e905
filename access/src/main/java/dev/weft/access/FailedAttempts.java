// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Slows down whoever guesses a secret. Counted per client and address, so that a stranger
 * cannot lock out the client itself. Safe for any thread.
 */
final class FailedAttempts {
  /** A client that tries each of its two forms, and is restarted a few times, stays below. */
  static final int FREE = 10;

  static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  /** About 1 400 guesses a day and address: hopeless against 256 random bits. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** After so long without a failure the count begins anew. */
  static final Duration MEMORY = Duration.ofMinutes(15);

  private static final int SOURCES_MAX = 10_000;
  private static final int DOUBLINGS_MAX = 10;

  private record Source(String clientId, String address) {}

  private record Failures(int count, Instant last) {
    Instant blockedUntil() {
      if (count < FREE) {
        return Instant.MIN;
      }
      Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(count - FREE, DOUBLINGS_MAX));
      return last.plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
    }
  }

  private final Cache<Source, Failures> failures =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(SOURCES_MAX).build();

  private final InstantSource clock;

  FailedAttempts(InstantSource clock) {
    this.clock = clock;
  }

  /** Whole seconds until the next attempt is looked at; 0 for at once. */
  long secondsToWait(String clientId, String address) {
    Failures known = known(new Source(clientId, address));
    Instant now = clock.instant();
    if (known == null || !now.isBefore(known.blockedUntil())) {
      return 0;
    }
    return Duration.between(now, known.blockedUntil()).plusMillis(999).toSeconds();
  }

  void failed(String clientId, String address) {
    Source source = new Source(clientId, address);
    Failures known = known(source);
    failures.put(source, new Failures(known == null ? 1 : known.count + 1, clock.instant()));
  }

  void succeeded(String clientId, String address) {
    failures.invalidate(new Source(clientId, address));
  }

  private @Nullable Failures known(Source source) {
    Failures known = failures.getIfPresent(source);
    return known == null || clock.instant().isAfter(known.last.plus(MEMORY)) ? null : known;
  }
}
