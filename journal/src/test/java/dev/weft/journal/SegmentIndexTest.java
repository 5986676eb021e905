// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.DEAD;
import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.filled;
import static dev.weft.journal.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.Delivery;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R-224, T-313: what lies beside the segments speeds recovery up and changes nothing. */
class SegmentIndexTest {
  private static final List<QueueName> QUEUES = List.of(ORDERS, BILLS, DEAD);

  private final TestStore store = new TestStore();

  @AfterEach
  void close() {
    store.close();
  }

  /** Several segments with every kind of record in them. */
  @BeforeEach
  void fillAndKill() {
    store.declare(DEAD);
    store.declare(BILLS);
    store.declare(ORDERS, settings -> settings.maxRedeliveries(1).deadMessageQueue(DEAD));
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), ORDERS).grant(1000);
    for (int i = 0; i < 40; i++) {
      RecordingAppend both = new RecordingAppend();
      store.engine().append(Set.of(ORDERS, BILLS), Message.of(filled("both" + i, 5_000)), both);
      both.awaitStored();
      Delivery delivery = consumer.next();
      if (i % 4 == 0) {
        consumer.settle(delivery, new Settlement.Rejected("no"));
      } else if (i % 4 == 1) {
        consumer.settle(delivery, new Settlement.Modified(true, true));
      } else if (i % 4 == 2) {
        consumer.settle(delivery, Settlement.ACCEPTED);
      }
    }
    store.declare(BILLS, settings -> settings.maxMessages(1_000));
    await().until(() -> store.engine().stats(DEAD).messages() == 10);
    store.kill();
  }

  private List<String> indexes() {
    return store.disk.list().stream().filter(name -> name.endsWith(".index")).sorted().toList();
  }

  /** Everything that a reopened store says of its queues. */
  private List<String> stateAfterReopening() {
    List<String> state = new ArrayList<>();
    for (QueueName queue : QUEUES) {
      state.add(queue + " " + store.engine().queues().get(queue));
      for (BrowsedMessage found : store.browse(queue)) {
        state.add(
            "%d %s %d %d %d %s"
                .formatted(
                    found.sequence(),
                    found.state(),
                    found.appendedAtMillis(),
                    found.failedCount(),
                    found.acquiredCount(),
                    text(found.message())));
      }
    }
    store.kill();
    return state;
  }

  @Test
  void everySegmentButTheLastHasAnIndex() {
    assertThat(indexes()).hasSizeGreaterThan(2).hasSize(store.segments().size() - 1);
  }

  @Test
  void withoutIndexesTheStateIsTheSame() {
    FakeDisk with = store.disk.copy();
    FakeDisk without = store.disk.copy();
    for (String name : indexes()) {
      without.remove(name);
    }
    store.disk = with;
    List<String> expected = stateAfterReopening();
    store.disk = without;

    assertThat(stateAfterReopening()).isEqualTo(expected).hasSizeGreaterThan(60);
    assertThat(indexes()).hasSize(store.segments().size() - 1);
  }

  @Test
  void damagedIndexIsNotUsed() {
    FakeDisk sound = store.disk.copy();
    List<String> expected = stateAfterReopening();
    for (String name : sound.list().stream().filter(n -> n.endsWith(".index")).toList()) {
      byte[] content = sound.content(name);
      for (int at : new int[] {0, 9, 20, 33, 41, 49, 57, 61, 64, 69, 80, content.length - 1}) {
        store.disk = sound.copy();
        byte[] damaged = content.clone();
        damaged[at] ^= 1;
        store.disk.put(name, damaged);
        assertThat(stateAfterReopening()).as("%s byte %s", name, at).isEqualTo(expected);
      }
      store.disk = sound.copy();
      store.disk.truncate(name, content.length / 2);
      assertThat(stateAfterReopening()).as("half of %s", name).isEqualTo(expected);
    }
  }

  /**
   * Proves that a segment with an index is not read whole; damage shows when it is used.
   */
  @Test
  void segmentWithAnIndexIsNotReadBeforeItsMessagesAre() {
    String first = store.segments().getFirst();
    byte[] damaged = store.disk.content(first);
    damaged[SegmentHeader.BYTES + 10_000] ^= 1;
    store.disk.put(first, damaged);

    assertThat(store.browse(BILLS)).hasSize(39);
    store.kill();
    for (String name : indexes()) {
      store.disk.remove(name);
    }
    assertThatThrownBy(store::engine).isInstanceOf(StoreException.Corrupt.class);
  }

  @Test
  void indexGoesWithItsSegment() {
    RecordingConsumer.attach(store.engine(), ORDERS);
    store.engine().purge(BILLS);
    store.engine().purge(ORDERS);
    store.engine().purge(DEAD);

    await()
        .untilAsserted(
            () -> assertThat(indexes()).hasSize(store.segments().size() - 1).hasSizeLessThan(2));
  }
}
