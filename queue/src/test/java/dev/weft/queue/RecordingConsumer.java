// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that remembers what it hears and waits for it with a deadline. Attach it, then grant
 * credit. Safe for any thread.
 */
public final class RecordingConsumer implements DeliveryListener {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final List<Delivery> deliveries = new ArrayList<>();
  private final List<Integer> drains = new ArrayList<>();
  private final List<MeshException> closings = new ArrayList<>();
  private int taken;
  private @Nullable Consumer consumer;

  /** Starts it on a queue, without credit. */
  public static RecordingConsumer attach(QueueEngine engine, QueueName queue) {
    return attach(engine, queue, ConsumerSettings.NORMAL);
  }

  /**
   * @param priority see {@link ConsumerSettings}
   */
  public static RecordingConsumer attach(QueueEngine engine, QueueName queue, int priority) {
    RecordingConsumer recorder = new RecordingConsumer();
    Consumer consumer = engine.consume(queue, new ConsumerSettings("recorder", priority), recorder);
    synchronized (recorder) {
      recorder.consumer = consumer;
    }
    return recorder;
  }

  private RecordingConsumer() {}

  @Override
  public synchronized void delivered(Delivery delivery) {
    deliveries.add(delivery);
  }

  @Override
  public synchronized void drained(int unusedCredit) {
    drains.add(unusedCredit);
  }

  @Override
  public synchronized void closed(MeshException reason) {
    closings.add(reason);
  }

  /** The engine's side of it. */
  public synchronized Consumer consumer() {
    return Objects.requireNonNull(consumer);
  }

  public RecordingConsumer grant(int credit) {
    consumer().grant(credit);
    return this;
  }

  public void drain() {
    consumer().drain();
  }

  public void close() {
    consumer().close();
  }

  public void settle(Delivery delivery, Settlement settlement) {
    consumer().settle(delivery, settlement);
  }

  /** Waits for the next delivery that no call took yet. */
  public Delivery next() {
    return next(1).getFirst();
  }

  /** Waits for that many deliveries that no call took yet, in the order they came. */
  public List<Delivery> next(int count) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(DEADLINE)
        .until(() -> untaken().size() >= count);
    synchronized (this) {
      List<Delivery> next = List.copyOf(deliveries.subList(taken, taken + count));
      taken += count;
      return next;
    }
  }

  /** Waits for that many deliveries and gives their bodies as text. */
  public List<String> nextTexts(int count) {
    return next(count).stream().map(RecordingConsumer::text).toList();
  }

  /** What came and was not taken by {@link #next()}. */
  public synchronized List<Delivery> untaken() {
    return List.copyOf(deliveries.subList(taken, deliveries.size()));
  }

  /** Everything that came. */
  public synchronized List<Delivery> deliveries() {
    return List.copyOf(deliveries);
  }

  /** Waits for the nth answer to a drain, counted from one: the unused credit. */
  public int awaitDrained(int nth) {
    await().pollInterval(Duration.ofMillis(1)).atMost(DEADLINE).until(() -> drains().size() >= nth);
    return drains().get(nth - 1);
  }

  public synchronized List<Integer> drains() {
    return List.copyOf(drains);
  }

  /** Waits until the engine ends it. */
  public MeshException awaitClosed() {
    await().pollInterval(Duration.ofMillis(1)).atMost(DEADLINE).until(() -> !closings().isEmpty());
    return closings().getFirst();
  }

  public synchronized List<MeshException> closings() {
    return List.copyOf(closings);
  }

  /** The encoded bytes of a delivery made from text. */
  public static String text(Delivery delivery) {
    return new String(delivery.message().encoded(), StandardCharsets.UTF_8);
  }
}
