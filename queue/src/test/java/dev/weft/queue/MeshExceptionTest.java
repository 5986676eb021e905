// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeshExceptionTest {
  private static final QueueName QUEUE = new QueueName("acme/shop/one/orders");

  private static final List<MeshException> PASSING =
      List.of(
          new MeshException.QueueFull(QUEUE, "maxQueueMessageCount 10"),
          new MeshException.IngressDisabled(QUEUE),
          new MeshException.LimitReached("connections", 50),
          new MeshException.EngineOverloaded("appends"),
          new MeshException.StorageFull("12 MiB free"),
          new MeshException.EngineUnavailable("closed", null));

  private static final List<MeshException> LASTING =
      List.of(
          new MeshException.NotAllowed("publish to topic", "a/b", "topicRules.publishFilter"),
          new MeshException.UnknownQueue(QUEUE),
          new MeshException.QueueDeleted(QUEUE),
          new MeshException.MalformedName("queue", "a b", "it has a blank"),
          new MeshException.MalformedMessage("no body"),
          new MeshException.MessageTooLarge(11, 10),
          new MeshException.NotFound("webhook", "w"),
          new MeshException.Conflict("webhook", "w"),
          new MeshException.InvalidValue("maxTtl", "is negative"));

  // STYLE section 7: whether a retry helps decides what doors answer.
  @Test
  void retryHelpsWherePassingTroubleIsTheReason() {
    assertThat(PASSING).allMatch(MeshException::retryHelps);
    assertThat(LASTING).noneMatch(MeshException::retryHelps);
  }

  @Test
  void everyMemberOfTheFamilyIsSortedHere() {
    assertThat(MeshException.class.getPermittedSubclasses())
        .hasSize(PASSING.size() + LASTING.size());
  }

  // They are answers, some as frequent as messages.
  @Test
  void noMemberCarriesAStackTrace() {
    assertThat(PASSING).allMatch(exception -> exception.getStackTrace().length == 0);
    assertThat(LASTING).allMatch(exception -> exception.getStackTrace().length == 0);
  }

  @Test
  void messagesNameTheFacts() {
    assertThat(new MeshException.QueueFull(QUEUE, "maxQueueMessageCount 10"))
        .hasMessageContaining(QUEUE.value())
        .hasMessageContaining("maxQueueMessageCount 10");
    assertThat(new MeshException.MessageTooLarge(11, 10))
        .hasMessageContaining("11")
        .hasMessageContaining("10");
    assertThat(new MeshException.NotAllowed("publish to topic", "a/b", "topicRules.publishFilter"))
        .hasMessageContaining("a/b")
        .hasMessageContaining("topicRules.publishFilter");
  }
}
