// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The one table from domain errors to AMQP conditions (STYLE 7, wire 4.5, 4.7). */
class ConditionsTest {
  private static final QueueName QUEUE = new QueueName("a/b");

  static Stream<Arguments> table() {
    return Stream.of(
        Arguments.of(new MeshException.NotAllowed("publish to", "t", "rule"), "amqp:not-allowed"),
        Arguments.of(new MeshException.UnknownQueue(QUEUE), "amqp:not-found"),
        Arguments.of(new MeshException.NotFound("webhook", "x"), "amqp:not-found"),
        Arguments.of(new MeshException.QueueDeleted(QUEUE), "amqp:resource-deleted"),
        Arguments.of(new MeshException.MalformedName("topic", "x", "why"), "amqp:invalid-field"),
        Arguments.of(new MeshException.InvalidValue("x", "why"), "amqp:invalid-field"),
        Arguments.of(new MeshException.MalformedMessage("why"), "amqp:decode-error"),
        Arguments.of(new MeshException.MessageTooLarge(2, 1), "amqp:link:message-size-exceeded"),
        Arguments.of(new MeshException.QueueFull(QUEUE, "1"), "amqp:resource-limit-exceeded"),
        Arguments.of(new MeshException.IngressDisabled(QUEUE), "amqp:resource-limit-exceeded"),
        Arguments.of(new MeshException.LimitReached("links", 1), "amqp:resource-limit-exceeded"),
        Arguments.of(new MeshException.EngineOverloaded("x"), "amqp:resource-limit-exceeded"),
        Arguments.of(new MeshException.StorageFull("x"), "amqp:resource-limit-exceeded"),
        Arguments.of(new MeshException.Conflict("queue", "x"), "amqp:precondition-failed"),
        Arguments.of(new MeshException.EngineUnavailable("x", null), "amqp:internal-error"));
  }

  @ParameterizedTest
  @MethodSource("table")
  void everyDomainErrorHasItsCondition(MeshException failure, String condition) {
    assertThat(Conditions.of(failure)).isEqualTo(condition);
  }

  @Test
  void theTableIsComplete() {
    Set<Class<?>> covered = new HashSet<>();
    table().forEach(row -> covered.add(Objects.requireNonNull(row.get()[0]).getClass()));
    assertThat(covered).containsExactlyInAnyOrder(MeshException.class.getPermittedSubclasses());
  }
}
