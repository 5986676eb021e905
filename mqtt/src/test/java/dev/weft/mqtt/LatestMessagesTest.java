// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.broker.Address;
import dev.weft.broker.MessageContent;
import dev.weft.broker.SystemQueues;
import dev.weft.queue.InMemoryQueueEngine;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.RecordingAppend;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A durable map on a queue. */
class LatestMessagesTest {
  private static final QueueName QUEUE = SystemQueues.named("test/latest");

  private final InMemoryQueueEngine engine = new InMemoryQueueEngine(Clock.systemUTC());

  @AfterEach
  void close() {
    engine.close();
  }

  private static String address(String name) {
    return "topic:acme/" + name;
  }

  private static void put(LatestMessages map, String name, String body) {
    tryPut(map, name, body).awaitStored();
  }

  private static RecordingAppend tryPut(LatestMessages map, String name, String body) {
    RecordingAppend answer = new RecordingAppend();
    Message message =
        MessageContent.of(null, body.getBytes(UTF_8))
            .toMessage(Address.parse(address(name)), true, Message.NO_TTL);
    map.put(address(name), message, answer);
    return answer;
  }

  private static Map<String, String> content(LatestMessages map) {
    Map<String, String> content = new TreeMap<>();
    map.forEach((address, message) -> content.put(address, DoorUnderTest.body(message)));
    return content;
  }

  @Test
  void theLastMessageOfEachAddressIsThereWhenItsStorageIsConfirmed() {
    try (LatestMessages map = LatestMessages.open(engine, QUEUE, 10, 10_000)) {
      put(map, "a", "1");
      put(map, "b", "2");
      put(map, "a", "3");
      assertThat(content(map)).isEqualTo(Map.of(address("a"), "3", address("b"), "2"));
      assertThat(map.of(address("a"))).isNotNull();
      assertThat(map.of(address("c"))).isNull();
      await().until(() -> engine.stats(QUEUE).messages() == 2);
    }
  }

  @Test
  void anEmptyMessageTakesItsAddressOut() {
    try (LatestMessages map = LatestMessages.open(engine, QUEUE, 10, 10_000)) {
      put(map, "a", "1");
      put(map, "a", "");
      put(map, "never", "");
      assertThat(content(map)).isEmpty();
      await().until(() -> engine.stats(QUEUE).messages() == 0);
    }
  }

  // What a crash leaves of former messages is told by its sequence.
  @Test
  void whatIsOpenedAgainHoldsTheSame() {
    try (LatestMessages map = LatestMessages.open(engine, QUEUE, 10, 10_000)) {
      put(map, "a", "old");
      put(map, "gone", "x");
    }
    // As if acknowledgements were lost: appended behind the back of the map.
    for (String[] each : new String[][] {{"a", "newer"}, {"a", "newest"}, {"gone", ""}}) {
      RecordingAppend answer = new RecordingAppend();
      engine.append(
          List.of(QUEUE),
          MessageContent.of(null, each[1].getBytes(UTF_8))
              .toMessage(Address.parse(address(each[0])), true, Message.NO_TTL),
          answer);
      answer.awaitStored();
    }
    for (int i = 0; i < 3; i++) {
      try (LatestMessages map = LatestMessages.open(engine, QUEUE, 10, 10_000)) {
        assertThat(content(map)).isEqualTo(Map.of(address("a"), "newest"));
      }
    }
  }

  @Test
  void numberAndBytesAreBounded() {
    try (LatestMessages map = LatestMessages.open(engine, QUEUE, 2, 500)) {
      put(map, "a", "1");
      put(map, "b", "2");
      assertThat(tryPut(map, "c", "3").awaitRefused())
          .isInstanceOf(MeshException.LimitReached.class);
      assertThat(tryPut(map, "a", "x".repeat(600)).awaitRefused())
          .isInstanceOf(MeshException.LimitReached.class);
      put(map, "a", "replaced");
      assertThat(content(map)).containsEntry(address("a"), "replaced");
    }
  }

  @Test
  void manyAtOnceAreAllConfirmed() {
    try (LatestMessages map = LatestMessages.open(engine, QUEUE, 1_000, 1_000_000)) {
      List<RecordingAppend> answers = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        answers.add(tryPut(map, "n" + i % 100, "v" + i));
      }
      answers.forEach(RecordingAppend::awaitStored);
      Map<String, String> content = content(map);
      assertThat(content).hasSize(100).containsEntry(address("n7"), "v1907");
    }
  }

  @Test
  void anEngineThatStoppedIsToldToWhoeverWaits() {
    LatestMessages map = LatestMessages.open(engine, QUEUE, 10, 10_000);
    engine.close();
    assertThat(tryPut(map, "a", "1").awaitRefused())
        .isInstanceOf(MeshException.EngineUnavailable.class);
    assertThatThrownBy(() -> LatestMessages.open(engine, QUEUE, 10, 10_000))
        .isInstanceOf(MeshException.class);
  }
}
