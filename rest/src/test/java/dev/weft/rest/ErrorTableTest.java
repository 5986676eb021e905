// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Wire 6.3 and rule 20. */
class ErrorTableTest {
  private static final QueueName QUEUE = new QueueName("acme/shop/one/q");

  static Stream<Arguments> rows() {
    return Stream.of(
        row(new MeshException.NotAllowed("publish to topic", "a/b", "r"), 403, "FORBIDDEN"),
        row(new MeshException.UnknownQueue(QUEUE), 404, "NOT_FOUND"),
        row(new MeshException.QueueDeleted(QUEUE), 404, "NOT_FOUND"),
        row(new MeshException.NotFound("webhook", "w"), 404, "NOT_FOUND"),
        row(new MeshException.Conflict("webhook", "w"), 409, "CONFLICT"),
        row(new MeshException.MalformedName("queue", "?", "why"), 400, "BAD_REQUEST"),
        row(new MeshException.MalformedMessage("why"), 400, "BAD_REQUEST"),
        row(new MeshException.InvalidValue("maxTtl", "why"), 400, "BAD_REQUEST"),
        row(new MeshException.MessageTooLarge(2, 1), 413, "PAYLOAD_TOO_LARGE"),
        row(new MeshException.QueueFull(QUEUE, "x 1"), 422, "SPOOL_LIMIT_EXCEEDED"),
        row(new MeshException.LimitReached("queues", 1), 429, "TOO_MANY_REQUESTS"),
        row(new MeshException.EngineOverloaded("x"), 429, "TOO_MANY_REQUESTS"),
        row(new MeshException.IngressDisabled(QUEUE), 503, "SERVICE_UNAVAILABLE"),
        row(new MeshException.StorageFull("x"), 503, "SERVICE_UNAVAILABLE"),
        row(new MeshException.EngineUnavailable("x", null), 503, "SERVICE_UNAVAILABLE"));
  }

  private static Arguments row(MeshException failure, int status, String code) {
    return Arguments.of(failure, status, code);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyErrorHasAStatusAndACode(MeshException failure, int status, String code) {
    Answer answer = ErrorTable.answer(failure);
    JsonNode error = new JsonMapper().readTree(answer.body().getBytes()).path("error");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(error.path("code").asString()).isEqualTo(code);
    assertThat(error.path("message").asString()).isNotBlank();
    assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void nothingTemporaryIsFinalAndNothingFinalIsTemporary(
      MeshException failure, int status, String code) {
    // CAP gives up on 400 and 403 alone.
    boolean giveUp = Set.of(400, 403).contains(status);

    assertThat(giveUp && failure.retryHelps()).isFalse();
    assertThat(status >= 500 && !failure.retryHelps()).isFalse();
  }

  @Test
  void theTextsThatClientsKnowAreExact() {
    assertThat(text(new MeshException.UnknownQueue(QUEUE))).isEqualTo("Queue does not exist");
    assertThat(text(new MeshException.QueueFull(QUEUE, "x")))
        .isEqualTo("Queue or Topic spool limit exceeded");
  }

  private static String text(MeshException failure) {
    return new JsonMapper()
        .readTree(ErrorTable.answer(failure).body().getBytes())
        .path("error")
        .path("message")
        .asString();
  }

  @Test
  void noMemberOfTheFamilyIsMissingHere() {
    Set<Class<?>> covered = new HashSet<>();
    rows().forEach(row -> covered.add(Objects.requireNonNull(row.get()[0]).getClass()));

    assertThat(covered)
        .containsExactlyInAnyOrderElementsOf(List.of(MeshException.class.getPermittedSubclasses()));
  }
}
