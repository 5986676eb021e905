// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The generator against a small broker behind a real socket, honest and not. */
class LoadTest {
  private static final long SELF = ProcessHandle.current().pid();
  private static final LoadOrder.Settings SETTINGS = new LoadOrder.Settings(100, 50, 50, 300, SELF);

  @ParameterizedTest
  @EnumSource
  void everyMessageOfAClosedLoopIsCountedOnce(Target.Wire wire) throws IOException {
    try (FakeBroker broker = new FakeBroker(FakeBroker.Vice.NONE, wire)) {
      LoadReport report =
          run(LoadOrder.timed(broker.target(), 2, 3, 1024, SETTINGS, 0), new Ledger(2, 1));

      assertThat(report.failures()).isEmpty();
      assertThat(report.sent()).isEqualTo(report.accepted()).isEqualTo(report.received());
      assertThat(report.receivedInWindow()).isPositive().isLessThan(report.received());
      assertThat(report.windowSeconds()).isBetween(0.3, 5.0);
      assertThat(report.p50Micros()).isPositive().isLessThanOrEqualTo(report.p99Micros());
    }
  }

  @Test
  void anOpenLoopKeepsItsRate() throws IOException {
    try (FakeBroker broker = new FakeBroker(FakeBroker.Vice.NONE)) {
      LoadReport report =
          run(LoadOrder.timed(broker.target(), 2, 1, 256, SETTINGS, 1000), new Ledger(2, 1));

      assertThat(report.failures()).isEmpty();
      // 350 ms at 1000 a second; the end of the last step may let some more out.
      assertThat(report.sent()).isBetween(340L, 3000L);
    }
  }

  /** The fake broker does not reach a million a second; what was due and not sent counts too. */
  @Test
  void anOpenLoopThatIsTooFastShowsTheTimeThatMessagesWaited() throws IOException {
    try (FakeBroker broker = new FakeBroker(FakeBroker.Vice.NONE)) {
      LoadReport report =
          run(LoadOrder.timed(broker.target(), 1, 1, 64, SETTINGS, 1_000_000), new Ledger(1, 1));

      assertThat(report.failures()).isEmpty();
      assertThat(report.sent()).isLessThan(300_000);
      assertThat(report.p50Micros()).isGreaterThan(50_000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DOUBLES, received twice",
    "REJECTS, settled with outcome 0x25",
    "REFUSES, upgrade refused: HTTP/1.1 401"
  })
  void aBrokerThatMisbehavesFailsTheLoad(FakeBroker.Vice vice, String failure) throws IOException {
    try (FakeBroker broker = new FakeBroker(vice)) {
      LoadReport fill = run(LoadOrder.fill(broker.target(), 1, 64, 300, SETTINGS), ledger);
      LoadReport drain =
          fill.failures().isEmpty()
              ? run(LoadOrder.receive(broker.target(), 1, 300, true, SETTINGS), ledger)
              : fill;

      assertThat(drain.failures()).anyMatch(found -> found.contains(failure));
    }
  }

  private final Ledger ledger = new Ledger(1, 1);

  @Test
  void aLostMessageFailsTheLoad() throws IOException {
    try (FakeBroker broker = new FakeBroker(FakeBroker.Vice.LOSES)) {
      run(LoadOrder.fill(broker.target(), 1, 64, 300, SETTINGS), ledger);

      LoadReport drain = run(LoadOrder.receive(broker.target(), 2, 299, true, SETTINGS), ledger);

      assertThat(drain.failures()).containsExactly("1 accepted messages were never received");
    }
  }

  @Test
  void whatWasFilledIsDrainedByLaterLoads() throws IOException {
    try (FakeBroker broker = new FakeBroker(FakeBroker.Vice.NONE)) {
      LoadReport fill = run(LoadOrder.fill(broker.target(), 1, 1024, 1000, SETTINGS), ledger);
      LoadReport first = run(LoadOrder.receive(broker.target(), 1, 1, false, SETTINGS), ledger);
      LoadReport rest = run(LoadOrder.receive(broker.target(), 3, 999, true, SETTINGS), ledger);

      assertThat(fill.failures()).isEmpty();
      assertThat(fill.acceptedInWindow()).isEqualTo(1000);
      assertThat(first.failures()).isEmpty();
      assertThat(first.received()).isEqualTo(1);
      assertThat(first.firstDeliveryMillis()).isPositive();
      assertThat(rest.failures()).isEmpty();
      assertThat(rest.received()).isEqualTo(1000);
    }
  }

  private static LoadReport run(LoadOrder order, Ledger ledger) throws IOException {
    try (Load load = new Load(order, ledger, System::nanoTime, new Random(1))) {
      return load.run();
    }
  }
}
