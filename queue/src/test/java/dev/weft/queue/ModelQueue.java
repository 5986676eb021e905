// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import dev.weft.queue.BrowsedMessage.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One queue of the model: what a queue promises, written without regard to speed and apart from any
 * engine. The model never chooses; it judges what an engine chose.
 */
final class ModelQueue {
  final QueueName name;
  QueueSettings settings;
  final List<ModelMessage> messages = new ArrayList<>();
  final List<ModelConsumer> consumers = new ArrayList<>();

  /** The queue that its dead go to; null where they stay or are dropped. */
  final @Nullable ModelQueue dead;

  ModelQueue(QueueName name, QueueSettings settings, @Nullable ModelQueue dead) {
    this.name = name;
    this.settings = settings;
    this.dead = dead;
  }

  /** A message of the model. */
  static final class ModelMessage {
    final String text;
    final long appendedAtMillis;
    final long ttlMillis;

    /** Unknown until the engine tells. */
    long sequence = -1;

    State state = State.READY;
    int failed;
    int acquired;
    int returns;
    boolean left;

    /** The pause ends not before and not after; the jitter is the engine's. */
    long earliestMillis;

    long latestMillis;

    /** Step at which it became ready: within one step of the clock, order is open. */
    int readyStep;

    ModelMessage(String text, long appendedAtMillis, long ttlMillis, int readyStep) {
      this.text = text;
      this.appendedAtMillis = appendedAtMillis;
      this.ttlMillis = ttlMillis;
      this.readyStep = readyStep;
    }

    @Override
    public String toString() {
      return text + "[" + state + " failed=" + failed + " acquired=" + acquired + "]";
    }
  }

  /** A consumer of the model, and the deliveries it holds. */
  static final class ModelConsumer {
    final ModelQueue queue;
    final int number;
    final int priority;
    final List<Delivery> held = new ArrayList<>();
    int credit;
    boolean draining;
    boolean closing;

    ModelConsumer(ModelQueue queue, int number, int priority) {
      this.queue = queue;
      this.number = number;
      this.priority = priority;
    }

    boolean canTake() {
      return credit > 0 && held.size() < queue.settings.maxUnsettledPerConsumer();
    }
  }

  /** What an append must hear: null for stored, else the class of the refusal. */
  @Nullable Class<? extends MeshException> refusal(int size) {
    if (settings.ingressDisabled()) {
      return MeshException.IngressDisabled.class;
    }
    if (size > settings.maxMessageBytes()) {
      return MeshException.MessageTooLarge.class;
    }
    boolean full =
        messages.size() + 1 > settings.maxMessages() || bytes() + size > settings.maxBytes();
    return full ? MeshException.QueueFull.class : null;
  }

  long bytes() {
    return messages.stream().mapToLong(message -> message.text.length()).sum();
  }

  long count(State state) {
    return messages.stream().filter(message -> message.state == state).count();
  }

  boolean strict() {
    return settings.redelivery() instanceof Redelivery.Paced pace
        && pace.order() == Redelivery.Order.STRICT;
  }

  /** The outcome of a delivery. */
  void settle(ModelMessage message, Settlement settlement, long nowMillis, int step) {
    switch (settlement) {
      case Settlement.Accepted() -> messages.remove(message);
      case Settlement.Rejected rejected -> {
        message.failed++;
        if (settings.onReject() == QueueSettings.OnReject.DEAD) {
          bury(message, nowMillis, step);
        } else {
          giveBack(message, true, true, nowMillis, step);
        }
      }
      case Settlement.Released(boolean unread) -> {
        if (unread) {
          comeBack(message, nowMillis, step);
        } else {
          message.failed += settings.countReleased() ? 1 : 0;
          giveBack(message, settings.countReleased(), true, nowMillis, step);
        }
      }
      case Settlement.Modified(boolean failed, boolean elsewhere) -> {
        boolean counts = failed || elsewhere || settings.countReleased();
        message.failed += counts ? 1 : 0;
        if (elsewhere) {
          bury(message, nowMillis, step);
        } else {
          giveBack(message, counts, true, nowMillis, step);
        }
      }
    }
  }

  /** A consumer left with it. */
  void abandoned(ModelMessage message, long nowMillis, int step) {
    boolean paced = message.left;
    message.left = true;
    message.failed++;
    giveBack(message, true, paced, nowMillis, step);
  }

