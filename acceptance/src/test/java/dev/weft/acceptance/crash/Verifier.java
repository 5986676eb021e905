// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.crash.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * T-300: hears everything that publishers sent and were answered and that consumers got and
 * settled, and tells which promise was broken.
 *
 * <p>What callers owe it, so that the order of its calls is the order of events: a publish is
 * reported before it is sent, an answer after it came; a delivery before it is settled, an
 * acceptance before it is sent. A consumer reports nothing after it closed its link, and after a
 * crash every worker has ended before {@link #crashed} or {@link #lostPower} is called.
 *
 * <p>Order: the queue hands out in order of acceptance, so each consumer's <em>first</em>
 * deliveries (those without the redelivered mark) have each publisher's numbers in growing order,
 * however many consumers compete. Nothing is promised about redeliveries in parallel mode, nor
 * about a message that was published again after an unknown answer.
 *
 * <p>Safe for any thread.
 */
final class Verifier {
  private static final int FAULTS_MAX = 100;

  /**
   * What clients saw or did longer ago than this when the server ended must be on disk. The server
   * promises the flush interval of 10 ms; clients see an acknowledgement leave and
   * not arrive, and a loaded machine is slow.
   */
  static final Duration LAST_MOMENT = Duration.ofSeconds(5);

  /** What a publisher knows of one attempt. */
  enum Answer {
    ACCEPTED,
    REFUSED,
    UNKNOWN
  }

  /** A delivery as a consumer sees it. */
  record Seen(
      int consumer, MessageId id, String queue, long hash, long deliveryCount, boolean first) {}

  /** One message in one of its queues; the dead message queue counts to the queue it serves. */
  private static final class Place {
    final History live = new History();
    final History dead = new History();
    boolean seen;
    boolean seenDead;
    long seenDeadNanos;

    /** Life of the server in which it was last accepted by a consumer; -1 for never. */
    int acceptedInLife = -1;

    long acceptedNanos;

    History history(boolean ofTheDead) {
      return ofTheDead ? dead : live;
    }
  }

  private static final class Sent {
    final long hash;
    final Map<String, Place> places = new TreeMap<>();
    int attempts;
    int accepted;
    int refused;

    /** It came after a backup began, so that the restored store may lack it. */
    boolean optional;

    Sent(long hash, Set<String> queues) {
      this.hash = hash;
      queues.forEach(queue -> places.put(queue, new Place()));
    }

    /** Copies that may be stored. */
    int copies() {
      return attempts - refused;
    }
  }

  /** One consumer's view of one publisher in one queue. */
  private record Track(int consumer, int publisher, String queue) {}

  private final String deadQueue;
  private final String servedQueue;
  private final Map<MessageId, Sent> messages = new HashMap<>();
  private final Map<Track, Integer> lastFirst = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private final LongSupplier nanoTime;

  /** When each life of the server ended. */
  private final List<Long> ends = new ArrayList<>();

  /** Messages that were sent when a backup began. */
  private Set<MessageId> backedUp = Set.of();

  private int life;
  private int faultCount;
  private long deliveries;
  private long redeliveries;
  private long deadDeliveries;
  private long acceptances;
  private long waiting;

  /**
   * @param deadQueue the dead message queue
   * @param servedQueue the queue whose dead go there
   */
  Verifier(String deadQueue, String servedQueue) {
    this(deadQueue, servedQueue, System::nanoTime);
  }

  Verifier(String deadQueue, String servedQueue, LongSupplier nanoTime) {
    this.deadQueue = deadQueue;
    this.servedQueue = servedQueue;
    this.nanoTime = nanoTime;
  }

  /** An attempt to publish begins. The same message may be tried again after an unknown answer. */
  synchronized void publishing(MessageId id, long hash, Set<String> queues) {
    Sent sent = messages.computeIfAbsent(id, key -> new Sent(hash, queues));
    if (sent.hash != hash || !sent.places.keySet().equals(queues)) {
      throw new IllegalArgumentException("message " + id + " is published as two things");
    }
    sent.attempts++;
  }

  synchronized void answered(MessageId id, Answer answer) {
    Sent sent = messages.get(id);
    if (sent == null) {
      throw new IllegalArgumentException("message " + id + " was never sent");
    }
    switch (answer) {
      case ACCEPTED -> {
        acceptances++;
        if (sent.accepted++ == 0) {
          waiting +=
              sent.places.values().stream().filter(place -> place.acceptedInLife < 0).count();
        }
      }
      case REFUSED -> {
        sent.refused++;
        if (sent.copies() == 0) {
          sent.places.forEach(
              (queue, place) -> {
                if (place.seen || place.seenDead) {
                  report(Kind.INVENTED, id, queue, "delivered, then refused to its publisher");
                }
              });
        }
      }
      case UNKNOWN -> {
        // It stays one of the copies that may exist.
      }
    }
  }

  synchronized void delivered(Seen seen) {
    deliveries++;
    redeliveries += seen.first() ? 0 : 1;
    boolean dead = seen.queue().equals(deadQueue);
    deadDeliveries += dead ? 1 : 0;
    MessageId id = seen.id();
    Sent sent = messages.get(id);
    if (sent == null) {
      report(Kind.INVENTED, id, seen.queue(), "nobody sent it");
      return;
    }
    if (sent.copies() == 0) {
      report(Kind.INVENTED, id, seen.queue(), "every attempt was refused");
    }
    if (sent.hash != seen.hash()) {
      report(Kind.ALTERED, id, seen.queue(), "hash " + seen.hash() + " instead of " + sent.hash);
    }
    Place place = sent.places.get(dead ? servedQueue : seen.queue());
    if (place == null) {
      report(Kind.MISROUTED, id, seen.queue(), "routed to " + sent.places.keySet());
      return;
    }
    if (sent.copies() <= 1) {
      checkSingleCopy(seen, place, dead);
    }
    place.history(dead).delivered(nanoTime.getAsLong(), seen.deliveryCount(), seen.first());
    checkMarks(seen, place.history(dead), sent.copies());
    if (dead && !place.seenDead) {
      place.seenDeadNanos = nanoTime.getAsLong();
    }
    place.seen |= !dead;
    place.seenDead |= dead;
  }

  /** With one copy in the world, all its deliveries are one history. */
  private void checkSingleCopy(Seen seen, Place place, boolean dead) {
    long before = place.history(dead).deliveryCount();
    if (seen.deliveryCount() < before) {
      report(
          Kind.COUNT_DECREASED,
          seen.id(),
          seen.queue(),
          "delivery count " + seen.deliveryCount() + " after " + before);
    }
    if (!dead && place.seenDead) {
      report(Kind.IN_BOTH, seen.id(), seen.queue(), "it was in " + deadQueue + " before");
    }
    checkAcceptance(seen, place);
    if (!dead && seen.first()) {
      checkOrder(seen);
    }
  }

  private void checkAcceptance(Seen seen, Place place) {
    if (place.acceptedInLife == life) {
      report(Kind.CAME_BACK, seen.id(), seen.queue(), "accepted before, no crash since");
    } else if (place.acceptedInLife >= 0) {
      long nanos = ends.get(place.acceptedInLife) - place.acceptedNanos;
      if (nanos > LAST_MOMENT.toNanos()) {
        report(
            Kind.CAME_BACK,
            seen.id(),
            seen.queue(),
            "accepted " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms before the crash");
      }
    }
  }

  private void checkOrder(Seen seen) {
    Track track = new Track(seen.consumer(), seen.id().publisher(), seen.queue());
    Integer last = lastFirst.put(track, seen.id().number());
    if (last != null && last >= seen.id().number()) {
      report(
          Kind.OUT_OF_ORDER,
          seen.id(),
          seen.queue(),
          "first delivery to consumer " + seen.consumer() + " after number " + last);
    }
  }

  private void checkMarks(Seen seen, History history, int copies) {
    if (seen.first() && history.unmarked() > Math.max(1, copies)) {
      report(
          Kind.DUPLICATED,
          seen.id(),
          seen.queue(),
          history.unmarked() + " deliveries without the redelivered mark, " + copies + " copies");
    }
  }

  /** A consumer is about to accept it. */
  synchronized void accepting(MessageId id, String queue) {
    Sent sent = messages.get(id);
    Place place =
        sent == null ? null : sent.places.get(queue.equals(deadQueue) ? servedQueue : queue);
    if (sent == null || place == null) {
      return; // told as invented or misrouted when it was delivered
    }
    if (place.acceptedInLife < 0 && sent.accepted > 0) {
      waiting--;
    }
    place.acceptedInLife = life;
    place.acceptedNanos = nanoTime.getAsLong();
  }

  /**
   * The server was killed: acceptances of the last moment may be lost from here on.
   *
   * @param nanos when
   */
  synchronized void crashed(long nanos) {
    ends.add(nanos);
    life++;
  }

  /**
   * The power was lost: besides, deliveries of the last moment may be forgotten, so that they come
   * once more without the mark, in order again, and with a smaller count.
   *
   * @param nanos when
   */
  synchronized void lostPower(long nanos) {
    ends.add(nanos);
    life++;
    lastFirst.clear();
    long safeNanos = nanos - LAST_MOMENT.toNanos();
    for (Sent sent : messages.values()) {
      for (Place place : sent.places.values()) {
        place.live.powerLost(safeNanos);
        place.dead.powerLost(safeNanos);
      }
    }
  }

  /** Publishes that were answered with yes. */
  synchronized long acceptances() {
    return acceptances;
  }

  /** A backup begins: what was accepted by now must be in it. */
  synchronized void backupBegins() {
    messages.values().forEach(sent -> sent.optional = sent.accepted == 0);
    backedUp = Set.copyOf(messages.keySet());
  }

  /**
   * The server was replaced by one on the backup: it knows what happened before the backup began,
   * may know what happened until it was done, and nothing later (T-317).
   *
   * @param beganNanos when {@link #backupBegins} was called
   */
  synchronized void restored(long beganNanos, long doneNanos) {
    ends.add(beganNanos);
    life++;
    lastFirst.clear();
    long safeNanos = beganNanos - LAST_MOMENT.toNanos();
    messages.forEach(
        (id, sent) -> {
          sent.optional |= !backedUp.contains(id);
          sent.places.values().forEach(place -> goBack(place, safeNanos, doneNanos));
        });
  }

  private static void goBack(Place place, long safeNanos, long doneNanos) {
    place.live.powerLost(safeNanos);
    place.dead.powerLost(safeNanos);
    place.seenDead &= place.seenDeadNanos - safeNanos < 0;
    if (place.acceptedInLife >= 0 && place.acceptedNanos - doneNanos > 0) {
      place.acceptedInLife = -1;
    }
  }

  /** Places of accepted messages that no consumer accepted yet: how much is waiting, about. */
  synchronized long waiting() {
    return waiting;
  }

  /**
   * Everything is drained: what was accepted from a publisher must have been accepted by a
   * consumer, in every queue it was routed to.
   */
  synchronized void finish() {
    messages.forEach(
        (id, sent) -> {
          boolean somewhere = sent.places.values().stream().anyMatch(Verifier::reached);
          if (sent.optional && sent.places.values().stream().anyMatch(this::reachedEarlier)) {
            return; // One of its queues may have let it go before the backup was made.
          }
          sent.places.forEach(
              (queue, place) -> {
                if (reached(place)) {
                  return;
                }
                if (sent.accepted > 0 && !sent.optional) {
                  String seen = place.seen || place.seenDead ? "delivered, never accepted" : "gone";
                  report(Kind.LOST, id, queue, seen);
                } else if (somewhere) {
                  report(Kind.SPLIT, id, queue, "its other queue has it");
                }
              });
        });
  }

  private static boolean reached(Place place) {
    return place.acceptedInLife >= 0;
  }

  private boolean reachedEarlier(Place place) {
    return reached(place) && place.acceptedInLife < life;
  }

  private void report(Kind kind, MessageId id, String queue, String detail) {
    faultCount++;
    if (faults.size() < FAULTS_MAX) {
      faults.add(new Fault(kind, id, queue, detail));
    }
  }

  /** At most the first hundred. */
  synchronized List<Fault> faults() {
    return List.copyOf(faults);
  }

  /** The first fault; null while there is none. */
  synchronized @Nullable Fault firstFault() {
    return faults.isEmpty() ? null : faults.getFirst();
  }

  synchronized String summary() {
    long accepted = messages.values().stream().filter(sent -> sent.accepted > 0).count();
    long refused = messages.values().stream().filter(sent -> sent.copies() == 0).count();
    long unknown = messages.size() - accepted - refused;
    return "messages="
        + messages.size()
        + " accepted="
        + accepted
        + " refused="
        + refused
        + " unknown="
        + unknown
        + " deliveries="
        + deliveries
        + " redeliveries="
        + redeliveries
        + " dead="
        + deadDeliveries
        + " faults="
        + faultCount;
  }
}
