// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import dev.weft.queue.AccessType;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A consumer that judges every delivery by what the ledger knows. */
final class Client implements DeliveryListener {
  private final Ledger ledger;
  private final int life;
  final QueueLife queue;
  final int number;
  final int priority;

  /** Deliveries it holds, oldest first. */
  final List<Copy> held = new ArrayList<>();

  int credit;
  boolean draining;
  boolean leaving;
  private boolean revoked;
  private @Nullable Consumer handle;
  private final List<Client> clients;

  /**
   * @param clients all that live, in the order in which they came
   */
  Client(Ledger ledger, List<Client> clients, QueueLife queue, int number, int priority) {
    this.ledger = ledger;
    this.clients = clients;
    this.life = ledger.life();
    this.queue = queue;
    this.number = number;
    this.priority = priority;
  }

  void attach(QueueEngine engine) {
    handle = engine.consume(queue.name, new ConsumerSettings("client", priority), this);
  }

  private Consumer handle() {
    return Objects.requireNonNull(handle);
  }

  void grant(int more) {
    if (!draining) {
      credit += more;
      handle().grant(more);
    }
  }

  void revoke() {
    revoked = true;
    handle().revokeCredit();
  }

  void drain() {
    draining = true;
    handle().drain();
  }

  void settle(int which, Settlement settlement) {
    if (held.isEmpty()) {
      return;
    }
    Copy copy = held.remove(which % held.size());
    Delivery delivery = Objects.requireNonNull(copy.held);
    copy.held = null;
    copy.returned = true;
    switch (settlement) {
      case Settlement.Accepted() -> copy.accepted = true;
      case Settlement.Rejected(var _) ->
          copy.deathAsked |=
              queue.ever(s -> s.onReject() == dev.weft.queue.QueueSettings.OnReject.DEAD);
      case Settlement.Modified(var _, boolean elsewhere) -> copy.deathAsked |= elsewhere;
      case Settlement.Released(var _) -> {}
    }
    handle().settle(delivery, settlement);
  }

  void leave() {
    leaving = true;
    queue.unseenHandOuts++;
    letGo();
    clients.remove(this);
    handle().close();
  }

  private void letGo() {
    for (Copy copy : held) {
      copy.held = null;
      copy.returned = true;
    }
    held.clear();
  }

  /** Whether it waits for a message; one that took its credit back is never sure. */
  boolean takes(int unsettledMax) {
    return credit > 0 && !revoked && held.size() < unsettledMax;
  }

  @Override
  public void delivered(Delivery delivery) {
    if (ledger.life() != life) {
      return; // The process that says so is dead.
    }
    Publication publication = ledger.publication(delivery.message().encoded());
    ledger.require(publication != null, () -> "a delivered message was never published (R-110)");
    if (publication == null) {
      return;
    }
    ledger.trace(37L * publication.number + number);
    Copy copy = copy(publication, delivery.sequence());
    ledger.require(
        copy != null, () -> "message " + publication.number + " came from a wrong queue (R-110)");
    if (copy != null) {
      judge(copy, delivery);
      take(copy, delivery);
    }
  }

  private @Nullable Copy copy(Publication publication, long sequence) {
    for (Copy copy : publication.copies) {
      if (copy.at == queue && (copy.sequence == -1 || copy.sequence == sequence)) {
        return copy;
      }
    }
    for (Copy copy : publication.copies) {
      if (!copy.gone && copy.mayMove(queue.name, ledger.clockMaxMillis())) {
        copy.moveTo(queue);
        return copy;
      }
    }
    return null;
  }

