// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.queue.BrowsedMessage.State;
import dev.weft.queue.ModelQueue.ModelConsumer;
import dev.weft.queue.ModelQueue.ModelMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run of T-320: does operations on an engine, lets it come to rest after each, judges by the
 * model everything the consumers heard, and compares what the engine shows with the model.
 */
final class ModelRun {
  /** How long an engine may take to come to rest after one operation. */
  private static final Duration REST_MAX = Duration.ofSeconds(10);

  private static final QueueName MISSING = new QueueName("acme/shop/one/missing");

  /** What a consumer heard. */
  private sealed interface Event {
    record Delivered(ModelConsumer consumer, Delivery delivery) implements Event {}

    record Drained(ModelConsumer consumer, int unusedCredit) implements Event {}

    record Closed(ModelConsumer consumer, MeshException reason) implements Event {}
  }

  private final EngineKit kit;
  private final FakeClock clock = new FakeClock();
  private final QueueEngine engine;
  private final ModelQueue dead;
  private final ModelQueue orders;
  private final ModelQueue bills;
  private final List<ModelConsumer> consumers = new ArrayList<>();
  private final Map<ModelConsumer, Consumer> handles = new HashMap<>();
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<String> history = new ArrayDeque<>();
  private int step;
  private int appended;
  private int attached;

  private ModelRun(EngineKit kit) {
    this.kit = kit;
    engine = kit.openAnother(clock);
    dead = new ModelQueue(EngineKit.DEAD, QueueSettings.DEFAULT, null);
    orders = new ModelQueue(EngineKit.ORDERS, ModelSettings.variant(0, EngineKit.DEAD), dead);
    bills = new ModelQueue(EngineKit.BILLS, ModelSettings.variant(1, null), null);
    queues().forEach(queue -> engine.declare(queue.name, queue.settings));
  }

  private List<ModelQueue> queues() {
    return List.of(orders, bills, dead);
  }

  /** Runs them all; null when the engine kept every promise, else what went wrong. */
  static @Nullable String firstFault(EngineKit kit, List<ModelOperation> operations) {
    ModelRun run = new ModelRun(kit);
    try {
      for (ModelOperation operation : operations) {
        run.step(operation);
      }
      return null;
    } catch (AssertionError | ConditionTimeoutException fault) {
      return fault.getMessage() + "\n  after: " + String.join("\n         ", run.history);
    } finally {
      run.engine.close();
    }
  }

  private void step(ModelOperation operation) {
    step++;
    apply(operation);
    kit.pokeEngine(engine);
    judge();
    if (!atRest()) {
      await("the engine comes to rest: " + whatIsOwed())
          .pollInterval(Duration.ofMillis(1))
          .atMost(REST_MAX)
          .until(
              () -> {
                judge();
                return atRest();
              });
    }
    queues().forEach(this::compare);
  }

  private void note(String what) {
    history.add(what);
    if (history.size() > 40) {
      history.remove();
    }
  }

  private long nowMillis() {
    return clock.millis();
  }

  private void apply(ModelOperation operation) {
    int a = operation.a();
    int b = operation.b();
    ModelQueue queue = queues().get(a % 3);
    ModelConsumer consumer = consumers.isEmpty() ? null : consumers.get(a % consumers.size());
    switch (operation.kind()) {
      case APPEND -> append(a % 3, b);
      case ATTACH -> attach(queue, b);
      case ADVANCE -> advance(100L * (1 + b % 60));
      case CHANGE -> change(a % 2 == 0 ? orders : bills, b);
      case PURGE -> purge(queue);
      case DELETE -> delete(a % 2 == 0 ? orders : bills, b);
      case GRANT, REVOKE, DRAIN, LEAVE, SETTLE -> {
        if (consumer != null) {
          apply(operation.kind(), consumer, b);
        }
      }
    }
  }

  private void apply(ModelOperation.Kind kind, ModelConsumer consumer, int b) {
    Consumer handle = Objects.requireNonNull(handles.get(consumer));
    note(kind + " consumer " + consumer.number + " of " + consumer.queue.name);
    switch (kind) {
      case GRANT -> {
        int credit = 1 + b % 4;
        consumer.credit += credit;
        handle.grant(credit);
      }
      case REVOKE -> {
        consumer.credit = 0;
        handle.revokeCredit();
      }
      case DRAIN -> {
        consumer.draining = true;
        handle.drain();
      }
      case LEAVE -> leave(consumer, handle);
      case SETTLE -> settle(consumer, handle, b);
      default -> throw new IllegalArgumentException("no operation of a consumer: " + kind);
    }
  }

