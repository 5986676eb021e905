// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.BrowsedMessage.State;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds what an engine shows against the ledger, by the rules of T-300: nothing promised is lost,
 * nothing is invented, altered, doubled, out of order, in a wrong queue, or back from the dead.
 */
final class Audit {
  /** What happened before the engine showed it. */
  enum After {
    REST,
    ORDERLY_STOP,
    KILL,
    POWER_LOSS
  }

  private record Place(QueueLife queue, BrowsedMessage shown) {}

  private final Ledger ledger;
  private final Shown shown;
  private final After after;
  private final Map<Copy, Place> found = new HashMap<>();

  /** Latest time by any clock that the engine had. */
  private final long clockMaxMillis;

  private boolean endMayBeGone;

  private Audit(Ledger ledger, Shown shown, After after, long clockMillis) {
    this.ledger = ledger;
    this.clockMaxMillis = Math.max(clockMillis, ledger.clockMaxMillis());
    this.shown = shown;
    this.after = after;
  }

  /**
   * @param clockMillis of the engine that shows it
   * @return what is wrong, or null
   */
  static @Nullable String fault(Ledger ledger, Shown shown, After after, long clockMillis) {
    return new Audit(ledger, shown, after, clockMillis).fault();
  }

  /** For a store whose end may be gone with its proof: all rules but those against loss. */
  static @Nullable String faultButLoss(Ledger ledger, Shown shown, long clockMillis) {
    Audit audit = new Audit(ledger, shown, After.POWER_LOSS, clockMillis);
    audit.endMayBeGone = true; // With it the word of what was settled, moved, or deleted.
    return audit.fault();
  }

  /** Checks, then takes what is shown for what is known from now on. */
  static @Nullable String settle(Ledger ledger, Shown shown, After after) {
    Audit audit = new Audit(ledger, shown, after, ledger.clockMillis());
    String fault = audit.fault();
    if (fault == null) {
      audit.takeOver();
    }
    return fault;
  }

  private @Nullable String fault() {
    try {
      if (!endMayBeGone) {
        definitions();
      }
      shown.queues().forEach(this::messages);
      if (!endMayBeGone) {
        ledger.publications.forEach(this::publication);
      }
      return null;
    } catch (Broken broken) {
      return "after " + after + ": " + broken.getMessage();
    }
  }

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  private static void require(boolean holds, Supplier<String> what) {
    if (!holds) {
      throw new Broken(what.get());
    }
  }

  // Definitions.

  private void definitions() {
    for (QueueName name : shown.queues().keySet()) {
      require(
          ledger.queues.containsKey(name) || isPending(name, Ledger.Pending.Declaration.class),
          () -> "queue " + name + " was invented or came back (R-114)");
    }
    for (QueueLife queue : ledger.queues.values()) {
      Shown.Queue now = shown.queues().get(queue.name);
      if (now == null) {
        require(
            isPending(queue.name, Ledger.Pending.Deletion.class),
            () -> "queue lost: " + queue.name);
      } else {
        require(
            now.settings().equals(queue.current())
                || now.settings().equals(pendingSettings(queue.name)),
            () ->
                "settings of "
                    + queue.name
                    + " are "
                    + now.settings()
                    + ", not "
                    + queue.current());
      }
    }
  }

  private boolean isPending(QueueName name, Class<? extends Ledger.Pending> kind) {
    Ledger.Pending pending = ledger.pending;
    return kind.isInstance(pending) && pending != null && pending.name().equals(name);
  }

  private @Nullable QueueSettings pendingSettings(QueueName name) {
    return ledger.pending instanceof Ledger.Pending.Declaration declaration
            && declaration.name().equals(name)
        ? declaration.settings()
        : null;
  }

  // Messages.

  private void messages(QueueName name, Shown.Queue queue) {
    QueueLife life = ledger.queues.get(name);
    if (life == null) {
      require(queue.messages().isEmpty(), () -> "a queue that is new holds messages: " + name);
      return;
    }
    int lastNumber = -1;
    long lastSequence = 0;
    for (BrowsedMessage entry : queue.messages()) {
      require(
          entry.sequence() > lastSequence, () -> "sequences of " + name + " do not ascend (R-111)");
      lastSequence = entry.sequence();
      Copy copy = locate(life, entry);
      require(
          found.put(copy, new Place(life, entry)) == null,
          () -> copy + " is there twice (R-106, R-109)");
      if (copy.at == life && !copy.moved) {
        int before = lastNumber;
        require(
            copy.publication.number > before,
            () -> copy + " overtook message " + before + " (R-111)");
        lastNumber = copy.publication.number;
      }
      if (copy.at == life && !endMayBeGone) {
        entry(copy, entry);
      }
    }
    counts(name, queue);
  }

  private static void counts(QueueName name, Shown.Queue queue) {
    List<BrowsedMessage> messages = queue.messages();
    Supplier<String> what =
        () -> name + ": " + queue.stats() + " against " + messages.size() + " shown";
    require(queue.stats().messages() == messages.size(), what);
    require(
        queue.stats().bytes() == messages.stream().mapToLong(m -> m.message().size()).sum(), what);
    require(queue.stats().unsettledMessages() == count(messages, State.UNSETTLED), what);
    require(queue.stats().deadPendingMessages() == count(messages, State.DEAD_PENDING), what);
  }

  private static long count(List<BrowsedMessage> messages, State state) {
    return messages.stream().filter(message -> message.state() == state).count();
  }

