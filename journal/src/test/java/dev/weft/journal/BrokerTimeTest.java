// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.FakeClock;
import dev.weft.queue.Message;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** T-311: the wall clock may leap and fall; messages do not suffer. */
class BrokerTimeTest {
  private final FakeClock clock = new FakeClock();
  private final TurnByTurn threads = new TurnByTurn(new SplittableRandom(1));
  private final BrokerTime time = new BrokerTime(clock, threads);
  private final long start = clock.millis();

  private void pass(Duration both) {
    clock.advance(both);
    threads.advance(both);
  }

  private long sinceStart() {
    return time.millis() - start;
  }

  @Test
  void goesWithTheWallClock() {
    pass(Duration.ofHours(1));

    assertThat(sinceStart()).isEqualTo(3_600_000);
    assertThat(time.isHeld()).isFalse();
  }

  @Test
  void smallStepsOfTheWallClockAreFollowed() {
    clock.advance(Duration.ofSeconds(60));

    assertThat(sinceStart()).isEqualTo(60_000);
  }

  @Test
  void leapAheadIsHeldForTenMinutesAndTimeGoesOnMeanwhile() {
    clock.advance(Duration.ofDays(1));
    assertThat(sinceStart()).isZero();
    assertThat(time.isHeld()).isTrue();

    pass(Duration.ofSeconds(599));
    assertThat(sinceStart()).isEqualTo(599_000);

    pass(Duration.ofSeconds(1));
    assertThat(sinceStart()).isEqualTo(86_400_000 + 600_000);
    assertThat(time.isHeld()).isFalse();
  }

  @Test
  void operatorMayConfirmALeap() {
    clock.advance(Duration.ofDays(1));
    assertThat(sinceStart()).isZero();

    time.confirm();

    assertThat(sinceStart()).isEqualTo(86_400_000);
  }

  @Test
  void leapThatIsTakenBackLeavesNoTrace() {
    clock.advance(Duration.ofDays(1));
    assertThat(sinceStart()).isZero();
    clock.advance(Duration.ofDays(-1));
    pass(Duration.ofSeconds(5));

    assertThat(sinceStart()).isEqualTo(5_000);
    assertThat(time.isHeld()).isFalse();
  }

  @Test
  void fallOfTheWallClockNeitherTakesTimeBackNorStopsIt() {
    pass(Duration.ofSeconds(10));
    assertThat(sinceStart()).isEqualTo(10_000);
    clock.advance(Duration.ofHours(-1));

    assertThat(sinceStart()).isEqualTo(10_000);
    pass(Duration.ofSeconds(5));
    assertThat(sinceStart()).isEqualTo(15_000);
  }

  private JournalEngine open() {
    return JournalEngine.open(
        new FakeDisk(), threads, TestStore.SETTINGS, clock, new SplittableRandom(1));
  }

  private void store(JournalEngine engine, long ttlMillis) {
    RecordingAppend stored = new RecordingAppend();
    engine.append(
        List.of(ORDERS),
        new Message(true, Message.DEFAULT_PRIORITY, ttlMillis, new byte[1]),
        stored);
    threads.runUntil(stored::answered);
  }

  @Test
  void leapOfADayExpiresNothingUntilItIsConfirmed() {
    JournalEngine engine = open();
    engine.declare(ORDERS, QueueSettings.DEFAULT.toBuilder().respectTtl(true).build());
    store(engine, 3_600_000);
    clock.advance(Duration.ofDays(1));
    engine.wake();
    assertThat(engine.stats(ORDERS).messages()).isEqualTo(1);
    assertThat(engine.isExpiryHeld()).isTrue();

    engine.confirmClock();

    threads.runUntil(() -> engine.stats(ORDERS).messages() == 0);
    assertThat(engine.stats(ORDERS).expiredTotal()).isEqualTo(1);
    engine.close();
  }

  @Test
  void pauseEndsInTimeThoughTheWallClockFellBack() {
    JournalEngine engine = open();
    engine.declare(
        ORDERS,
        QueueSettings.DEFAULT.toBuilder()
            .redelivery(
                new Redelivery.Paced(
                    Duration.ofSeconds(10), 2, Duration.ofSeconds(10), Redelivery.Order.PARALLEL))
            .build());
    store(engine, Message.NO_TTL);
    RecordingConsumer consumer = RecordingConsumer.attach(engine, ORDERS).grant(5);
    threads.runUntil(() -> consumer.deliveries().size() == 1);
    consumer.settle(consumer.deliveries().getFirst(), Settlement.RELEASED);
    clock.advance(Duration.ofHours(-1));
    long before = threads.nanoTime();

    threads.runUntil(() -> consumer.deliveries().size() == 2);

    assertThat(Duration.ofNanos(threads.nanoTime() - before))
        .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(14));
    threads.advance(Duration.ofHours(2));
    engine.wake();
    assertThat(consumer.deliveries()).hasSize(2); // No timer fires twice.
    engine.close();
  }
}
