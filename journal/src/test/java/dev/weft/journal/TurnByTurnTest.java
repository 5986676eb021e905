// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.FakeClock;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The engine on one thread, which chooses whose turn it is (the ground of T-321). */
class TurnByTurnTest {
  private static final QueueName ORDERS = new QueueName("acme/shop/one/orders");
  private static final QueueName BILLS = new QueueName("acme/shop/one/bills");
  private static final JournalSettings SETTINGS =
      new JournalSettings(
          64 * 1024,
          16 * 1024,
          Duration.ofMillis(1),
          64,
          Duration.ofMillis(10),
          16 * 1024,
          1_000,
          4L * 1024 * 1024,
          2,
          Retention.NONE);

  /** Files at the end, and what consumers saw. */
  private record Outcome(Map<String, Integer> files, List<String> seen, long nanos) {}

  private static Outcome run(long seed) {
    FakeDisk disk = new FakeDisk();
    TurnByTurn threads = new TurnByTurn(new SplittableRandom(seed));
    JournalEngine engine =
        JournalEngine.open(disk, threads, SETTINGS, new FakeClock(), new SplittableRandom(seed));
    List<String> seen = new ArrayList<>();
    for (QueueName queue : List.of(ORDERS, BILLS)) {
      engine.declare(queue, QueueSettings.DEFAULT);
      Consumer consumer =
          engine.consume(
              queue, new ConsumerSettings("it", ConsumerSettings.NORMAL), new Settling(seen));
      consumer.grant(1_000);
    }
    List<RecordingAppend> appends = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      RecordingAppend append = new RecordingAppend();
      byte[] body = new byte[1_000];
      System.arraycopy(("m" + i + ".").getBytes(StandardCharsets.UTF_8), 0, body, 0, 3);
      engine.append(List.of(i % 3 == 0 ? ORDERS : BILLS), Message.of(body), append);
      appends.add(append);
      threads.step();
    }
    threads.runUntil(() -> appends.stream().allMatch(RecordingAppend::answered));
    threads.runUntil(() -> seen.size() == 500);
    assertThat(engine.stats(ORDERS).messages() + engine.stats(BILLS).messages()).isZero();

    engine.close();

    assertThat(threads.running()).isZero();
    assertThat(disk.openFiles()).isZero();
    return new Outcome(disk.fingerprint(), seen, threads.nanoTime());
  }

  // T-321: one seed, one course of events, to the last byte on disk.
  @Test
  void sameSeedGivesTheSameCourseOfEvents() {
    Outcome first = run(7);

    assertThat(run(7)).isEqualTo(first);
    assertThat(first.seen()).hasSize(500);
  }

  @Test
  void everyOrderOfTurnsLetsTheWorkBeDone() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(run(seed).seen()).hasSize(500);
    }
  }

  // a record that waits for company is forced when its time is over, by the threads' clock.
  @Test
  void forceWaitsForTheCommitWindowByTheThreadsOwnTime() {
    FakeDisk disk = new FakeDisk();
    TurnByTurn threads = new TurnByTurn(new SplittableRandom(1));
    JournalEngine engine =
        JournalEngine.open(disk, threads, SETTINGS, new FakeClock(), new SplittableRandom(1));
    engine.declare(ORDERS, QueueSettings.DEFAULT);
    long before = threads.nanoTime();
    RecordingAppend append = new RecordingAppend();

    engine.append(List.of(ORDERS), Message.of(new byte[] {1}), append);
    threads.runUntil(append::answered);

    assertThat(threads.nanoTime() - before).isBetween(1L, SETTINGS.commitWindow().toNanos());
    engine.close();
  }

  /** Accepts all it gets, within the turn that brings it. */
  private record Settling(List<String> seen) implements DeliveryListener {
    @Override
    public void delivered(Delivery delivery) {
      seen.add(delivery.consumer().queue() + " " + delivery.sequence());
      delivery.consumer().settle(delivery, Settlement.ACCEPTED);
    }

    @Override
    public void drained(int unusedCredit) {}

    @Override
    public void closed(MeshException reason) {}
  }
}
