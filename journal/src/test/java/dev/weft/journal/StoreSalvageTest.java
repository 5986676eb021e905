// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.filled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Settlement;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** an explicit command saves what is whole, tells what is lost, and changes nothing. */
class StoreSalvageTest {
  private final TestStore store = new TestStore();

  @AfterEach
  void close() {
    store.close();
  }

  private StoreSalvage.Result salvage() throws IOException {
    Map<String, Integer> before = store.disk.fingerprint();
    FakeDisk saved = new FakeDisk();
    StoreSalvage.Result result =
        StoreSalvage.salvage(store.disk, saved, store.clock, new SplittableRandom(1));
    assertThat(store.disk.fingerprint()).isEqualTo(before);
    assertThat(StoreVerifier.verify(saved, StoreProgress.NONE).isSound()).isTrue();
    store.disk = saved;
    return result;
  }

  private void storeOrders(int count) {
    IntStream.range(0, count)
        .forEach(i -> store.append(ORDERS, filled("message" + i, 6_000)).awaitStored());
  }

  private void damage(String name, int from, int to) {
    byte[] content = store.disk.content(name);
    for (int at = from; at < to; at++) {
      content[at] ^= 1;
    }
    store.disk.put(name, content);
  }

  @Test
  void soundStoreIsSavedWhole() throws IOException {
    store.declare(ORDERS);
    storeOrders(24);
    store.stop();

    StoreSalvage.Result result = salvage();

    assertThat(result.lost()).isZero();
    assertThat(result.damages()).isEmpty();
    assertThat(store.texts(ORDERS)).hasSize(24).startsWith("message0").endsWith("message23");
  }

  @Test
  void oneDamagedMessageIsLostAndTheOthersKeepTheirOrder() throws IOException {
    store.declare(ORDERS);
    storeOrders(24);
    store.stop();
    damage(store.segments().getFirst(), SegmentHeader.BYTES + 8_000, SegmentHeader.BYTES + 8_001);

    StoreSalvage.Result result = salvage();

    assertThat(result.lost()).isEqualTo(1);
    assertThat(result.lostMessages()).isEqualTo(1);
    assertThat(result.damages().getFirst().queues()).containsExactly(ORDERS.value());
    assertThat(store.texts(ORDERS)).hasSize(23).doesNotContain("message1").contains("message2");
    store.store(ORDERS, "goes on");
    store.kill();
    assertThat(store.texts(ORDERS)).hasSize(24).endsWith("goes on");
  }

  /** Definitions and settlements stand in the index whole. */
  @Test
  void indexBringsBackWhatIsNoMessage() throws IOException {
    store.declare(ORDERS);
    store.store(ORDERS, "settled");
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(1);
    consumer.settle(consumer.next(), Settlement.ACCEPTED);
    consumer.close();
    store.declare(BILLS); // Behind the settlement.
    storeOrders(24);
    store.stop();
    // From the first record to the middle of the messages.
    damage(store.segments().getFirst(), SegmentHeader.BYTES, 30_000);

    StoreSalvage.Result result = salvage();

    assertThat(result.restored()).isGreaterThanOrEqualTo(2);
    assertThat(result.named()).isEmpty();
    assertThat(store.engine().queues()).containsOnlyKeys(ORDERS, BILLS);
    assertThat(store.texts(ORDERS)).doesNotContain("settled").endsWith("message23");
  }

  @Test
  void queueThatLostItsDefinitionKeepsItsMessages() throws IOException {
    store.declare(ORDERS);
    storeOrders(5);
    store.stop();
    damage(store.segments().getFirst(), SegmentHeader.BYTES + 41, SegmentHeader.BYTES + 42);

    StoreSalvage.Result result = salvage();

    assertThat(result.named()).containsExactly("salvaged/queue-0");
    assertThat(store.texts(new QueueName("salvaged/queue-0"))).hasSize(5);
  }

  @Test
  void missingSegmentTakesOnlyItsOwnRecords() throws IOException {
    store.declare(ORDERS);
    storeOrders(34);
    store.stop();
    List<String> segments = store.segments();
    store.disk.delete(segments.get(1));

    StoreSalvage.Result result = salvage();

    assertThat(result.lost()).isBetween(5L, 15L);
    assertThat(store.texts(ORDERS))
        .hasSize(34 - (int) result.lost())
        .startsWith("message0")
        .endsWith("message33");
  }

  @Test
  void bothManifestsDamagedLoseNothing() throws IOException {
    store.declare(ORDERS);
    storeOrders(24);
    store.stop();
    damage("manifest-a", 20, 21);
    damage("manifest-b", 20, 21);

    StoreSalvage.Result result = salvage();

    assertThat(result.lost()).isZero();
    assertThat(store.texts(ORDERS)).hasSize(24);
  }
}
