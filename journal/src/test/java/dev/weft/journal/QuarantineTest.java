// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.DEAD;
import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.bytes;
import static dev.weft.journal.TestStore.filled;
import static dev.weft.journal.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Settlement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** damage that is found while the engine runs. */
class QuarantineTest {
  private final TestStore store = new TestStore();

  @BeforeEach
  void storeMoreThanMemoryHoldsAndDamageOne() {
    store.declare(DEAD);
    store.declare(ORDERS, settings -> settings.deadMessageQueue(DEAD));
    IntStream.range(0, 8)
        .forEach(i -> store.append(ORDERS, filled("message" + i, 6_000)).awaitStored());
    String name = store.segments().getFirst();
    byte[] segment = store.disk.content(name);
    byte[] damaged = bytes("message6");
    int at =
        IntStream.range(0, segment.length)
            .filter(i -> Arrays.equals(segment, i, i + damaged.length, damaged, 0, damaged.length))
            .findFirst()
            .orElseThrow();
    segment[at + 7] = '9';
    store.disk.put(name, segment);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void damagedMessageIsNeitherDeliveredNorRemovedNorMovedAndTheOthersGoOn() {
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(10);

    List<String> delivered =
        consumer.next(7).stream()
            .map(
                delivery -> {
                  consumer.settle(delivery, Settlement.ACCEPTED);
                  return text(delivery.message());
                })
            .toList();
    // A change of the settings tries again to move what is dead.
    store.declare(ORDERS, settings -> settings.maxRedeliveries(3).deadMessageQueue(DEAD));

    assertThat(delivered)
        .containsExactly(
            "message0", "message1", "message2", "message3", "message4", "message5", "message7");
    await()
        .untilAsserted(
            () -> {
              assertThat(store.engine().stats(ORDERS).messages()).isEqualTo(1);
              assertThat(store.engine().stats(ORDERS).deadPendingMessages()).isEqualTo(1);
            });
    assertThat(store.engine().stats(DEAD).messages()).isZero();
  }

  @Test
  void purgeRemovesWhatIsDamaged() {
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(10);
    consumer.next(7).forEach(delivery -> consumer.settle(delivery, Settlement.ACCEPTED));
    await().until(() -> store.engine().stats(ORDERS).messages() == 1);

    assertThat(store.engine().purge(ORDERS)).isEqualTo(1);

    assertThat(store.engine().stats(ORDERS).deadPendingMessages()).isZero();
  }
}
