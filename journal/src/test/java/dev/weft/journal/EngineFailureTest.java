// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.AppendListener;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.FakeClock;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** a failure ends the engine as a whole, at once, and gives back what it held. */
class EngineFailureTest {
  private final FakeDisk disk = new FakeDisk();
  private final TurnByTurn threads = new TurnByTurn(new SplittableRandom(1));
  private final List<StoreException> failures = new ArrayList<>();
  private JournalEngine engine;

  @BeforeEach
  void open() {
    engine =
        JournalEngine.open(
            disk, threads, TestStore.SETTINGS, new FakeClock(), new SplittableRandom(1));
    engine.onFailure(failures::add);
    engine.declare(ORDERS, QueueSettings.DEFAULT);
  }

  private RecordingAppend append() {
    RecordingAppend listener = new RecordingAppend();
    engine.append(List.of(ORDERS), Message.of(new byte[100]), listener);
    return listener;
  }

  private void runUntilAllLoopsEnded() {
    threads.runUntil(() -> threads.running() == 0);
  }

  @Test
  void failedForceEndsEveryLoopAndClosingGivesBackEveryFile() {
    disk.failAfter(0);
    RecordingAppend unknown = append();
    runUntilAllLoopsEnded();
    engine.close();

    assertThat(failures).singleElement().isInstanceOf(StoreException.Failed.class);
    assertThat(unknown.answered()).isFalse();
    assertThat(disk.openFiles()).isZero();
  }

  @Test
  void consumersHearOfAFailure() {
    RecordingConsumer consumer = RecordingConsumer.attach(engine, ORDERS);
    disk.failAfter(0);
    append();
    runUntilAllLoopsEnded();

    assertThat(consumer.closings())
        .singleElement()
        .isInstanceOf(MeshException.EngineUnavailable.class);
  }

  @Test
  void afterAFailureEveryCallIsRefusedAtOnce() {
    disk.failAfter(0);
    append();
    runUntilAllLoopsEnded();

    assertThat(append().awaitRefused()).isInstanceOf(MeshException.EngineUnavailable.class);
    assertThatThrownBy(() -> engine.declare(ORDERS, QueueSettings.DEFAULT))
        .isInstanceOf(MeshException.EngineUnavailable.class);
    assertThatThrownBy(() -> engine.stats(ORDERS))
        .isInstanceOf(MeshException.EngineUnavailable.class);
    assertThatThrownBy(() -> RecordingConsumer.attach(engine, ORDERS))
        .isInstanceOf(MeshException.EngineUnavailable.class);
  }

  // a message without a record is in no queue, also after a crash; its publisher may know.
  @Test
  void messageThatWasNotWrittenIsRefusedWhenTheEngineFails() {
    engine.append(List.of(ORDERS), Message.of(new byte[100]), new Throwing(new OutOfMemoryError()));
    threads.runUntil(() -> engine.hasFailed());
    // The journal has failed and not ended in the eyes of this publisher.
    RecordingAppend late = append();

    assertThat(late.awaitRefused()).isInstanceOf(MeshException.EngineUnavailable.class);
  }

  @Test
  void errorInTheJournalLoopEndsTheQueueLoopsToo() {
    engine.append(List.of(ORDERS), Message.of(new byte[100]), new Throwing(new OutOfMemoryError()));
    runUntilAllLoopsEnded();

    assertThat(failures).singleElement().isInstanceOf(StoreException.Failed.class);
  }

  @Test
  void errorInAQueueLoopEndsTheJournalToo() {
    engine.consume(ORDERS, new ConsumerSettings("it", 0), new Overflowing()).grant(1);
    RecordingAppend first = append();
    runUntilAllLoopsEnded();

    assertThat(first.answered()).isTrue();
    assertThat(failures).singleElement().isInstanceOf(StoreException.Failed.class);
    assertThat(append().awaitRefused()).isInstanceOf(MeshException.EngineUnavailable.class);
  }