  private void append(int where, int b) {
    String text = "m" + appended++ + "x".repeat(b % 13);
    long ttlMillis = b % 5 == 0 ? 1050L + 1000L * (b % 7) : Message.NO_TTL;
    List<ModelQueue> targets =
        switch (where) {
          case 0 -> List.of(orders);
          case 1 -> List.of(bills);
          default -> List.of(orders, bills);
        };
    note(
        "APPEND "
            + text
            + " ttl "
            + ttlMillis
            + " to "
            + targets.stream().map(q -> q.name).toList());
    RecordingAppend answer = new RecordingAppend();
    engine.append(
        targets.stream().map(target -> target.name).toList(),
        new Message(true, 4, ttlMillis, text.getBytes(StandardCharsets.UTF_8)),
        answer);
    List<Class<? extends MeshException>> refusals = new ArrayList<>();
    for (ModelQueue target : targets) {
      Class<? extends MeshException> refusal = target.refusal(text.length());
      if (refusal != null) {
        refusals.add(refusal);
      }
    }
    if (!refusals.isEmpty()) {
      assertThat(refusals).contains(answer.awaitRefused().getClass());
      return;
    }
    targets.forEach(
        target -> target.messages.add(new ModelMessage(text, nowMillis(), ttlMillis, step - 1)));
    answer.awaitStored();
  }

  private void attach(ModelQueue queue, int b) {
    if (queue.consumers.size() >= 3) {
      return;
    }
    int priority = b % 3 == 0 ? ConsumerSettings.PUSH : ConsumerSettings.NORMAL;
    ModelConsumer consumer = new ModelConsumer(queue, attached++, priority);
    note("ATTACH " + consumer.number + " to " + queue.name + " priority " + priority);
    Consumer handle =
        engine.consume(
            queue.name,
            new ConsumerSettings("model", priority),
            new DeliveryListener() {
              @Override
              public void delivered(Delivery delivery) {
                events.add(new Event.Delivered(consumer, delivery));
              }

              @Override
              public void drained(int unusedCredit) {
                events.add(new Event.Drained(consumer, unusedCredit));
              }

              @Override
              public void closed(MeshException reason) {
                events.add(new Event.Closed(consumer, reason));
              }
            });
    consumers.add(consumer);
    queue.consumers.add(consumer);
    handles.put(consumer, handle);
  }

  private void leave(ModelConsumer consumer, Consumer handle) {
    forget(consumer);
    handle.close();
    List<ModelMessage> held = new ArrayList<>();
    for (Delivery delivery : consumer.held) {
      held.add(message(consumer.queue, delivery));
    }
    held.sort(Comparator.comparingLong(message -> message.sequence));
    held.forEach(message -> consumer.queue.abandoned(message, nowMillis(), step));
  }

  private void forget(ModelConsumer consumer) {
    consumers.remove(consumer);
    consumer.queue.consumers.remove(consumer);
    handles.remove(consumer);
  }

  private void settle(ModelConsumer consumer, Consumer handle, int b) {
    if (consumer.held.isEmpty()) {
      return;
    }
    Delivery delivery = consumer.held.remove(b % consumer.held.size());
    Settlement settlement = ModelSettings.settlement(b);
    note("  of " + RecordingConsumer.text(delivery) + ": " + settlement);
    ModelMessage message = message(consumer.queue, delivery);
    handle.settle(delivery, settlement);
    consumer.queue.settle(message, settlement, nowMillis(), step);
  }

  private void advance(long millis) {
    note("ADVANCE " + millis);
    clock.advance(Duration.ofMillis(millis));
    queues().forEach(queue -> queue.tick(nowMillis(), step));
  }

  private void change(ModelQueue queue, int b) {
    queue.settings = settings(queue, b);
    note("CHANGE " + queue.name + " to " + queue.settings);
    engine.change(queue.name, queue.settings);
    queue.tick(nowMillis(), step);
  }

  private QueueSettings settings(ModelQueue queue, int b) {
    if (queue == orders) {
      return ModelSettings.variant(b, EngineKit.DEAD);
    }
    return ModelSettings.variant(b, b % 2 == 0 ? null : MISSING);
  }

  private void purge(ModelQueue queue) {
    note("PURGE " + queue.name);
    long waiting = queue.messages.size() - queue.count(State.UNSETTLED);
    assertThat(engine.purge(queue.name)).as("purged").isEqualTo(waiting);
    queue.messages.removeIf(message -> message.state != State.UNSETTLED);
  }

  private void delete(ModelQueue queue, int b) {
    note("DELETE " + queue.name);
    assertThat(engine.delete(queue.name)).isTrue();
    queue.messages.clear();
    List<ModelConsumer> closing = List.copyOf(queue.consumers);
    closing.forEach(consumer -> consumer.closing = true);
    closing.forEach(this::forget);
    await("the consumers of a deleted queue are closed")
        .pollInterval(Duration.ofMillis(1))
        .atMost(REST_MAX)
        .until(
            () -> {
              judge();
              return closing.stream().noneMatch(consumer -> consumer.closing);
            });
    queue.settings = settings(queue, b);
    assertThat(engine.declare(queue.name, queue.settings)).isTrue();
  }

