// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BystandersTest {
  @Test
  void idleOnesComeAndGo() throws IOException {
    try (FakeBroker broker = new FakeBroker(FakeBroker.Vice.NONE)) {
      Bystanders idle = bystanders(broker, 200, BystanderOrder.Kind.IDLE);

      BystanderReport arrived = idle.arrive();
      assertThat(arrived.failures()).isEmpty();
      assertThat(arrived.connections()).isEqualTo(200);
      assertThat(broker.attached()).isEqualTo(200);

      BystanderReport left = idle.leave();
      assertThat(left.failures()).isEmpty();
      assertThat(left.connections()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(broker.attached()).isZero());
    }
  }

  @Test
  void everythingIsGivenBackAndNothingIsLost() throws IOException {
    LoadOrder.Settings settings =
        new LoadOrder.Settings(10, 10, 0, 0, ProcessHandle.current().pid());
    Ledger ledger = new Ledger(1, 1);
    try (FakeBroker broker = new FakeBroker(FakeBroker.Vice.NONE)) {
      run(LoadOrder.fill(broker.target(), 1, 64, 5, settings), ledger);
      Bystanders releaser = bystanders(broker, 1, BystanderOrder.Kind.RELEASE);
      assertThat(releaser.arrive().failures()).isEmpty();
      await().until(() -> broker.released() > 1_000);

      BystanderReport left = releaser.leave();

      assertThat(left.released()).isGreaterThan(1_000);
      assertThat(left.failures()).isEmpty();
      await().untilAsserted(() -> assertThat(broker.attached()).isZero());
      assertThat(run(LoadOrder.receive(broker.target(), 1, 5, true, settings), ledger)).isEmpty();
    }
  }

  @Test
  void aServerThatRefusesIsAFailureOfBothReports() throws IOException {
    try (FakeBroker broker = new FakeBroker(FakeBroker.Vice.REFUSES)) {
      Bystanders idle = bystanders(broker, 2, BystanderOrder.Kind.IDLE);

      assertThat(idle.arrive().failures()).singleElement().asString().contains("401");
      assertThat(idle.leave().failures()).singleElement().asString().contains("401");
    }
  }

  private static Bystanders bystanders(FakeBroker broker, int connections, BystanderOrder.Kind kind)
      throws IOException {
    return new Bystanders(
        new BystanderOrder(broker.target(), connections, kind), new Random(1), System::nanoTime);
  }

  private static java.util.List<String> run(LoadOrder order, Ledger ledger) throws IOException {
    try (Load load = new Load(order, ledger, System::nanoTime, new Random(1))) {
      return load.run().failures();
    }
  }
}