  private Copy locate(QueueLife life, BrowsedMessage entry) {
    Publication publication = ledger.publication(entry.message().encoded());
    require(
        publication != null, () -> "a message in " + life.name + " was never published (R-110)");
    Publication known = Objects.requireNonNull(publication);
    require(
        Arrays.equals(known.message.encoded(), entry.message().encoded())
            && known.message.durable() == entry.message().durable()
            && known.message.priority() == entry.message().priority()
            && known.message.ttlMillis() == entry.message().ttlMillis(),
        () -> "message " + known.number + " in " + life.name + " was altered (R-110)");
    require(
        known.answer != Publication.Answer.REFUSED,
        () -> "message " + known.number + " was refused and is in " + life.name + " (R-104)");
    for (Copy copy : known.copies) {
      if (copy.at == life && (copy.sequence == -1 || copy.sequence == entry.sequence())) {
        return copy;
      }
    }
    for (Copy copy : known.copies) {
      if (!copy.gone && copy.mayMove(life.name, clockMaxMillis)) {
        return copy;
      }
    }
    throw new Broken(
        "message "
            + known.number
            + " with sequence "
            + entry.sequence()
            + " is in a wrong queue or place, "
            + life.name
            + " (R-109, R-110); known: "
            + known.copies);
  }

  private void entry(Copy copy, BrowsedMessage entry) {
    require(
        !copy.gone, () -> copy + " is back although it had left for good (R-106, R-107, R-114)");
    boolean crashed = after == After.KILL || after == After.POWER_LOSS;
    require(
        !copy.accepted || crashed, () -> copy + " was accepted by its consumer and is still there");
    int acquiredMin = after == After.POWER_LOSS ? copy.acquiredForced : copy.acquired;
    int acquiredMax = copy.acquired + copy.at.unseenHandOuts + (after == After.REST ? 0 : 1);
    require(
        entry.acquiredCount() >= acquiredMin && entry.acquiredCount() <= acquiredMax,
        () ->
            "%s was handed out %d to %d times, the engine says %d (R-108)"
                .formatted(copy, acquiredMin, acquiredMax, entry.acquiredCount()));
    // A consumer that held it at the stop has failed, as far as the hand-out itself is known.
    boolean heldCounts =
        copy.held != null
            && after != After.REST
            && (after != After.POWER_LOSS || copy.acquiredForced == copy.acquired);
    int failedMin =
        (after == After.POWER_LOSS ? copy.failedForced : copy.failed) + (heldCounts ? 1 : 0);
    require(
        entry.failedCount() >= failedMin && entry.failedCount() <= entry.acquiredCount(),
        () ->
            "%s failed at least %d times, the engine says %d of %d (R-108)"
                .formatted(copy, failedMin, entry.failedCount(), entry.acquiredCount()));
  }

  // Publications.

  private void publication(Publication publication) {
    if (publication.answer == Publication.Answer.REFUSED) {
      return; // Not found, or locate() would have said so.
    }
    boolean promised = publication.promised();
    int open = 0;
    int present = 0;
    for (Copy copy : publication.copies) {
      boolean there = found.containsKey(copy);
      if (there) {
        present++;
        open++;
      } else if (!copy.gone && !mayBeAbsent(copy)) {
        require(!promised, () -> copy + " was promised and is lost (R-101, R-102, R-106)");
        open++;
      }
    }
    boolean some = present > 0 && present < open;
    require(!some, () -> "message " + publication.number + " is in some queues only (R-103)");
  }

  private boolean mayBeAbsent(Copy copy) {
    boolean deleted =
        isPending(copy.at.name, Ledger.Pending.Deletion.class)
            && !shown.queues().containsKey(copy.at.name);
    // Dead, moved, and expired where it went to, all unseen.
    boolean expiredElsewhere =
        ledger.queues.values().stream()
            .anyMatch(
                queue ->
                    copy.mayMove(queue.name, clockMaxMillis)
                        && queue.ever(QueueSettings::respectTtl));
    return deleted || expiredElsewhere || copy.mayVanish(clockMaxMillis);
  }

  // What is known from now on.

  private void takeOver() {
    for (QueueName name : List.copyOf(ledger.queues.keySet())) {
      if (!shown.queues().containsKey(name)) {
        ledger.queues.remove(name);
      }
    }
    shown
        .queues()
        .forEach(
            (name, queue) -> {
              QueueLife life =
                  ledger.queues.computeIfAbsent(name, _ -> new QueueLife(name, queue.settings()));
              life.settings.clear();
              life.settings.add(queue.settings());
              life.unseenHandOuts = 0;
            });
    ledger.pending = null;
    for (Publication publication : ledger.publications) {
      if (after != After.REST && publication.answer == Publication.Answer.NONE) {
        // Nobody will ever tell its publisher: what is there now is stored, what is not is not.
        publication.answer = Publication.Answer.STORED;
        publication.answeredMillis = clockMaxMillis;
      }
      publication.copies.forEach(this::takeOver);
    }
  }

  private void takeOver(Copy copy) {
    Place place = found.get(copy);
    if (place == null) {
      if (copy.publication.answer != Publication.Answer.NONE) {
        copy.gone = true;
        copy.held = null;
      }
      return;
    }
    if (place.queue() != copy.at) {
      copy.moveTo(place.queue());
    }
    BrowsedMessage entry = place.shown();
    copy.seen = true;
    copy.purgeAsked = false;
    copy.sequence = entry.sequence();
    copy.acquired = entry.acquiredCount();
    copy.failed = entry.failedCount();
    copy.deathAsked = entry.state() == State.DEAD_PENDING;
    if (after != After.REST) {
      copy.accepted = false;
      copy.held = null;
    }
    // What came through a loss of power, or was journaled since, is on the platter.
    if (after == After.POWER_LOSS
        || after == After.ORDERLY_STOP
        || (after == After.REST && copy.returned && copy.held == null)) {
      copy.acquiredForced = copy.acquired;
      copy.failedForced = copy.failed;
    }
    if (after != After.REST) {
      copy.returned = false;
    }
  }
}