  private void judge() {
    for (Event event = events.poll(); event != null; event = events.poll()) {
      switch (event) {
        case Event.Delivered(ModelConsumer consumer, Delivery delivery) ->
            delivered(consumer, delivery);
        case Event.Drained(ModelConsumer consumer, int unusedCredit) -> {
          assertThat(consumer.draining).as("a drain was asked for").isTrue();
          assertThat(unusedCredit).as("unused credit").isEqualTo(consumer.credit);
          consumer.draining = false;
          consumer.credit = 0;
        }
        case Event.Closed(ModelConsumer consumer, MeshException reason) -> {
          assertThat(consumer.closing).as("closed: " + reason).isTrue();
          consumer.closing = false;
        }
      }
    }
  }

  private void delivered(ModelConsumer consumer, Delivery delivery) {
    note("  -> " + RecordingConsumer.text(delivery) + " to consumer " + consumer.number);
    assertThat(consumers).as("the consumer is there").contains(consumer);
    ModelMessage message = message(consumer.queue, delivery);
    assertThat(consumer.queue.objection(message, consumer, nowMillis(), step))
        .as("objection to the delivery of " + message + " to consumer " + consumer.number)
        .isNull();
    assertThat(delivery.failedCount()).as("failed count").isEqualTo(message.failed);
    assertThat(delivery.acquiredCount()).as("acquired count").isEqualTo(message.acquired);
    if (message.sequence != -1) {
      assertThat(delivery.sequence()).as("sequence").isEqualTo(message.sequence);
    }
    message.sequence = delivery.sequence();
    message.acquired++;
    message.state = State.UNSETTLED;
    consumer.credit--;
    consumer.held.add(delivery);
  }

  private static ModelMessage message(ModelQueue queue, Delivery delivery) {
    String text = RecordingConsumer.text(delivery);
    return queue.messages.stream()
        .filter(message -> message.text.equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError(text + " is not in " + queue.name));
  }

  private boolean atRest() {
    return queues().stream().noneMatch(ModelQueue::owes)
        && consumers.stream().noneMatch(consumer -> consumer.draining);
  }

  private String whatIsOwed() {
    return queues().stream().filter(ModelQueue::owes).map(queue -> queue.name).toList()
        + " owe deliveries, drains wait: "
        + consumers.stream().filter(consumer -> consumer.draining).count();
  }

  /** What the engine shows of a queue at rest is what the model holds. */
  private void compare(ModelQueue queue) {
    List<BrowsedMessage> shown = engine.browse(queue.name, 0, 10_000);
    List<String> texts =
        shown.stream()
            .map(browsed -> new String(browsed.message().encoded(), StandardCharsets.UTF_8))
            .toList();
    if (queue == dead) {
      // What died within one step may have come in any order: the engine tells.
      queue.messages.sort(
          Comparator.comparingInt(
              message -> message.sequence == -1 ? texts.indexOf(message.text) : -1));
      // The sort is stable: known ones stay in front, in their order.
    }
    assertThat(texts)
        .as("messages in " + queue.name)
        .isEqualTo(queue.messages.stream().map(message -> message.text).toList());
    for (int i = 0; i < shown.size(); i++) {
      BrowsedMessage browsed = shown.get(i);
      ModelMessage message = queue.messages.get(i);
      if (message.state == State.DELAYED && message.earliestMillis <= nowMillis()) {
        assertThat(browsed.state()).isIn(State.DELAYED, State.READY);
        message.state = browsed.state();
        message.readyStep = step;
      }
      assertThat(browsed.state()).as("state of " + message).isEqualTo(message.state);
      assertThat(browsed.failedCount()).as("failed of " + message).isEqualTo(message.failed);
      assertThat(browsed.acquiredCount()).as("acquired of " + message).isEqualTo(message.acquired);
      if (message.sequence == -1) {
        message.sequence = browsed.sequence();
      }
      assertThat(browsed.sequence()).as("sequence of " + message).isEqualTo(message.sequence);
    }
    QueueStats stats = engine.stats(queue.name);
    assertThat(stats.messages()).as("messages").isEqualTo(queue.messages.size());
    assertThat(stats.bytes()).as("bytes").isEqualTo(queue.bytes());
    assertThat(stats.unsettledMessages()).as("unsettled").isEqualTo(queue.count(State.UNSETTLED));
    assertThat(stats.delayedMessages()).as("delayed").isEqualTo(queue.count(State.DELAYED));
    assertThat(stats.deadPendingMessages())
        .as("dead-pending")
        .isEqualTo(queue.count(State.DEAD_PENDING));
    assertThat(stats.consumers()).as("consumers").isEqualTo(queue.consumers.size());
  }
}
