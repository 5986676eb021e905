// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import dev.weft.queue.Delivery;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/** One message in one queue, as its clients know it. */
final class Copy {
  final Publication publication;

  /** Where it is; changes once, to the dead message queue. */
  QueueLife at;

  boolean moved;

  /** Unknown until it was seen; a move gives another one. */
  long sequence = -1;

  /** Somebody saw it: it must be durable. */
  boolean seen;

  /** A consumer accepted it. */
  boolean accepted;

  /** Its queue was purged perhaps. */
  boolean purgeAsked;

  /** It left for good and must never be seen again. */
  boolean gone;

  /** Deliveries seen, and the failed attempts the last one told. */
  int acquired;

  int failed;

  /** What the journal must have known when the last delivery left. */
  int acquiredForced;

  int failedForced;

  /** A consumer gave it back in this life of the engine: at rest the journal knows its counters. */
  boolean returned;

  /** A reject or the like asked for its death. */
  boolean deathAsked;

  @Nullable Delivery held;

  Copy(Publication publication, QueueLife at) {
    this.publication = publication;
    this.at = at;
  }

  /** Whether time may have ended it. */
  boolean mayExpire(long clockMaxMillis) {
    return at.ever(
        settings -> {
          long life = lifeMillis(settings);
          return life != Long.MAX_VALUE && publication.clockMillis + life <= clockMaxMillis;
        });
  }

  /** Longest stay in a queue of these settings. */
  long lifeMillis(QueueSettings settings) {
    if (!settings.respectTtl()) {
      return Long.MAX_VALUE;
    }
    long longest = settings.maxTtl().isZero() ? Long.MAX_VALUE : settings.maxTtl().toMillis();
    long own = moved ? Message.NO_TTL : publication.message.ttlMillis();
    return own == Message.NO_TTL ? longest : Math.min(longest, own);
  }

  /** Whether its attempts may be used up. */
  boolean mayDie() {
    int handOuts = acquired + at.unseenHandOuts + 1; // One may be on its way at this moment.
    return deathAsked
        || at.ever(
            settings -> settings.maxRedeliveries() > 0 && handOuts > settings.maxRedeliveries());
  }

  /** Whether it may be nowhere. */
  boolean mayVanish(long clockMaxMillis) {
    return accepted
        || purgeAsked
        || (mayExpire(clockMaxMillis) && at.ever(settings -> settings.deadMessageQueue() == null))
        || (mayDie()
            && at.ever(
                settings ->
                    settings.deadMessageQueue() == null
                        && settings.onDead() == QueueSettings.OnDead.DISCARD));
  }

  /** Whether it may have gone to any other queue. */
  boolean mayMove(long clockMaxMillis) {
    return !moved
        && (mayDie() || mayExpire(clockMaxMillis))
        && at.ever(settings -> settings.deadMessageQueue() != null);
  }

  /** Whether it may have gone to that queue. */
  boolean mayMove(QueueName to, long clockMaxMillis) {
    return !moved
        && (mayDie() || mayExpire(clockMaxMillis))
        && at.ever(settings -> to.equals(settings.deadMessageQueue()));
  }

  /** It died, and is another entry from now on. */
  void moveTo(QueueLife queue) {
    at = queue;
    moved = true;
    sequence = -1;
    acquired = 0;
    acquiredForced = 0;
    failed = 0;
    failedForced = 0;
    returned = false;
    deathAsked = false;
    held = null;
  }

  @Override
  public String toString() {
    return "message " + publication.number + " in " + at.name;
  }
}
