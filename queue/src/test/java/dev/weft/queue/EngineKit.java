// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What the promises of the kit stand on: an engine, its clock, and short words for both. */
interface EngineKit {
  QueueName ORDERS = new QueueName("acme/shop/one/orders");
  QueueName BILLS = new QueueName("acme/shop/one/bills");
  QueueName DEAD = new QueueName("acme/shop/one/dead");

  Settlement REJECTED = new Settlement.Rejected("processing failed");
  Settlement UNREAD = new Settlement.Released(true);
  Settlement FAILED = new Settlement.Modified(true, false);
  Settlement NOT_FAILED = new Settlement.Modified(false, false);
  Settlement ELSEWHERE = new Settlement.Modified(true, true);

  Duration DEADLINE = Duration.ofSeconds(10);

  /** The engine under test, empty at the start. */
  QueueEngine engine();

  /** Another fresh engine; the caller closes it. */
  QueueEngine openAnother(InstantSource clock);

  /** See {@link QueueEngineContract#poke}. */
  void pokeEngine(QueueEngine other);

  /**
   * Lets the engine finish what it was told, moves its clock and lets it do what is due. Zero is
   * allowed: what had to happen has happened then.
   */
  void advance(Duration by);

  default void advanceMillis(long millis) {
    advance(Duration.ofMillis(millis));
  }

  default void declare(QueueName queue, UnaryOperator<QueueSettings.Builder> settings) {
    engine().declare(queue, settings.apply(QueueSettings.DEFAULT.toBuilder()).build());
  }

  default void declare(QueueName queue) {
    declare(queue, settings -> settings);
  }

  /** A queue whose returned messages come back at once. */
  default void declareImmediate(QueueName queue) {
    declare(queue, settings -> settings.redelivery(Redelivery.IMMEDIATE));
  }

  default byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  default RecordingAppend append(List<QueueName> queues, Message message) {
    RecordingAppend listener = new RecordingAppend();
    engine().append(queues, message, listener);
    return listener;
  }

  default RecordingAppend append(QueueName queue, String text) {
    return append(List.of(queue), Message.of(bytes(text)));
  }

  /** Appends and waits until all are stored. */
  default void store(QueueName queue, String... texts) {
    List<RecordingAppend> appends = Arrays.stream(texts).map(text -> append(queue, text)).toList();
    appends.forEach(RecordingAppend::awaitStored);
  }

  default void store(QueueName queue, String text, Duration ttl) {
    append(List.of(queue), new Message(true, Message.DEFAULT_PRIORITY, ttl.toMillis(), bytes(text)))
        .awaitStored();
  }

  default RecordingConsumer attach(QueueName queue) {
    return RecordingConsumer.attach(engine(), queue);
  }

  /** A consumer with credit for everything. */
  default RecordingConsumer attachOpen(QueueName queue) {
    return attach(queue).grant(1_000_000);
  }

  /** The consumer hears nothing that was not taken, now that the engine came to rest. */
  default void assertNothingMore(RecordingConsumer consumer) {
    advance(Duration.ZERO);
    assertThat(consumer.untaken().stream().map(RecordingConsumer::text)).isEmpty();
  }

  /** Waits until the statistics look like that. */
  default QueueStats awaitStats(QueueName queue, Predicate<QueueStats> condition) {
    return await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(DEADLINE)
        .until(() -> engine().stats(queue), condition);
  }

  default void awaitMessages(QueueName queue, long count) {
    awaitStats(queue, stats -> stats.messages() == count);
  }

  default List<BrowsedMessage> browse(QueueName queue) {
    return engine().browse(queue, 0, 10_000);
  }

  default List<String> texts(QueueName queue) {
    return browse(queue).stream()
        .map(browsed -> new String(browsed.message().encoded(), StandardCharsets.UTF_8))
        .toList();
  }
}