  @Test
  void errorInThePoolEndsTheEngine() {
    disk.fault(
        (operation, name, _) -> {
          if (operation == FakeDisk.Operation.CREATE && name.startsWith("segment")) {
            throw new IllegalStateException("a bug");
          }
          return true;
        });
    for (int i = 0; i < 1_000 && failures.isEmpty(); i++) {
      append();
      threads.step();
    }
    runUntilAllLoopsEnded();

    assertThat(failures).singleElement().isInstanceOf(StoreException.Failed.class);
  }

  // SPI: told exactly once, and what a listener throws is the listener's fault.
  @Test
  void exceptionOfAnAppendListenerStaysWithIt() {
    Throwing broken = new Throwing(new IllegalStateException("a bug in a door"));
    engine.change(ORDERS, QueueSettings.DEFAULT.toBuilder().ingressDisabled(true).build());
    engine.append(List.of(ORDERS), Message.of(new byte[1]), broken); // refused
    engine.change(ORDERS, QueueSettings.DEFAULT);
    engine.append(List.of(ORDERS), Message.of(new byte[1]), broken); // stored
    RecordingAppend next = append();
    threads.runUntil(next::answered);

    next.awaitStored();
    engine.close();
    assertThat(failures).isEmpty();
  }

  @Test
  void failureWhileTheEngineStopsDoesNotKeepItFromEnding() {
    append();
    disk.failAfter(0);
    engine.close();

    assertThat(threads.running()).isZero();
    assertThat(disk.openFiles()).isZero();
  }

  @Test
  void listenerOfTheFailureMayCloseTheEngine() throws InterruptedException {
    FakeDisk other = new FakeDisk();
    CountDownLatch closed = new CountDownLatch(1);
    JournalEngine second =
        JournalEngine.open(other, TestStore.SETTINGS, new FakeClock(), new SplittableRandom(1));
    second.declare(ORDERS, QueueSettings.DEFAULT);
    second.onFailure(
        _ -> {
          second.close();
          closed.countDown();
        });
    other.failAfter(0);

    second.append(List.of(ORDERS), Message.of(new byte[1]), new RecordingAppend());

    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @Timeout(20)
  void closeAfterAFailureIsOverWithinFiveSecondsAlsoWhenTheDiskHangs() throws Exception {
    HangingDisk hanging = new HangingDisk();
    JournalEngine second =
        JournalEngine.open(
            hanging.disk, TestStore.SETTINGS, new FakeClock(), new SplittableRandom(1));
    second.declare(ORDERS, QueueSettings.DEFAULT);
    hanging.hangAtNextForce();
    second.append(List.of(ORDERS), Message.of(new byte[1]), new RecordingAppend());
    hanging.hangs.await();
    second.fail(new IOException("seen elsewhere"));

    long before = System.nanoTime();
    second.close();

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    hanging.release.countDown();
  }

  /** Forces that never return, until it is released. */
  private static final class HangingDisk {
    final FakeDisk disk = new FakeDisk();
    final CountDownLatch hangs = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);

    void hangAtNextForce() {
      disk.fault(
          (operation, _, _) -> {
            if (operation == FakeDisk.Operation.FORCE) {
              hangs.countDown();
              awaitRelease();
            }
            return true;
          });
    }

    private void awaitRelease() throws IOException {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  /** A listener that breaks its promise never to throw. */
  private record Throwing(Throwable what) implements AppendListener {
    @Override
    public void stored() {
      doThrow();
    }

    @Override
    public void refused(MeshException reason) {
      doThrow();
    }

    private void doThrow() {
      switch (what) {
        case RuntimeException exception -> throw exception;
        case Error error -> throw error;
        default -> throw new AssertionError(what);
      }
    }
  }

  /** Runs out of stack. */
  private static final class Overflowing implements DeliveryListener {
    @Override
    public void delivered(Delivery delivery) {
      throw new StackOverflowError();
    }

    @Override
    public void drained(int unusedCredit) {}

    @Override
    public void closed(MeshException reason) {}
  }
}