  private void judge(Copy copy, Delivery delivery) {
    Publication publication = copy.publication;
    require(
        Arrays.equals(publication.message.encoded(), delivery.message().encoded())
            && publication.message.durable() == delivery.message().durable()
            && publication.message.priority() == delivery.message().priority(),
        copy,
        "was altered (R-110)");
    require(publication.answer != Publication.Answer.REFUSED, copy, "was refused (R-104)");
    require(!copy.gone, copy, "had left for good (R-106, R-114)");
    require(!copy.accepted, copy, "was accepted by its consumer before (R-106)");
    require(copy.held == null, copy, "is held by another consumer (R-122)");
    int acquired = delivery.acquiredCount();
    require(
        acquired >= copy.acquired && acquired <= copy.acquired + queue.unseenHandOuts,
        copy,
        "was handed out %d times, the engine says %d (R-108)".formatted(copy.acquired, acquired));
    require(
        delivery.failedCount() >= copy.failed && delivery.failedCount() <= acquired,
        copy,
        "failed %d times, the engine says %d (R-108)"
            .formatted(copy.failed, delivery.failedCount()));
    if (acquired == 0) {
      require(
          delivery.sequence() > queue.freshSequence,
          copy,
          "comes behind sequence " + queue.freshSequence + " (R-111)");
      queue.freshSequence = delivery.sequence();
    }
    if (!leaving) {
      mayTake(copy, acquired);
    }
  }

  /** Whether this consumer may have it; the rules of settings only while these never changed. */
  private void mayTake(Copy copy, int acquired) {
    require(credit > 0, copy, "came without credit");
    if (!queue.constant()) {
      return;
    }
    var settings = queue.current();
    require(!settings.egressDisabled(), copy, "left a queue without egress");
    require(held.size() < settings.maxUnsettledPerConsumer(), copy, "is more than may be held");
    boolean first =
        clients.stream().filter(other -> other.queue == queue).findFirst().orElseThrow() == this;
    require(
        settings.accessType() != AccessType.EXCLUSIVE || first,
        copy,
        "went to a consumer that stands by (R-112)");
    boolean strict =
        settings.redelivery() instanceof Redelivery.Paced paced
            && paced.order() == Redelivery.Order.STRICT;
    require(
        !strict || clients.stream().allMatch(other -> other.queue != queue || other.held.isEmpty()),
        copy,
        "is the second in flight in a strict queue (R-412)");
    long life = copy.lifeMillis(settings);
    require(
        acquired > 0
            || copy.moved
            || ledger.leapt()
            || life == Long.MAX_VALUE
            || copy.publication.answer == Publication.Answer.NONE
            || copy.publication.answeredMillis + life > ledger.clockMillis(),
        copy,
        "had expired (R-113)");
  }

  private void require(boolean holds, Copy copy, String what) {
    ledger.require(holds, () -> copy + " was delivered to client " + number + " and " + what);
  }

  private void take(Copy copy, Delivery delivery) {
    copy.seen = true;
    copy.sequence = delivery.sequence();
    copy.acquired = delivery.acquiredCount() + 1;
    copy.failed = delivery.failedCount();
    // A first hand-out is marked without a force; each further one is forced before it leaves.
    copy.acquiredForced = delivery.acquiredCount() == 0 ? 0 : copy.acquired;
    copy.failedForced = delivery.acquiredCount() == 0 ? 0 : copy.failed;
    copy.returned = false;
    credit--;
    if (!leaving) {
      copy.held = delivery;
      held.add(copy);
    }
  }

  @Override
  public void drained(int unusedCredit) {
    if (ledger.life() == life) {
      ledger.require(
          draining && (unusedCredit == credit || (revoked && unusedCredit <= credit)),
          () -> "client " + number + " has credit " + credit + ", the drain says " + unusedCredit);
      draining = false;
      revoked = false;
      credit = 0;
      ledger.trace(41L * number + unusedCredit);
    }
  }

  @Override
  public void closed(MeshException reason) {
    if (ledger.life() == life) {
      leaving = true;
      queue.unseenHandOuts++;
      clients.remove(this);
      held.forEach(copy -> copy.held = null);
      held.clear();
      ledger.trace(43L * number);
    }
  }
}