  private void giveBack(
      ModelMessage message, boolean counts, boolean paced, long nowMillis, int step) {
    message.returns++;
    if (counts && settings.maxRedeliveries() > 0 && message.failed > settings.maxRedeliveries()) {
      bury(message, nowMillis, step);
    } else if (paced && settings.redelivery() instanceof Redelivery.Paced pace) {
      double pause = pace.firstDelay().toMillis() * Math.pow(pace.factor(), message.returns - 1.0);
      double capped = Math.min(pause, (double) pace.maxDelay().toMillis());
      message.state = State.DELAYED;
      message.earliestMillis = nowMillis + (long) Math.floor(capped * 0.8);
      message.latestMillis = nowMillis + (long) Math.ceil(capped * 1.2);
      tick(nowMillis, step);
    } else {
      comeBack(message, nowMillis, step);
    }
  }

  private void comeBack(ModelMessage message, long nowMillis, int step) {
    message.state = State.READY;
    message.readyStep = step - 1;
    tick(nowMillis, step);
  }

  private void bury(ModelMessage message, long nowMillis, int step) {
    if (dead != null) {
      moveTo(dead, message, nowMillis, step);
    } else if (settings.deadMessageQueue() == null
        && settings.onDead() == QueueSettings.OnDead.DISCARD) {
      messages.remove(message);
    } else {
      message.state = State.DEAD_PENDING;
    }
  }

  private void moveTo(ModelQueue target, ModelMessage message, long nowMillis, int step) {
    messages.remove(message);
    target.messages.add(new ModelMessage(message.text, nowMillis, Message.NO_TTL, step));
  }

  boolean expired(ModelMessage message, long nowMillis) {
    if (!settings.respectTtl()) {
      return false;
    }
    long ageMillis = nowMillis - message.appendedAtMillis;
    return (message.ttlMillis != Message.NO_TTL && ageMillis >= message.ttlMillis)
        || (!settings.maxTtl().isZero() && ageMillis >= settings.maxTtl().toMillis());
  }

  /** What time alone brings about. */
  void tick(long nowMillis, int step) {
    for (ModelMessage message : List.copyOf(messages)) {
      if (message.state != State.READY && message.state != State.DELAYED) {
        continue;
      }
      if (expired(message, nowMillis)) {
        if (dead != null) {
          moveTo(dead, message, nowMillis, step);
        } else if (settings.deadMessageQueue() == null) {
          messages.remove(message);
        } else {
          message.state = State.DEAD_PENDING;
        }
      } else if (message.state == State.DELAYED && message.latestMillis <= nowMillis) {
        message.state = State.READY;
        message.readyStep = step;
      }
    }
  }

  /** Whether the engine still owes a delivery. */
  boolean owes() {
    boolean taker =
        settings.accessType() == AccessType.EXCLUSIVE
            ? !consumers.isEmpty() && consumers.getFirst().canTake()
            : consumers.stream().anyMatch(ModelConsumer::canTake);
    return taker && deliverable() != null;
  }

  private @Nullable ModelMessage deliverable() {
    if (settings.egressDisabled() || (strict() && count(State.UNSETTLED) > 0)) {
      return null;
    }
    for (ModelMessage message : messages) {
      if (message.state == State.READY) {
        return message;
      }
      if (strict() && message.state == State.DELAYED) {
        return null;
      }
    }
    return null;
  }

  /** Why the engine must not hand this message to this consumer now; null when it may. */
  @Nullable String objection(
      ModelMessage message, ModelConsumer consumer, long nowMillis, int step) {
    if (!consumer.canTake()) {
      return "beyond credit " + consumer.credit + " or unsettled maximum";
    }
    if (settings.egressDisabled()) {
      return "egress is disabled";
    }
    boolean exclusive = settings.accessType() == AccessType.EXCLUSIVE;
    if (exclusive && consumers.getFirst() != consumer) {
      return "another consumer is the active one";
    }
    if (!exclusive
        && !settings.fair()
        && consumers.stream()
            .anyMatch(other -> other.priority > consumer.priority && other.canTake())) {
      return "a consumer of higher priority has credit";
    }
    boolean awake = message.state == State.DELAYED && message.earliestMillis <= nowMillis;
    if (message.state != State.READY && !awake) {
      return "it is " + message.state;
    }
    if (strict() && count(State.UNSETTLED) > 0) {
      return "another message is in flight in a strict queue";
    }
    for (ModelMessage earlier : messages.subList(0, messages.indexOf(message))) {
      boolean strictBlocked = strict() && earlier.state == State.DELAYED;
      if (strictBlocked || (earlier.state == State.READY && earlier.readyStep < step)) {
        return "it overtakes " + earlier;
      }
    }
    return null;
  }
}
