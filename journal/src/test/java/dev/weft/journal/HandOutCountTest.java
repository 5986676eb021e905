// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.Delivery;
import dev.weft.queue.FakeClock;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HandOutCountTest {
  private static final QueueName ORDERS = new QueueName("acme/shop/one/orders");

  private static JournalEngine open(FakeDisk disk) {
    return JournalEngine.open(
        disk,
        JournalSettings.DEFAULT.withSegmentBytes(4 * 1024 * 1024),
        new FakeClock(),
        new SplittableRandom(1));
  }

  // after a kill every hand-out that a consumer saw has been counted.
  @Test
  void killLosesNoHandOutOfAMessageThatKeepsComingBack() {
    for (int returns = 1; returns <= 20; returns++) {
      FakeDisk disk = new FakeDisk();
      JournalEngine engine = open(disk);
      engine.declare(
          ORDERS, QueueSettings.DEFAULT.toBuilder().redelivery(Redelivery.IMMEDIATE).build());
      RecordingAppend stored = new RecordingAppend();
      engine.append(List.of(ORDERS), Message.of(new byte[] {1}), stored);
      stored.awaitStored();
      RecordingConsumer consumer = RecordingConsumer.attach(engine, ORDERS).grant(1000);
      for (int i = 0; i < returns; i++) {
        consumer.settle(consumer.next(), Settlement.RELEASED);
      }
      Delivery last = consumer.next();

      FakeDisk survivor = disk.afterKill();
      engine.close();

      try (JournalEngine again = open(survivor)) {
        Delivery next = RecordingConsumer.attach(again, ORDERS).grant(1).next();
        assertThat(next.acquiredCount()).isEqualTo(last.acquiredCount() + 1);
        assertThat(next.failedCount()).isEqualTo(last.failedCount() + 1);
      }
    }
  }

  // what an orderly stop knew is known after a loss of power.
  @Test
  void lossOfPowerAfterAnOrderlyStopForgetsNoHandOut() {
    for (long seed = 1; seed <= 8; seed++) {
      try (TestStore store = new TestStore()) {
        store.declare(ORDERS);
        store.store(ORDERS, "message");
        RecordingConsumer.attach(store.engine(), ORDERS).grant(1).next();
        store.kill();
        store.engine();
        store.stop();
        store.losePower(new SplittableRandom(seed));

        Delivery next = RecordingConsumer.attach(store.engine(), ORDERS).grant(1).next();

        assertThat(next.acquiredCount()).as("seed %s", seed).isEqualTo(1);
      }
    }
  }
}
