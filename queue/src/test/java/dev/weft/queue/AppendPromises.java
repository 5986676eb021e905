// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Promises of {@link QueueEngine#append}. */
interface AppendPromises extends EngineKit {
  //
  @Test
  default void messageIsStoredInEveryNamedQueue() {
    declare(ORDERS);
    declare(BILLS);

    append(List.of(ORDERS, BILLS), Message.of(bytes("both"))).awaitStored();

    assertThat(texts(ORDERS)).containsExactly("both");
    assertThat(texts(BILLS)).containsExactly("both");
    RecordingConsumer orders = attachOpen(ORDERS);
    orders.settle(orders.next(), Settlement.ACCEPTED);
    awaitMessages(ORDERS, 0);
    assertThat(RecordingConsumer.text(attachOpen(BILLS).next())).isEqualTo("both");
  }

  // R-103, wire 9.1
  @Test
  default void oneFullQueueRefusesTheMessageForAll() {
    declare(ORDERS);
    declare(BILLS, settings -> settings.maxMessages(1));
    store(BILLS, "first");

    MeshException refusal =
        append(List.of(ORDERS, BILLS), Message.of(bytes("second"))).awaitRefused();

    assertThat(refusal).isInstanceOf(MeshException.QueueFull.class);
    assertThat(refusal).hasMessageContaining(BILLS.value());
    assertThat(texts(ORDERS)).isEmpty();
    assertThat(texts(BILLS)).containsExactly("first");
  }

  //
  @Test
  default void oneUnknownQueueRefusesTheMessageForAll() {
    declare(ORDERS);

    MeshException refusal =
        append(List.of(ORDERS, BILLS), Message.of(bytes("lost"))).awaitRefused();

    assertThat(refusal).isInstanceOf(MeshException.UnknownQueue.class);
    assertThat(((MeshException.UnknownQueue) refusal).queue()).isEqualTo(BILLS);
    assertThat(texts(ORDERS)).isEmpty();
  }

  @Test
  default void appendIsAnsweredExactlyOnce() {
    declare(ORDERS);
    RecordingAppend stored = append(ORDERS, "stored");
    RecordingAppend refused = append(BILLS, "refused");

    stored.awaitStored();
    refused.awaitRefused();
    engine().close();

    assertThat(stored.answers()).isEqualTo(1);
    assertThat(refused.answers()).isEqualTo(1);
  }

  //
  @Test
  default void messagesOfOneThreadKeepTheirOrder() {
    declare(ORDERS);
    RecordingConsumer consumer = attachOpen(ORDERS);
    List<String> texts = IntStream.range(0, 1000).mapToObj(Integer::toString).toList();

    store(ORDERS, texts.toArray(String[]::new));

    assertThat(consumer.nextTexts(1000)).isEqualTo(texts);
    assertThat(consumer.deliveries())
        .extracting(Delivery::sequence)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  //
  @Test
  default void messagesOfEachThreadKeepTheirOrderWhenManyAppend() throws InterruptedException {
    declare(ORDERS);
    RecordingConsumer consumer = attachOpen(ORDERS);
    List<Thread> publishers = new ArrayList<>();
    for (int publisher = 0; publisher < 4; publisher++) {
      String name = "p" + publisher;
      publishers.add(
          Thread.ofPlatform()
              .start(() -> IntStream.range(0, 250).forEach(i -> append(ORDERS, name + ":" + i))));
    }
    for (Thread publisher : publishers) {
      publisher.join();
    }

    List<String> texts = consumer.nextTexts(1000);

    for (int publisher = 0; publisher < 4; publisher++) {
      String name = "p" + publisher;
      assertThat(texts.stream().filter(text -> text.startsWith(name + ":")))
          .containsExactlyElementsOf(
              IntStream.range(0, 250).mapToObj(i -> name + ":" + i).toList());
    }
  }

  //
  @Test
  default void messageComesOutAsItWentIn() {
    declare(ORDERS);
    byte[] everyByte = new byte[70_000];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) i;
    }

    append(List.of(ORDERS), new Message(false, 7, 60_000, everyByte.clone())).awaitStored();

    Message message = attachOpen(ORDERS).next().message();
    assertThat(message.encoded()).isEqualTo(everyByte);
    assertThat(message.durable()).isFalse();
    assertThat(message.priority()).isEqualTo(7);
    assertThat(message.ttlMillis()).isEqualTo(60_000);
  }

  @Test
  default void messageAboveTheLimitOfItsQueueIsRefused() {
    declare(ORDERS, settings -> settings.maxMessageBytes(5));

    append(ORDERS, "12345").awaitStored();
    MeshException refusal = append(ORDERS, "123456").awaitRefused();

    assertThat(refusal).isInstanceOf(MeshException.MessageTooLarge.class);
    assertThat(refusal.retryHelps()).isFalse();
    assertThat(texts(ORDERS)).containsExactly("12345");
  }

  //
  @Test
  default void queueFullByCountRefusesUntilAMessageLeaves() {
    declare(ORDERS, settings -> settings.maxMessages(2));
    store(ORDERS, "1", "2");
    RecordingConsumer consumer = attachOpen(ORDERS);
    Delivery first = consumer.next(2).getFirst();

    MeshException refusal = append(ORDERS, "3").awaitRefused(); // unsettled ones count
    assertThat(refusal).isInstanceOf(MeshException.QueueFull.class);
    assertThat(refusal.retryHelps()).isTrue();

    consumer.settle(first, Settlement.ACCEPTED);
    awaitMessages(ORDERS, 1);
    store(ORDERS, "3");
  }

  //
  @Test
  default void queueFullByBytesRefusesUntilBytesLeave() {
    declare(ORDERS, settings -> settings.maxBytes(10));
    store(ORDERS, "123456", "7890");

    assertThat(append(ORDERS, "x").awaitRefused()).isInstanceOf(MeshException.QueueFull.class);
    assertThat(engine().stats(ORDERS).bytes()).isEqualTo(10);

    RecordingConsumer consumer = attachOpen(ORDERS);
    consumer.settle(consumer.next(), Settlement.ACCEPTED);
    awaitStats(ORDERS, stats -> stats.bytes() == 4);
    store(ORDERS, "abcdef");
  }

  @Test
  default void refusedMessageIsNeverDelivered() {
    declare(ORDERS, settings -> settings.maxMessages(1));
    RecordingConsumer consumer = attach(ORDERS);
    store(ORDERS, "stored");
    append(ORDERS, "refused").awaitRefused();

    consumer.grant(10);

    assertThat(consumer.nextTexts(1)).containsExactly("stored");
    assertNothingMore(consumer);
  }

  @Test
  default void ingressDisabledRefusesAppendsAndStillDelivers() {
    declare(ORDERS);
    store(ORDERS, "before");
    declare(ORDERS, settings -> settings.ingressDisabled(true));

    assertThat(append(ORDERS, "during").awaitRefused())
        .isInstanceOf(MeshException.IngressDisabled.class);
    assertThat(attachOpen(ORDERS).nextTexts(1)).containsExactly("before");

    declare(ORDERS);
    store(ORDERS, "after");
  }

  @Test
  default void appendNeedsQueuesEachOnce() {
    declare(ORDERS);
    assertThatThrownBy(() -> append(List.of(), Message.of(bytes("x"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> append(List.of(ORDERS, ORDERS), Message.of(bytes("x"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void closedEngineRefusesAppends() {
    declare(ORDERS);
    engine().close();

    assertThat(append(ORDERS, "late").awaitRefused())
        .isInstanceOf(MeshException.EngineUnavailable.class);
  }
}
