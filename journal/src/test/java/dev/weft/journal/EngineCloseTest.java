// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.DEAD;
import static dev.weft.journal.TestStore.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.AppendListener;
import dev.weft.queue.FakeClock;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** a stop in order loses nothing and leaves nobody without an answer. */
class EngineCloseTest {
  private static JournalEngine open(FakeDisk disk, Threads threads) {
    return JournalEngine.open(
        disk, threads, TestStore.SETTINGS, new FakeClock(), new SplittableRandom(1));
  }

  @Test
  void appendThatRacesTheStopIsStoredOrRefused() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      FakeDisk disk = new FakeDisk();
      List<RecordingAppend> appends = new ArrayList<>();
      JournalEngine engine = open(disk, Threads.platform());
      engine.declare(ORDERS, QueueSettings.DEFAULT);
      Thread publisher = new Thread(() -> publishUntilRefused(engine, appends));
      publisher.start();
      engine.stats(ORDERS);
      engine.close();
      publisher.join();
      try (JournalEngine again = open(disk, Threads.platform())) {
        long stored = appends.stream().filter(RecordingAppend::awaitAnswer).count();
        assertThat(appends).allMatch(append -> append.answers() == 1);
        assertThat(again.stats(ORDERS).messages()).isEqualTo(stored);
        assertThat(again.recovery().clean()).isTrue();
      }
    }
  }

  private static void publishUntilRefused(JournalEngine engine, List<RecordingAppend> appends) {
    boolean refused = false;
    while (!refused) {
      RecordingAppend append = new RecordingAppend();
      appends.add(append);
      engine.append(List.of(ORDERS), Message.of(new byte[10]), append);
      refused = appends.size() % 100 == 0 && !append.awaitAnswer();
    }
  }

  // The same, with the stop in the middle of every possible turn.
  @Test
  void appendFromAListenerDuringTheStopIsStoredOrRefused() {
    for (long seed = 0; seed < 100; seed++) {
      FakeDisk disk = new FakeDisk();
      TurnByTurn threads = new TurnByTurn(new SplittableRandom(seed));
      JournalEngine engine = open(disk, threads);
      engine.declare(ORDERS, QueueSettings.DEFAULT);
      Chain chain = new Chain(engine);
      chain.append();
      for (long turn = 0; turn < seed % 10; turn++) {
        threads.step();
      }

      engine.close();

      assertThat(chain.refusal).isInstanceOf(MeshException.EngineUnavailable.class);
      assertThat(chain.answers).isEqualTo(chain.appends);
      JournalEngine again = open(disk, threads);
      assertThat(again.stats(ORDERS).messages()).isEqualTo(chain.appends - 1);
      again.close();
    }
  }

  /** Appends again as soon as it hears that it was stored. */
  private static final class Chain implements AppendListener {
    private final JournalEngine engine;
    private int appends;
    private int answers;
    private @Nullable MeshException refusal;

    Chain(JournalEngine engine) {
      this.engine = engine;
    }

    void append() {
      appends++;
      engine.append(List.of(ORDERS), Message.of(new byte[10]), this);
    }

    @Override
    public void stored() {
      answers++;
      append();
    }

    @Override
    public void refused(MeshException reason) {
      answers++;
      refusal = reason;
    }
  }

  @Test
  void consumerThatRacesTheStopIsClosed() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      List<RecordingConsumer> consumers = new ArrayList<>();
      JournalEngine engine = open(new FakeDisk(), Threads.platform());
      engine.declare(ORDERS, QueueSettings.DEFAULT);
      Thread door = new Thread(() -> attachUntilRefused(engine, consumers));
      door.start();
      engine.stats(ORDERS);
      engine.close();
      door.join();
      consumers.forEach(
          consumer -> {
            consumer.awaitClosed();
            assertThat(consumer.closings()).hasSize(1);
          });
    }
  }

  private static void attachUntilRefused(JournalEngine engine, List<RecordingConsumer> consumers) {
    try {
      while (consumers.size() < 100) {
        consumers.add(RecordingConsumer.attach(engine, ORDERS));
      }
    } catch (MeshException.EngineUnavailable _) {
      // The engine stopped.
    }
  }

  @Test
  void stopClosesEveryFile() {
    FakeDisk disk = new FakeDisk();
    JournalEngine engine = open(disk, Threads.platform());
    for (var queue : List.of(ORDERS, BILLS, DEAD)) {
      engine.declare(queue, QueueSettings.DEFAULT);
    }
    RecordingAppend last = new RecordingAppend();
    for (int i = 0; i < 40; i++) {
      last = new RecordingAppend();
      engine.append(List.of(ORDERS), Message.of(new byte[10_000]), last);
    }
    last.awaitStored();

    engine.close();

    assertThat(disk.openFiles()).isZero();
  }
}
